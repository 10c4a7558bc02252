"""The office's own pages for citizens: the first page, privacy, help."""

from flask import Blueprint, current_app, g, render_template, url_for
from flask.typing import ResponseReturnValue

from sipas import i18n
from sipas.desk.queries import open_desks
from sipas.staff.queries import office
from sipas.web.language import choices
from sipas.web.request_db import get_db

bp = Blueprint("office", __name__)


def frame() -> dict[str, object]:
    """What the frame of every page shows: whose page it is, and in which languages."""
    return {
        "office": office(get_db()),
        "lang": i18n.spoken(),
        "languages": choices(),
        "written": g.get("written"),  # what an error page gives back
        "privacy_url": url_for("office.privacy") if "office" in current_app.blueprints else "",
    }


@bp.get("/")
def home() -> ResponseReturnValue:
    return render_template("office/home.html", desks=open_desks(get_db()))


@bp.get("/quyen-rieng-tu")
def privacy() -> ResponseReturnValue:
    return render_template("office/privacy.html")


@bp.get("/tro-giup")
def help_page() -> ResponseReturnValue:
    return render_template("office/help.html")
