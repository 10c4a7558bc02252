"""The back office's frame and first page."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from sipas.i18n import gettext as _
from sipas.staff.guard import needs, signed_in, staff_blueprint, told
from sipas.staff.queries import is_demo
from sipas.staff.rules import Permission
from sipas.web.headers import is_staff_side
from sipas.web.request_db import get_db

bp = staff_blueprint("office", __name__, url_prefix="")


def frame() -> dict[str, object]:
    """What the frame of a back-office page shows; nothing of it on a citizen's page."""
    if not is_staff_side():
        return {}
    return {
        "me": signed_in(),
        "menu": menu(),
        "notice": told(),
        "demo": is_demo(get_db()),
        "account_url": "/noi-bo/tai-khoan",
        "sign_out_url": "/noi-bo/dang-xuat",
        "csrf_token": generate_csrf,
    }


def menu() -> list[dict[str, object]]:
    """The ways through the back office that this person may go."""
    staff = signed_in()
    ways = [
        (_("Tổng quan"), "office_staff.home", Permission.HOME),
        (_("Quầy và mã QR"), "desk_staff.desks", Permission.DESK_VIEW),
        (_("Danh mục thủ tục"), "catalogue_staff.sectors", Permission.CATALOGUE_EDIT),
    ]
    return [
        {"label": label, "url": url_for(endpoint), "current": request.endpoint == endpoint}
        for label, endpoint, permission in ways
        if staff and staff.may(permission)
    ]


@bp.get("/")
@needs(Permission.HOME)
def home() -> ResponseReturnValue:
    return render_template("office/staff_home.html")
