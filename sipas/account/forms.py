"""Forms of signing in and of one's own account."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from wtforms import Field, HiddenField, PasswordField, ValidationError

from sipas.door.rules import LONGEST_PASSWORD, SHORTEST_PASSWORD, Verdict
from sipas.i18n import gettext as _
from sipas.i18n import lazy_gettext as _l
from sipas.web import kept, words
from sipas.web.forms import BaseForm, LineField, at_most, required

LONGEST_NAME = 60
LONGEST_CODE = 40
TOO_MANY_TRIES = 429


class DigitsField(LineField):
    """A code: the digits alone, since people type the groups as they are printed."""

    def process_formdata(self, valuelist: Iterable[str]) -> None:
        super().process_formdata(valuelist)
        self.data = "".join(sign for sign in self.data or "" if sign in "0123456789")


class TriedForm(BaseForm):
    """A form with a proof in it, which may have to wait after too many wrong ones."""

    waits_until: datetime | None = None

    def accepts(self, field: Field, verdict: Verdict, *, wrong: str) -> bool:
        """Was the proof right? If not, the reason is put beside its field."""
        self.waits_until = verdict.waits_until
        if verdict.waits_until:
            moment = words.moment(verdict.waits_until)
            self.refuse(field, _("Đã thử sai nhiều lần. Thử lại sau %(moment)s.", moment=moment))
        elif not verdict.right:
            self.refuse(field, wrong)
        return verdict.right

    @property
    def status(self) -> int:
        return TOO_MANY_TRIES if self.waits_until else super().status


class DoorForm(TriedForm):
    """A form that stands between a person and what they had sent: it carries that along."""

    kept = HiddenField()

    def __init__(self, **values: Any) -> None:
        self.arrives = kept.arrives()
        if self.arrives:
            values = {"formdata": None, "kept": kept.put_aside(), **values}
        super().__init__(**values)

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        return not self.arrives and super().validate_on_submit(extra_validators)

    @property
    def status(self) -> int:
        return 200 if self.arrives else super().status

    @property
    def carried(self) -> list[tuple[str, str]] | None:
        """The fields that were put aside, ready to be sent once more, if there was a form."""
        return kept.taken_up(self.kept.data)


class SignInForm(DoorForm):
    name = LineField(
        _l("Tên đăng nhập"), [required(_l("Điền tên đăng nhập.")), at_most(LONGEST_NAME)]
    )
    password = PasswordField(
        _l("Mật khẩu"), [required(_l("Điền mật khẩu.")), at_most(LONGEST_PASSWORD)]
    )


class CodeForm(DoorForm):
    """The second step: six digits of the app, or twelve of a recovery code."""

    code = DigitsField(
        _l("Mã xác thực"),
        [
            required(_l("Điền mã 6 số trong ứng dụng, hoặc mã dự phòng 12 số.")),
            at_most(LONGEST_CODE),
        ],
    )


class ProveForm(DoorForm):
    """The password once more, and the code of those who have a second factor."""

    proof_password = PasswordField(
        _l("Mật khẩu"), [required(_l("Điền mật khẩu.")), at_most(LONGEST_PASSWORD)]
    )
    proof_code = DigitsField(
        _l("Mã xác thực"),
        [
            required(_l("Điền mã 6 số trong ứng dụng, hoặc mã dự phòng 12 số.")),
            at_most(LONGEST_CODE),
        ],
    )


class FactorForm(TriedForm):
    """The first code of an app that has just taken the secret."""

    code = DigitsField(
        _l("Mã 6 số ứng dụng đang hiện"),
        [required(_l("Điền mã 6 số ứng dụng đang hiện.")), at_most(LONGEST_CODE)],
    )


class PasswordForm(TriedForm):
    """A new password of one's own choosing, typed twice."""

    old_password = PasswordField(
        _l("Mật khẩu đang dùng"),
        [required(_l("Điền mật khẩu đang dùng.")), at_most(LONGEST_PASSWORD)],
    )
    new_password = PasswordField(
        _l("Mật khẩu mới"),
        [
            required(_l("Điền mật khẩu mới, ít nhất %(n)d ký tự.", n=SHORTEST_PASSWORD)),
            at_most(LONGEST_PASSWORD),
        ],
    )
    new_password_again = PasswordField(
        _l("Mật khẩu mới, gõ lần nữa"), [required(_l("Gõ lại mật khẩu mới."))]
    )

    def validate_new_password_again(self, field: Field) -> None:
        if field.data != self.new_password.data:
            raise ValidationError(_("Hai lần gõ mật khẩu mới chưa giống nhau. Gõ lại ô này."))
