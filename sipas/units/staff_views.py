"""The tree of units: looking at it on any day, changing it, reorganising it."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sipas import clock
from sipas.errors import RuleError
from sipas.i18n import gettext as _
from sipas.staff.guard import current_staff, deed, needs, staff_blueprint, tell
from sipas.staff.labels import UNIT_KINDS
from sipas.staff.models import Unit
from sipas.staff.queries import every_unit, units_on
from sipas.staff.rules import Deed, Permission, UnitKind, UnitOn, parent_on
from sipas.units import actions, queries
from sipas.units.forms import AddUnitForm, DayForm, EditUnitForm, EndUnitsForm
from sipas.web.forms import ButtonForm, pressed
from sipas.web.request_db import get_db

UNIT = "/<int:unit_id>"

bp: Blueprint = staff_blueprint("units", __name__, url_prefix="/don-vi")


@bp.get("/")
@needs(Permission.UNITS_VIEW)
def tree() -> ResponseReturnValue:
    db = get_db()
    today = clock.today()
    form = DayForm(request.args)
    day = (form.ngay.data if form.validate() else None) or today
    return render_template(
        "units/tree.html",
        form=form,
        day=day,
        is_today=day == today,
        branches=units_on(db, day),
        changes=queries.coming_changes(db, today),
        left_over=queries.how_many_left_over(db, current_staff(), today),
        may_edit=current_staff().may(Permission.UNITS_EDIT),
    )


@bp.get(UNIT)
@needs(Permission.UNITS_VIEW)
def unit(unit_id: int) -> ResponseReturnValue:
    db = get_db()
    staff = current_staff()
    found = queries.unit_for_staff(db, staff, unit_id)
    return render_template(
        "units/unit.html",
        page=queries.unit_page(db, found),
        unit=found,
        kind=UNIT_KINDS[UnitKind(found.kind)],
        today=clock.today(),
        form=ButtonForm(),
        may_edit=staff.may(Permission.UNITS_EDIT, found.id),
        may_see_people=staff.may(Permission.STAFF_VIEW, found.id),
    )


@bp.route("/them", methods=["GET", "POST"])
@needs(Permission.UNITS_EDIT)
def add() -> ResponseReturnValue:
    db = get_db()
    today = clock.today()
    form = AddUnitForm(starts=today, parent_id=request.args.get("duoi", type=int))
    form.parent_id.offer(queries.editable_units(db, current_staff(), today))
    if not form.validate_on_submit():
        return render_template("units/add.html", form=form), form.status

    words = form.words()
    try:
        added = actions.add_unit(db, words, starts=form.starts.day, deed=_editing(words.parent_id))
    except RuleError as error:
        form.form_errors.append(error.message)
        return render_template("units/add.html", form=form), 422
    db.commit()
    tell(_("Đã lập đơn vị."))
    return redirect(url_for(".unit", unit_id=added.id), 303)


@bp.route(f"{UNIT}/sua", methods=["GET", "POST"])
@needs(Permission.UNITS_EDIT)
def edit(unit_id: int) -> ResponseReturnValue:
    db = get_db()
    found = queries.unit_to_edit(db, current_staff(), unit_id)
    form = _edit_form(found)
    if not form.validate_on_submit():
        return render_template("units/edit.html", form=form, unit=found, stored=None), form.status

    version, words = form.version.number, form.words()
    moves_to = words.parent_id if words.parent_id != found.parent_id else None
    try:
        actions.edit_unit(db, found, words, version=version, deed=_editing(found.id, moves_to))
    except RuleError as error:
        stored = found if found.version != version else None
        form.version.renew(found.version)
        form.form_errors.append(error.message)
        return render_template("units/edit.html", form=form, unit=found, stored=stored), 422
    db.commit()
    tell(_("Đã lưu."))
    return redirect(url_for(".unit", unit_id=found.id), 303)


@bp.route("/sap-xep", methods=["GET", "POST"])
@needs(Permission.UNITS_EDIT)
def end() -> ResponseReturnValue:
    form = _end_form()
    if not form.validate_on_submit():
        return render_template("units/end.html", form=form), form.status

    db = get_db()
    try:
        _end(form)
    except RuleError as error:
        db.rollback()  # a new successor may have been begun
        form.form_errors.append(error.message)
        return render_template("units/end.html", form=form), 422
    db.commit()
    tell(_("Đã lưu việc sắp xếp. Chuyển cán bộ và quầy của đơn vị kết thúc sang đơn vị mới."))
    return redirect(url_for(".tree"), 303)


@bp.post(f"{UNIT}/giu")
@needs(Permission.UNITS_EDIT)
def keep(unit_id: int) -> ResponseReturnValue:
    db = get_db()
    found = queries.unit_to_edit(db, current_staff(), unit_id)
    pressed()
    actions.keep_unit(db, found, deed=_editing(found.id))
    db.commit()
    tell(_("Đã bỏ ngày kết thúc. Đơn vị tiếp tục hoạt động."))
    return redirect(url_for(".unit", unit_id=found.id), 303)


def _edit_form(found: Unit) -> EditUnitForm:
    """The office itself stands under nothing, so its form does not ask under what."""
    db = get_db()
    today = clock.today()
    form = EditUnitForm(obj=found)
    if found.parent_id is None:
        del form.parent_id
        return form
    form.parent_id.offer(queries.possible_parents(db, current_staff(), found, today))
    if not form.is_submitted():
        form.parent_id.data = parent_on(every_unit(db), found.id, today)
    return form


def _end_form() -> EndUnitsForm:
    db = get_db()
    today = clock.today()
    offered = queries.editable_units(db, current_staff(), today)
    asked_for = request.args.get("don_vi", type=int)
    form = EndUnitsForm(day=today, units=[asked_for] if asked_for else [])
    form.units.offer(branch for branch in offered if _can_end(branch.unit))
    form.successor.offer(offered, none=_("Chọn đơn vị"))
    return form


def _can_end(found: UnitOn) -> bool:
    return found.parent_id is not None and found.ends is None


def _end(form: EndUnitsForm) -> None:
    """A new successor takes the kind and the place of the first unit that it follows."""
    db = get_db()
    day, ending = form.day.day, _editing(*form.units.unit_ids)
    ended = [queries.unit_to_edit(db, current_staff(), one) for one in form.units.unit_ids]
    known = form.successor_id()
    successor = db.get(Unit, known) if known else None
    if form.wants_new:
        place = parent_on(every_unit(db), ended[0].id, day)
        words = form.new_unit(UnitKind(ended[0].kind), place)
        successor = actions.add_unit(db, words, starts=day, deed=ending)
    actions.end_units(db, ended, day=day, successor=successor, deed=ending)


def _editing(*unit_ids: int | None) -> Deed:
    """A deed that reaches these units; the office itself stands under none."""
    return deed(Permission.UNITS_EDIT, *(unit_id for unit_id in unit_ids if unit_id is not None))
