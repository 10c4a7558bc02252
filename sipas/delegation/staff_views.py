"""One's own delegations: given, received, new ones, taken back."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sipas import clock
from sipas.delegation import actions, queries
from sipas.delegation.forms import DelegationForm
from sipas.delegation.rules import LONGEST_DAYS
from sipas.errors import RuleError
from sipas.i18n import gettext as _
from sipas.staff.guard import current_staff, deed, needs, staff_blueprint, tell
from sipas.staff.models import StaffMember
from sipas.staff.rules import Permission
from sipas.web.forms import ButtonForm
from sipas.web.request_db import get_db

bp: Blueprint = staff_blueprint("delegation", __name__, url_prefix="/uy-quyen")


@bp.get("/")
@needs(Permission.DELEGATE)
def delegations() -> ResponseReturnValue:
    db, staff = get_db(), current_staff()
    return render_template(
        "delegation/delegations.html",
        given=queries.given(db, staff),
        received=queries.received(db, staff),
        today=clock.today(),
        form=ButtonForm(),
    )


@bp.route("/them", methods=["GET", "POST"])
@needs(Permission.DELEGATE)
def add() -> ResponseReturnValue:
    db, staff = get_db(), current_staff()
    form = DelegationForm(first_day=clock.today())
    form.offer(queries.colleagues(db, staff))
    if not form.validate_on_submit():
        return render_template("delegation/add.html", form=form, most=LONGEST_DAYS), form.status

    giver = db.get_one(StaffMember, staff.staff_id)
    taker = db.get_one(StaffMember, form.to_id.data)
    try:
        actions.delegate(db, giver, taker, form.absence(), deed=deed(Permission.DELEGATE))
    except RuleError as error:
        form.form_errors.append(error.message)
        return render_template("delegation/add.html", form=form, most=LONGEST_DAYS), 422
    db.commit()
    tell(_("Đã ủy quyền."))
    return redirect(url_for(".delegations"), 303)


@bp.post("/<int:delegation_id>/rut")
@needs(Permission.DELEGATE)
def take_back(delegation_id: int) -> ResponseReturnValue:
    db = get_db()
    delegation = queries.own_delegation(db, current_staff(), delegation_id)
    actions.take_back(db, delegation, deed=deed(Permission.DELEGATE))
    db.commit()
    tell(_("Đã rút ủy quyền."))
    return redirect(url_for(".delegations"), 303)
