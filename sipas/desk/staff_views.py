"""Desks, their codes and their printed sheets in the back office."""

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sipas import clock
from sipas.catalogue.queries import sectors_in_use
from sipas.desk import actions, labels, poster, qr, queries
from sipas.desk.forms import CloseForm, DeskChangeForm, DeskForm, NewCodeForm
from sipas.desk.models import Desk
from sipas.desk.rules import fits_small_print, short_address, typed_address
from sipas.errors import NotFoundError, RuleError
from sipas.i18n import gettext as _
from sipas.staff.guard import current_staff, deed, needs, staff_blueprint, tell
from sipas.staff.queries import office
from sipas.staff.rules import Permission
from sipas.web.forms import ButtonForm, pressed
from sipas.web.paging import page_of
from sipas.web.request_db import get_db, get_settings

bp: Blueprint = staff_blueprint("desk", __name__, url_prefix="/quay")


@bp.get("/")
@needs(Permission.DESK_VIEW)
def desks() -> ResponseReturnValue:
    return render_template(
        "desk/desks.html",
        page=page_of(get_db(), queries.desks_for_staff(current_staff())),
        may_edit=current_staff().may(Permission.DESK_EDIT),
        state=labels.desk_state,
        today=clock.today(),
        typed=_typed,
    )


@bp.route("/moi", methods=["GET", "POST"])
@needs(Permission.DESK_EDIT)
def new_desk() -> ResponseReturnValue:
    db, staff = get_db(), current_staff()
    form = DeskForm(place=_usual_place(), unit_id=staff.unit_id)
    form.offer(queries.units_for_desks(db, staff, day=clock.today()))
    if not form.validate_on_submit():
        return render_template("desk/new_desk.html", form=form), form.status

    facts = form.facts()
    try:
        desk = actions.add_desk(db, facts, deed(Permission.DESK_EDIT, facts.unit_id))
    except RuleError as refusal:
        form.refuse(form.name, refusal.message)
        return render_template("desk/new_desk.html", form=form), form.status
    db.commit()
    tell(_("Đã lập quầy. In tờ QR và đặt lên quầy."))
    return redirect(url_for(".desk", desk_id=desk.id), 303)


@bp.get("/<int:desk_id>")
@needs(Permission.DESK_VIEW)
def desk(desk_id: int) -> ResponseReturnValue:
    desk = _viewed(desk_id)
    live = desk.live_code
    address = short_address(get_settings().base_address, live.code) if live else ""
    return render_template(
        "desk/desk.html",
        desk=desk,
        may_edit=current_staff().may(Permission.DESK_EDIT, desk.unit_id),
        state=labels.desk_state(desk),
        typed=_typed,
        address=address,
        fits=fits_small_print(address),
    )


@bp.get("/<int:desk_id>/qr.svg")
@needs(Permission.DESK_VIEW)
def picture(desk_id: int) -> ResponseReturnValue:
    return Response(_qr_of(_viewed(desk_id)), mimetype="image/svg+xml")


@bp.get("/<int:desk_id>/to-qr-a5.pdf")
@needs(Permission.DESK_VIEW)
def sheet(desk_id: int) -> ResponseReturnValue:
    """The sheet to print. A name that no printed letter exists for is refused."""
    desk = _viewed(desk_id)
    try:
        pdf = poster.pdf_a5(_sheet_of(desk))
    except poster.PosterError:
        raise RuleError(
            _("Tên quầy, nơi đặt hoặc tên cơ quan có ký tự không in được. Sửa tên rồi in lại.")
        ) from None
    response = Response(pdf, mimetype="application/pdf")
    name = f"to-qr-{_code_of(desk)}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.route("/<int:desk_id>/sua", methods=["GET", "POST"])
@needs(Permission.DESK_EDIT)
def change_desk(desk_id: int) -> ResponseReturnValue:
    db = get_db()
    desk = _edited(desk_id)
    form = DeskChangeForm(obj=desk, sector_ids=[sector.id for sector in desk.sectors])
    form.offer(queries.units_for_desks(db, current_staff(), day=clock.today()))
    form.offer_sectors(sectors_in_use(db))
    if not form.validate_on_submit():
        return render_template("desk/change_desk.html", form=form, desk=desk), form.status

    facts = form.facts()
    change = deed(Permission.DESK_EDIT, desk.unit_id, facts.unit_id)
    try:
        actions.change_desk(db, desk, facts, change)
    except RuleError as refusal:
        form.refuse(form.name, refusal.message)
        return render_template("desk/change_desk.html", form=form, desk=desk), form.status
    db.commit()
    tell(_("Đã lưu quầy. Tên in trên tờ QR cũ không tự đổi."))
    return redirect(url_for(".desk", desk_id=desk_id), 303)


@bp.route("/<int:desk_id>/ma", methods=["GET", "POST"])
@needs(Permission.DESK_EDIT)
def new_code(desk_id: int) -> ResponseReturnValue:
    """A new code for a desk: the old one, if there is one, points to it."""
    db = get_db()
    desk = _edited(desk_id)
    form = NewCodeForm(instead_of=desk.live_code.code if desk.live_code else "")
    if not form.validate_on_submit():
        shown = render_template(
            "desk/new_code.html", form=form, desk=desk, button=ButtonForm(), typed=_typed
        )
        return shown, form.status

    instead_of = str(form.instead_of.data) or None
    try:
        actions.issue_code(db, desk, instead_of, deed(Permission.DESK_EDIT, desk.unit_id))
    except RuleError as refusal:
        tell(refusal.message)
    else:
        db.commit()
        tell(_("Đã cấp mã mới. In tờ QR mới và gỡ tờ cũ."))
    return redirect(url_for(".desk", desk_id=desk_id), 303)


@bp.post("/<int:desk_id>/ngung-ma")
@needs(Permission.DESK_EDIT)
def revoke_code(desk_id: int) -> ResponseReturnValue:
    db = get_db()
    desk = _edited(desk_id)
    pressed()
    actions.revoke_code(db, desk, deed(Permission.DESK_EDIT, desk.unit_id))
    db.commit()
    tell(_("Đã ngừng mã. Tờ QR cũ không còn dẫn tới quầy này."))
    return redirect(url_for(".desk", desk_id=desk_id), 303)


@bp.route("/<int:desk_id>/dong", methods=["GET", "POST"])
@needs(Permission.DESK_EDIT)
def close_desk(desk_id: int) -> ResponseReturnValue:
    db = get_db()
    desk = _edited(desk_id)
    others = queries.other_open_desks(db, current_staff(), desk)
    form = CloseForm()
    form.offer(others)
    if not form.validate_on_submit():
        return render_template("desk/close_desk.html", form=form, desk=desk), form.status

    actions.close_desk(db, desk, form.onward(others), deed(Permission.DESK_EDIT, desk.unit_id))
    db.commit()
    tell(_("Đã đóng quầy. Các phiếu đã nhận vẫn được giữ."))
    return redirect(url_for(".desk", desk_id=desk_id), 303)


def _viewed(desk_id: int) -> Desk:
    return queries.desk_for_staff(get_db(), current_staff(), desk_id, needs=Permission.DESK_VIEW)


def _edited(desk_id: int) -> Desk:
    return queries.desk_for_staff(get_db(), current_staff(), desk_id, needs=Permission.DESK_EDIT)


def _usual_place() -> str:
    own = office(get_db())
    return own.place if own else ""


def _typed(code: str) -> str:
    return typed_address(get_settings().base_address, code)


def _code_of(desk: Desk) -> str:
    if desk.live_code is None:
        raise NotFoundError
    return desk.live_code.code


def _qr_of(desk: Desk) -> bytes:
    return qr.svg(short_address(get_settings().base_address, _code_of(desk)))


def _sheet_of(desk: Desk) -> poster.Sheet:
    own = office(get_db())
    code = _code_of(desk)
    return poster.Sheet(
        office=own.name if own else "",
        place=desk.place,
        desk=desk.name,
        qr=_qr_of(desk).decode(),
        typed=_typed(code),
        domain=own.domain if own else "",
        small_print=labels.small_print(code, phone=own.phone if own else "", day=clock.today()),
        emblem=own.emblem_png if own else None,
    )
