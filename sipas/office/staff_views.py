"""The back office's frame, its first page, the ledger and the outbox."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from sipas import clock
from sipas.errors import NotFoundError
from sipas.first_day.queries import first_day
from sipas.i18n import gettext as _
from sipas.i18n import lazy_gettext as _l
from sipas.ledger.queries import head, newest_events
from sipas.mailroom import actions as mailroom
from sipas.mailroom import jobs
from sipas.mailroom.delivery import FolderDelivery, has_folder
from sipas.mailroom.labels import SETBACKS, STATES
from sipas.mailroom.queries import newest_notices, notice
from sipas.mailroom.rules import Letter, NoticeState, masked
from sipas.office.labels import ACTORS, DETAILS, EVENTS
from sipas.office.queries import names_in
from sipas.staff.guard import current_staff, needs, signed_in, staff_blueprint, tell, told
from sipas.staff.models import StaffMember
from sipas.staff.queries import is_demo, office
from sipas.staff.rules import Permission
from sipas.web.forms import ButtonForm, pressed
from sipas.web.headers import is_staff_side
from sipas.web.paging import page_of
from sipas.web.request_db import get_database, get_db, get_settings

bp = staff_blueprint("office", __name__, url_prefix="")

# label, endpoint, permission, drawing
WAYS = (
    (_l("Tổng quan"), "office_staff.home", Permission.HOME, "home"),
    (_l("Đánh giá tại quầy"), "survey_staff.figures", Permission.SURVEY_VIEW, "chart"),
    (_l("Quầy và mã QR"), "desk_staff.desks", Permission.DESK_VIEW, "qr"),
    (_l("Danh mục thủ tục"), "catalogue_staff.sectors", Permission.CATALOGUE_EDIT, "form"),
    (_l("Lịch làm việc"), "calendar_staff.this_year", Permission.CALENDAR_VIEW, "calendar"),
    (_l("Đơn vị"), "units_staff.tree", Permission.UNITS_VIEW, "building"),
    (_l("Cán bộ"), "people_staff.people", Permission.STAFF_VIEW, "people"),
    (_l("Ủy quyền"), "delegation_staff.delegations", Permission.DELEGATE, "person"),
    (_l("Ngày đầu tiên"), "first_day_staff.overview", Permission.SET_UP, "check"),
    (_l("Thư gửi"), "office_staff.letters", Permission.MAIL_VIEW, "mail"),
    (_l("Nhật ký"), "office_staff.journal", Permission.LEDGER_VIEW, "history"),
)
IN_THE_BAR = 7  # as many as stand in one row of a usual window; the others fold behind the name


def frame() -> dict[str, object]:
    """What the frame of a back-office page shows; nothing of it on a citizen's page."""
    if not is_staff_side():
        return {}
    me = signed_in()
    ways = menu()
    return {
        "me": me,
        "menu": ways[:IN_THE_BAR],
        "more": ways[IN_THE_BAR:],
        "notice": told(),
        "demo": is_demo(get_db()),
        "account_url": url_for("account_staff.own") if me else None,
        "sign_out_url": url_for("account_staff.sign_out") if me else None,
        "csrf_token": generate_csrf,
    }


def menu() -> list[dict[str, object]]:
    """The ways through the back office that this person may go."""
    staff = signed_in()
    return [
        {
            "label": str(label),
            "url": url_for(endpoint),
            "current": request.endpoint == endpoint,
            "drawing": drawing,
        }
        for label, endpoint, permission, drawing in WAYS
        if staff and staff.may(permission)
    ]


@bp.get("/")
@needs(Permission.HOME)
def home() -> ResponseReturnValue:
    may_set_up = current_staff().may(Permission.SET_UP)
    day = first_day(get_db()) if may_set_up else None
    return render_template("office/staff_home.html", first_day=day)


@bp.get("/nhat-ky")
@needs(Permission.LEDGER_VIEW)
def journal() -> ResponseReturnValue:
    db = get_db()
    page = page_of(db, newest_events())
    names = names_in(db, page.rows)
    words = {"words": EVENTS, "actors": ACTORS, "details": DETAILS}
    return render_template("office/journal.html", page=page, names=names, end=head(db), **words)


@bp.get("/thu-gui")
@needs(Permission.MAIL_VIEW)
def letters() -> ResponseReturnValue:
    db = get_db()
    own = office(db)
    return render_template(
        "office/letters.html",
        page=page_of(db, newest_notices()),
        domain=own.domain if own else "",
        masked=masked,
        states=STATES,
        setbacks=SETBACKS,
        given_up=NoticeState.GIVEN_UP,
        has_folder=has_folder(get_settings()),
        button=ButtonForm(),
    )


@bp.get("/thu-gui/<int:notice_id>")
@needs(Permission.MAIL_VIEW)
def letter(notice_id: int) -> ResponseReturnValue:
    """What lies in the folder. Where a mail server sends, a letter is only for who gets it."""
    settings = get_settings()
    found = FolderDelivery(settings).read(notice_id) if has_folder(settings) else None
    if found is None or notice(get_db(), notice_id) is None:
        raise NotFoundError
    return render_template("office/letter.html", message=found)


@bp.post("/thu-gui/<int:notice_id>/gui-lai")
@needs(Permission.MAIL_VIEW)
def send_again(notice_id: int) -> ResponseReturnValue:
    db = get_db()
    found = notice(db, notice_id)
    if found is None:
        raise NotFoundError

    pressed()
    mailroom.send_again(found, now=clock.now())
    db.commit()
    jobs.wake(get_database(), get_settings())
    tell(_("Thư đang được gửi lại."))
    return redirect(url_for(".letters"), 303)


@bp.post("/thu-gui/thu-thu")
@needs(Permission.MAIL_VIEW)
def send_test() -> ResponseReturnValue:
    """A letter to oneself shows whether letters arrive."""
    db = get_db()
    person = db.get_one(StaffMember, current_staff().staff_id)
    pressed()
    mailroom.post(db, _test_letter(person), now=clock.now())
    db.commit()
    jobs.wake(get_database(), get_settings())
    tell(_("Thư thử đang được gửi tới %(address)s.", address=person.email))
    return redirect(url_for(".letters"), 303)


def _test_letter(person: StaffMember) -> Letter:
    return Letter(
        to=person.email,
        subject=_("Thư thử từ hệ thống góp ý và khảo sát"),
        body=_("Thư này cho biết hệ thống gửi được thư tới %(name)s.", name=person.name),
    )
