"""People: the list, one person's page, their account, and which roles they hold."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from sipas import clock
from sipas.door.rules import HashCost, hash_cost
from sipas.errors import RuleError
from sipas.i18n import gettext as _
from sipas.people import actions, queries
from sipas.people.forms import AddPersonForm, EditPersonForm, GrantForm
from sipas.people.queries import Search
from sipas.people.rules import RoleSpan
from sipas.staff.forms import UnitField
from sipas.staff.guard import current_staff, deed, needs, needs_recent_proof, staff_blueprint, tell
from sipas.staff.labels import PERMISSIONS, ROLES, role_names
from sipas.staff.models import StaffMember
from sipas.staff.queries import duties_of, roles_on
from sipas.staff.rules import Permission, Role
from sipas.web.converters import row_key
from sipas.web.forms import ButtonForm, clean
from sipas.web.paging import page_of
from sipas.web.request_db import get_db, get_settings

PERSON = "/<int:person_id>"
GRANT = f"{PERSON}/vai-tro/<int:grant_id>"

bp: Blueprint = staff_blueprint("people", __name__, url_prefix="/can-bo")


@bp.get("/")
@needs(Permission.STAFF_VIEW)
def people() -> ResponseReturnValue:
    today = clock.today()
    left_over = "cho_chuyen" in request.args
    search = Search(
        words=(clean(request.args.get("tim")) or "")[:100],
        unit_id=request.args.get("don_vi", type=row_key),
        left_over_on=today if left_over else None,
    )
    page = page_of(get_db(), queries.people_for_staff(current_staff(), search))
    return render_template(
        "people/people.html",
        page=page,
        search=search,
        today=today,
        roles={person.id: role_names(roles_on(person, today)) for person in page.rows},
        may_edit=current_staff().may(Permission.STAFF_EDIT),
    )


@bp.get(PERSON)
@needs(Permission.STAFF_VIEW)
def person(person_id: int) -> ResponseReturnValue:
    db = get_db()
    today = clock.today()
    found = queries.person_for_staff(db, current_staff(), person_id)
    return render_template(
        "people/person.html",
        person=found,
        duties=duties_of(db, found, day=today),
        today=today,
        role_words=ROLES,
        permission_words=PERMISSIONS,
        permissions=list(Permission),
        may_edit=queries.may_edit(current_staff(), found, day=today),
        is_self=found.id == current_staff().staff_id,
    )


@bp.route("/them", methods=["GET", "POST"])
@needs(Permission.STAFF_EDIT)
@needs_recent_proof
def add() -> ResponseReturnValue:
    db = get_db()
    form = AddPersonForm()
    _offer_units(form.unit_id)
    if not form.validate_on_submit():
        return render_template("people/add.html", form=form), form.status

    try:
        added, temporary = _add(form)
    except RuleError as error:
        db.rollback()  # the second of two roles may have been the one refused
        form.form_errors.append(error.message)
        return render_template("people/add.html", form=form), 422
    db.commit()
    # Shown as the answer itself: a temporary password stands in no cookie and no address.
    return render_template("people/temporary.html", person=added, temporary=temporary)


@bp.route(f"{PERSON}/sua", methods=["GET", "POST"])
@needs(Permission.STAFF_EDIT)
def edit(person_id: int) -> ResponseReturnValue:
    db = get_db()
    found = _to_edit(person_id)
    form = EditPersonForm(obj=found)
    _offer_units(form.unit_id)
    if not form.validate_on_submit():
        return render_template(
            "people/edit.html", form=form, person=found, stored=None
        ), form.status

    version = form.version.number
    try:
        actions.edit_person(
            db, found, form.facts(), version=version, deed=deed(Permission.STAFF_EDIT)
        )
    except RuleError as error:
        form.version.renew(found.version)
        form.form_errors.append(error.message)
        return render_template("people/edit.html", form=form, person=found, stored=found), 422
    db.commit()
    tell(_("Đã lưu."))
    return _back_to(found)


@bp.route(f"{PERSON}/vai-tro", methods=["GET", "POST"])
@needs(Permission.STAFF_EDIT)
@needs_recent_proof
def grant(person_id: int) -> ResponseReturnValue:
    db = get_db()
    found = _to_edit(person_id)
    form = GrantForm(starts=clock.today(), unit_id=found.unit_id)
    _offer_units(form.unit_id)
    if not form.validate_on_submit():
        return render_template("people/grant.html", form=form, person=found), form.status

    try:
        actions.grant_role(db, found, form.span(), deed=deed(Permission.STAFF_EDIT))
    except RuleError as error:
        form.form_errors.append(error.message)
        return render_template("people/grant.html", form=form, person=found), 422
    db.commit()
    tell(_("Đã cấp vai trò."))
    return _back_to(found)


@bp.route(f"{GRANT}/thu-hoi", methods=["GET", "POST"])
@needs(Permission.STAFF_EDIT)
@needs_recent_proof
def withdraw(person_id: int, grant_id: int) -> ResponseReturnValue:
    db = get_db()
    found = _to_edit(person_id)
    held = queries.grant_of(found, grant_id)
    form = ButtonForm()
    if not form.validate_on_submit():
        role = ROLES[Role(held.role)]
        page = render_template(
            "people/withdraw.html", form=form, person=found, grant=held, role=role
        )
        return page, form.status

    actions.withdraw_role(db, found, held, deed=deed(Permission.STAFF_EDIT))
    db.commit()
    tell(_("Đã thu hồi vai trò."))
    return _back_to(found)


@bp.route(f"{PERSON}/khoa", methods=["GET", "POST"])
@needs(Permission.STAFF_EDIT)
@needs_recent_proof
def disable(person_id: int) -> ResponseReturnValue:
    db = get_db()
    found = _to_edit(person_id)
    form = ButtonForm()
    if not form.validate_on_submit():
        return render_template("people/disable.html", form=form, person=found), form.status

    actions.disable(db, found, deed=deed(Permission.STAFF_EDIT))
    db.commit()
    tell(_("Đã khóa tài khoản. Mọi phiên đăng nhập đã kết thúc."))
    return _back_to(found)


@bp.route(f"{PERSON}/mo-khoa", methods=["GET", "POST"])
@needs(Permission.STAFF_EDIT)
@needs_recent_proof
def enable(person_id: int) -> ResponseReturnValue:
    db = get_db()
    found = _to_edit(person_id)
    form = ButtonForm()
    if not form.validate_on_submit():
        return render_template("people/enable.html", form=form, person=found), form.status

    actions.enable(db, found, deed=deed(Permission.STAFF_EDIT))
    db.commit()
    tell(_("Đã mở khóa tài khoản."))
    return _back_to(found)


@bp.route(f"{PERSON}/mat-khau", methods=["GET", "POST"])
@needs(Permission.STAFF_EDIT)
@needs_recent_proof
def reset(person_id: int) -> ResponseReturnValue:
    db = get_db()
    found = _to_edit(person_id)
    form = ButtonForm()
    if not form.validate_on_submit():
        return render_template("people/reset.html", form=form, person=found), form.status

    temporary = actions.reset_password(db, found, cost=_cost(), deed=deed(Permission.STAFF_EDIT))
    db.commit()
    return render_template("people/temporary.html", person=found, temporary=temporary)


@bp.route(f"{PERSON}/bo-xac-thuc", methods=["GET", "POST"])
@needs(Permission.STAFF_EDIT)
@needs_recent_proof
def remove_factor(person_id: int) -> ResponseReturnValue:
    db = get_db()
    found = _to_edit(person_id)
    form = ButtonForm()
    if not form.validate_on_submit():
        return render_template("people/remove_factor.html", form=form, person=found), form.status

    actions.remove_factor(db, found, deed=deed(Permission.STAFF_EDIT))
    db.commit()
    tell(_("Đã gỡ xác thực hai lớp."))
    return _back_to(found)


def _add(form: AddPersonForm) -> tuple[StaffMember, str]:
    db, adding = get_db(), deed(Permission.STAFF_EDIT)
    facts = form.facts()
    added, temporary = actions.add_person(
        db, facts, sign_in=form.wanted_name(), cost=_cost(), deed=adding
    )
    for role in form.chosen_roles():
        span = RoleSpan(role, facts.unit_id, adding.day, None)
        actions.grant_role(db, added, span, deed=adding)
    return added, temporary


def _offer_units(field: UnitField) -> None:
    """Nothing is chosen for a person whose unit has ended: somebody must say where to."""
    offered = queries.editable_units(get_db(), current_staff(), clock.today())
    field.offer(offered, none=_("Chọn đơn vị"))


def _to_edit(person_id: int) -> StaffMember:
    return queries.person_to_edit(get_db(), current_staff(), person_id, day=clock.today())


def _back_to(found: StaffMember) -> Response:
    return redirect(url_for("people_staff.person", person_id=found.id), 303)


def _cost() -> HashCost:
    return hash_cost(get_settings().env)
