"""The service catalogue in the back office."""

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sipas import clock
from sipas.catalogue import actions, labels, queries
from sipas.catalogue.forms import (
    CatalogueFileForm,
    ProcedureFactsForm,
    ProcedureForm,
    SectorForm,
    SectorNameForm,
    TakeDraftForm,
)
from sipas.catalogue.rules import Outcome
from sipas.catalogue.table_file import workbook
from sipas.errors import NotFoundError, RuleError
from sipas.i18n import gettext as _
from sipas.staff.guard import current_staff, deed, needs, staff_blueprint, tell
from sipas.staff.rules import Permission
from sipas.web.forms import ButtonForm, pressed
from sipas.web.paging import page_of
from sipas.web.request_db import get_db

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

bp: Blueprint = staff_blueprint("catalogue", __name__, url_prefix="/danh-muc")


@bp.get("/")
@needs(Permission.CATALOGUE_EDIT)
def sectors() -> ResponseReturnValue:
    return render_template("catalogue/sectors.html", lines=queries.sector_lines(get_db()))


@bp.route("/linh-vuc/moi", methods=["GET", "POST"])
@needs(Permission.CATALOGUE_EDIT)
def new_sector() -> ResponseReturnValue:
    db = get_db()
    form = SectorForm()
    if not form.validate_on_submit():
        return render_template("catalogue/new_sector.html", form=form), form.status

    change = deed(Permission.CATALOGUE_EDIT)
    try:
        sector = actions.add_sector(db, form.facts(), by=change.by, now=change.now)
    except RuleError as refusal:
        form.refuse(form.code, refusal.message)
        return render_template("catalogue/new_sector.html", form=form), form.status
    db.commit()
    tell(_("Đã thêm lĩnh vực."))
    return redirect(url_for(".sector", sector_id=sector.id), 303)


@bp.route("/linh-vuc/<int:sector_id>", methods=["GET", "POST"])
@needs(Permission.CATALOGUE_EDIT)
def sector(sector_id: int) -> ResponseReturnValue:
    """A sector with its procedures; the form changes its name."""
    db = get_db()
    sector = queries.sector(db, sector_id)
    form = SectorNameForm(obj=sector)
    if not form.validate_on_submit():
        page = page_of(db, queries.procedures_of(sector))
        shown = render_template(
            "catalogue/sector.html",
            sector=sector,
            page=page,
            form=form,
            button=ButtonForm(),
            level_name=labels.level_name,
        )
        return shown, form.status

    name = str(form.name.data)
    change = deed(Permission.CATALOGUE_EDIT)
    actions.rename_sector(db, sector, name, by=change.by, now=change.now)
    db.commit()
    tell(_("Đã lưu tên lĩnh vực."))
    return redirect(url_for(".sector", sector_id=sector_id), 303)


@bp.post("/linh-vuc/<int:sector_id>/ngung")
@needs(Permission.CATALOGUE_EDIT)
def retire_sector(sector_id: int) -> ResponseReturnValue:
    db = get_db()
    sector = queries.sector(db, sector_id)
    pressed()
    change = deed(Permission.CATALOGUE_EDIT)
    actions.retire_sector(db, sector, by=change.by, now=change.now, day=change.day)
    db.commit()
    tell(_("Đã ngừng dùng lĩnh vực."))
    return redirect(url_for(".sector", sector_id=sector_id), 303)


@bp.post("/linh-vuc/<int:sector_id>/dung-lai")
@needs(Permission.CATALOGUE_EDIT)
def restore_sector(sector_id: int) -> ResponseReturnValue:
    db = get_db()
    sector = queries.sector(db, sector_id)
    pressed()
    change = deed(Permission.CATALOGUE_EDIT)
    actions.restore_sector(db, sector, by=change.by, now=change.now)
    db.commit()
    tell(_("Đã dùng lại lĩnh vực."))
    return redirect(url_for(".sector", sector_id=sector_id), 303)


@bp.route("/linh-vuc/<int:sector_id>/thu-tuc/moi", methods=["GET", "POST"])
@needs(Permission.CATALOGUE_EDIT)
def new_procedure(sector_id: int) -> ResponseReturnValue:
    db = get_db()
    sector = queries.sector(db, sector_id)
    form = ProcedureForm()
    template = "catalogue/new_procedure.html"
    if not form.validate_on_submit():
        return render_template(template, form=form, sector=sector), form.status

    change = deed(Permission.CATALOGUE_EDIT)
    try:
        facts = form.facts(sector)
        actions.add_procedure(db, sector, facts, by=change.by, now=change.now)
    except RuleError as refusal:
        form.refuse(form.code, refusal.message)
        return render_template(template, form=form, sector=sector), form.status
    db.commit()
    tell(_("Đã thêm thủ tục."))
    return redirect(url_for(".sector", sector_id=sector_id), 303)


@bp.route("/thu-tuc/<int:procedure_id>", methods=["GET", "POST"])
@needs(Permission.CATALOGUE_EDIT)
def procedure(procedure_id: int) -> ResponseReturnValue:
    db = get_db()
    procedure = queries.procedure(db, procedure_id)
    form = ProcedureFactsForm(obj=procedure)
    if not form.validate_on_submit():
        shown = render_template(
            "catalogue/procedure.html", form=form, procedure=procedure, button=ButtonForm()
        )
        return shown, form.status

    change = deed(Permission.CATALOGUE_EDIT)
    facts = form.changed(procedure)
    actions.change_procedure(db, procedure, facts, by=change.by, now=change.now)
    db.commit()
    tell(_("Đã lưu thủ tục."))
    return redirect(url_for(".sector", sector_id=procedure.sector_id), 303)


@bp.post("/thu-tuc/<int:procedure_id>/ngung")
@needs(Permission.CATALOGUE_EDIT)
def retire_procedure(procedure_id: int) -> ResponseReturnValue:
    db = get_db()
    procedure = queries.procedure(db, procedure_id)
    pressed()
    change = deed(Permission.CATALOGUE_EDIT)
    actions.retire_procedure(db, procedure, by=change.by, now=change.now, day=change.day)
    db.commit()
    tell(_("Đã ngừng dùng thủ tục."))
    return redirect(url_for(".procedure", procedure_id=procedure_id), 303)


@bp.post("/thu-tuc/<int:procedure_id>/dung-lai")
@needs(Permission.CATALOGUE_EDIT)
def restore_procedure(procedure_id: int) -> ResponseReturnValue:
    db = get_db()
    procedure = queries.procedure(db, procedure_id)
    pressed()
    change = deed(Permission.CATALOGUE_EDIT)
    actions.restore_procedure(db, procedure, by=change.by, now=change.now)
    db.commit()
    tell(_("Đã dùng lại thủ tục."))
    return redirect(url_for(".procedure", procedure_id=procedure_id), 303)


@bp.get("/danh-muc.xlsx")
@needs(Permission.CATALOGUE_EDIT)
def download() -> ResponseReturnValue:
    """The catalogue as a file to fill in further; an empty one is the template."""
    rows = [
        (
            procedure.sector.code,
            procedure.sector.name,
            procedure.code,
            procedure.name,
            labels.level_in_file(procedure.level),
        )
        for procedure in queries.procedures_in_use(get_db())
    ]
    response = Response(workbook("Danh mục", labels.heads(), rows), mimetype=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="danh-muc-thu-tuc.xlsx"'
    return response


@bp.route("/nhap", methods=["GET", "POST"])
@needs(Permission.CATALOGUE_EDIT)
def send_file() -> ResponseReturnValue:
    db = get_db()
    form = CatalogueFileForm()
    template = "catalogue/send_file.html"
    if not form.validate_on_submit():
        return render_template(template, form=form, heads=labels.heads()), form.status

    staff = current_staff()
    db.rollback()  # reading a file takes a while: nobody's writing waits for it
    try:
        lines = form.lines()
    except RuleError as refusal:
        form.refuse(form.file, refusal.message)
        return render_template(template, form=form, heads=labels.heads()), form.status
    actions.keep_draft(
        db, lines, file_name=form.file_name(), staff_id=staff.staff_id, now=clock.now()
    )
    db.commit()
    return redirect(url_for(".dry_run"), 303)


@bp.get("/nhap/xem")
@needs(Permission.CATALOGUE_EDIT)
def dry_run() -> ResponseReturnValue:
    """What the sent file would do; its button does exactly that."""
    if not queries.has_draft(get_db(), staff_id=current_staff().staff_id):
        return redirect(url_for(".sectors"), 303)
    return _dry_run_page(TakeDraftForm())


@bp.post("/nhap/xem")
@needs(Permission.CATALOGUE_EDIT)
def take_file() -> ResponseReturnValue:
    db, staff = get_db(), current_staff()
    form = TakeDraftForm()
    if not form.validate_on_submit():
        return redirect(url_for(".dry_run"), 303)

    change = deed(Permission.CATALOGUE_EDIT)
    try:
        plan = actions.take_draft(
            db,
            shown=str(form.shown.data),
            staff_id=staff.staff_id,
            by=change.by,
            now=change.now,
        )
    except NotFoundError:  # pressed twice: the first press has taken the file
        return redirect(url_for(".sectors"), 303)
    except actions.OutdatedPlanError:
        form.refuse(
            form.shown, _("Danh mục vừa thay đổi. Xem lại các thay đổi dưới đây rồi xác nhận.")
        )
        return _dry_run_page(form), form.status
    db.commit()
    tell(
        _(
            "Đã nhập: thêm %(added)d, sửa %(changed)d, giữ nguyên %(kept)d.",
            added=plan.count(Outcome.ADD),
            changed=plan.count(Outcome.CHANGE),
            kept=plan.count(Outcome.KEEP),
        )
    )
    return redirect(url_for(".sectors"), 303)


def _dry_run_page(form: TakeDraftForm) -> str:
    run = queries.dry_run(get_db(), staff_id=current_staff().staff_id)
    form.shown.data = run.plan.fingerprint if run.plan else ""
    return render_template(
        "catalogue/dry_run.html",
        form=form,
        button=ButtonForm(),
        run=run,
        labels=labels,
        Outcome=Outcome,
    )


@bp.post("/nhap/bo")
@needs(Permission.CATALOGUE_EDIT)
def drop_draft() -> ResponseReturnValue:
    db = get_db()
    pressed()
    actions.drop_draft(db, staff_id=current_staff().staff_id)
    db.commit()
    tell(_("Đã bỏ tệp. Danh mục giữ nguyên."))
    return redirect(url_for(".send_file"), 303)
