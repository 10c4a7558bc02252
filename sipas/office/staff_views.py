"""The back office's frame and first page."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from sipas.first_day.queries import first_day
from sipas.i18n import lazy_gettext as _l
from sipas.ledger.queries import head, newest_events
from sipas.office.labels import ACTORS, EVENTS
from sipas.office.queries import names_in
from sipas.staff.guard import current_staff, needs, signed_in, staff_blueprint, told
from sipas.staff.queries import is_demo
from sipas.staff.rules import Permission
from sipas.web.headers import is_staff_side
from sipas.web.paging import page_of
from sipas.web.request_db import get_db

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
    (_l("Nhật ký"), "office_staff.journal", Permission.LEDGER_VIEW, "history"),
)


def frame() -> dict[str, object]:
    """What the frame of a back-office page shows; nothing of it on a citizen's page."""
    if not is_staff_side():
        return {}
    me = signed_in()
    return {
        "me": me,
        "menu": menu(),
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
    return render_template(
        "office/journal.html", page=page, names=names, end=head(db), words=EVENTS, actors=ACTORS
    )
