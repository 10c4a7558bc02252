"""What a person does to their own account, each with a letter that tells its owner."""

from datetime import datetime

from sqlalchemy.orm import Session

from sipas.door import actions as door
from sipas.door.models import SignIn
from sipas.errors import RuleError
from sipas.i18n import gettext as _
from sipas.mailroom.actions import post
from sipas.mailroom.rules import Letter
from sipas.staff.models import StaffMember
from sipas.staff.rules import Standing


def let_in(db: Session, sign_in: SignIn, *, mark: str, by: Standing, now: datetime) -> str:
    """The person is all the way in: the session's new token."""
    token, is_new = door.let_in(db, sign_in, browser_mark=mark, by=by.actor, now=now)
    if is_new:
        sentence = _(
            "Tài khoản của Ông/Bà vừa được đăng nhập từ một trình duyệt mới: %(browser)s.",
            browser=sign_in.browser or _("không rõ loại"),
        )
        _tell(db, by, _("Đăng nhập từ trình duyệt mới"), sentence, now=now)
    return token


def change_password(
    db: Session, sign_in: SignIn, hashed: str, *, by: Standing, now: datetime
) -> None:
    door.set_password(db, sign_in, hashed, by=by.actor, now=now)
    sentence = _(
        "Mật khẩu tài khoản của Ông/Bà vừa được đổi. Mọi phiên đăng nhập khác đã kết thúc."
    )
    _tell(db, by, _("Đã đổi mật khẩu"), sentence, now=now)


def add_factor(db: Session, sign_in: SignIn, *, step: int, by: Standing, now: datetime) -> None:
    door.add_factor(db, sign_in, step=step, by=by.actor, now=now)
    sentence = _("Tài khoản của Ông/Bà vừa được gắn với một ứng dụng xác thực.")
    _tell(db, by, _("Đã bật xác thực hai lớp"), sentence, now=now)


def remove_factor(db: Session, sign_in: SignIn, *, by: Standing, now: datetime) -> None:
    if by.needs_second_factor:
        raise RuleError(_("Vai trò của Ông/Bà bắt buộc dùng xác thực hai lớp nên không tắt được."))
    door.remove_factor(db, sign_in.account, by=by.actor, now=now)
    sentence = _("Tài khoản của Ông/Bà từ nay chỉ cần mật khẩu để đăng nhập.")
    _tell(db, by, _("Đã tắt xác thực hai lớp"), sentence, now=now)


def _tell(db: Session, owner: Standing, subject: str, sentence: str, *, now: datetime) -> None:
    """A letter to the owner, who may not be the one who did it."""
    greeting = _("Kính gửi %(name)s,", name=owner.name)
    advice = _("Nếu không phải Ông/Bà làm việc này, báo ngay cho quản trị hệ thống của cơ quan.")
    address = db.get_one(StaffMember, owner.staff_id).email
    if address:
        body = f"{greeting}\n\n{sentence}\n\n{advice}"
        post(db, Letter(to=address, subject=subject, body=body), now=now)
