"""The first day: five steps, each saved at once, each to be left and found again."""

from dataclasses import dataclass

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from sipas.errors import RuleError
from sipas.first_day import actions, queries
from sipas.first_day.forms import EmblemForm, OfficeForm, UnitsForm
from sipas.first_day.labels import STEPS
from sipas.first_day.rules import FirstDay, Step
from sipas.i18n import gettext as _
from sipas.staff.guard import deed, needs, staff_blueprint, tell
from sipas.staff.models import Office
from sipas.staff.rules import Permission
from sipas.web.forms import ButtonForm
from sipas.web.request_db import get_db, get_settings

bp = staff_blueprint("first_day", __name__, url_prefix="/bat-dau")

PAGES = {
    Step.NAME: "first_day_staff.name",
    Step.EMBLEM: "first_day_staff.emblem",
    Step.UNITS: "first_day_staff.units",
    Step.DESK: "desk_staff.new_desk",
    Step.POSTER: "first_day_staff.poster",
}


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One line of the list of steps."""

    label: str
    url: str
    state: str


@bp.get("/")
@needs(Permission.SET_UP)
def overview() -> ResponseReturnValue:
    day = queries.first_day(get_db())
    return render_template("first_day/overview.html", steps=shown(day, None), day=day)


@bp.route("/co-quan", methods=["GET", "POST"])
@needs(Permission.SET_UP)
def name() -> ResponseReturnValue:
    db = get_db()
    office = db.get_one(Office, 1)
    form = OfficeForm(obj=office)
    if not form.validate_on_submit():
        return _page("name", Step.NAME, form=form), form.status

    actions.name_office(db, office, form.words(), deed=deed(Permission.SET_UP))
    db.commit()
    return _go_on()


@bp.route("/bieu-trung", methods=["GET", "POST"])
@needs(Permission.SET_UP)
def emblem() -> ResponseReturnValue:
    db = get_db()
    form = EmblemForm()
    if not form.validate_on_submit():
        return _page("emblem", Step.EMBLEM, form=form), form.status

    office = db.get_one(Office, 1)
    try:
        actions.set_emblem(db, office, form.content(), deed=deed(Permission.SET_UP))
    except RuleError as error:
        form.refuse(form.picture, error.message)
        return _page("emblem", Step.EMBLEM, form=form), 422
    db.commit()
    return _go_on()


@bp.route("/don-vi", methods=["GET", "POST"])
@needs(Permission.SET_UP)
def units() -> ResponseReturnValue:
    db = get_db()
    form = UnitsForm()
    if not form.validate_on_submit():
        return _page("units", Step.UNITS, form=form), form.status

    try:
        added = actions.add_divisions(db, form.lines(), deed=deed(Permission.SET_UP))
    except RuleError as error:
        form.refuse(form.names, error.message)
        return _page("units", Step.UNITS, form=form), 422
    db.commit()
    tell(_("Đã thêm %(n)d đơn vị.", n=added))
    return _go_on()


@bp.route("/to-qr", methods=["GET", "POST"])
@needs(Permission.SET_UP)
def poster() -> ResponseReturnValue:
    db = get_db()
    form = ButtonForm()
    if not form.validate_on_submit():
        desk = queries.first_desk(db)
        base = get_settings().base_address
        return _page("poster", Step.POSTER, form=form, desk=desk, base=base), form.status

    office = db.get_one(Office, 1)
    actions.finish_first_day(db, office, deed=deed(Permission.SET_UP))
    db.commit()
    tell(_("Ngày đầu đã xong. Chúc cơ quan nhận được nhiều góp ý tốt."))
    return redirect(url_for("office_staff.home"), 303)


def shown(day: FirstDay, current: Step | None) -> list[ShownStep]:
    def state(step: Step) -> str:
        if step == current:
            return "current"
        return "done" if step in day.done else "waiting"

    return [ShownStep(str(STEPS[step]), url_for(PAGES[step]), state(step)) for step in Step]


def _page(name: str, step: Step, **values: object) -> str:
    day = queries.first_day(get_db())
    return render_template(f"first_day/{name}.html", steps=shown(day, step), **values)


def _go_on() -> Response:
    """To the next step that is still open, or to the overview when none is."""
    following = queries.first_day(get_db()).next
    page = PAGES[following] if following else "first_day_staff.overview"
    return redirect(url_for(page), 303)
