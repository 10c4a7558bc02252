"""What staff fill in to keep the service catalogue."""

from flask_wtf.file import FileField, FileRequired
from wtforms import Field, HiddenField, RadioField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from sipas.catalogue.labels import level_name
from sipas.catalogue.models import Procedure, Sector
from sipas.catalogue.rules import (
    LONGEST,
    Column,
    Level,
    Line,
    ProcedureFacts,
    SectorFacts,
    is_catalogue_code,
)
from sipas.catalogue.table_file import read_lines
from sipas.i18n import gettext as _
from sipas.i18n import lazy_gettext as _l
from sipas.web.forms import BaseForm, LineField, at_most, required

LONGEST_FILE_NAME = 200


def code_like(_form: BaseForm, field: Field) -> None:
    if not is_catalogue_code(field.data.upper()):
        raise ValidationError(
            _("Mã chỉ gồm chữ cái, chữ số và dấu . - _ / ở giữa, không có dấu cách.")
        )


class SectorNameForm(BaseForm):
    name = LineField(
        _l("Tên lĩnh vực"),
        [required(_l("Ghi tên lĩnh vực.")), at_most(LONGEST[Column.SECTOR_NAME])],
    )


class SectorForm(SectorNameForm):
    code = LineField(
        _l("Mã lĩnh vực"),
        [required(_l("Ghi mã lĩnh vực.")), at_most(LONGEST[Column.SECTOR_CODE]), code_like],
    )

    def facts(self) -> SectorFacts:
        return SectorFacts(str(self.code.data).upper(), str(self.name.data))


class ProcedureFactsForm(BaseForm):
    name = LineField(
        _l("Tên thủ tục"),
        [required(_l("Ghi tên thủ tục.")), at_most(LONGEST[Column.PROCEDURE_NAME])],
    )
    level = RadioField(_l("Cấp thực hiện"), [required(_l("Chọn cấp thực hiện."))])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.level.choices = [SelectChoice(level.value, level_name(level)) for level in Level]

    def changed(self, procedure: Procedure) -> ProcedureFacts:
        level = Level(self.level.data)
        return ProcedureFacts(procedure.code, str(self.name.data), procedure.sector.code, level)


class ProcedureForm(ProcedureFactsForm):
    code = LineField(
        _l("Mã thủ tục"),
        [required(_l("Ghi mã thủ tục.")), at_most(LONGEST[Column.PROCEDURE_CODE]), code_like],
    )

    def facts(self, sector: Sector) -> ProcedureFacts:
        code = str(self.code.data).upper()
        return ProcedureFacts(code, str(self.name.data), sector.code, Level(self.level.data))


class CatalogueFileForm(BaseForm):
    """A file with the catalogue, CSV or XLSX."""

    file = FileField(_l("Tệp danh mục"), [FileRequired(_l("Chọn một tệp .xlsx hoặc .csv."))])

    def file_name(self) -> str:
        return str(self.file.data.filename)[-LONGEST_FILE_NAME:]

    def lines(self) -> list[Line]:
        return read_lines(self.file.data.read())


class TakeDraftForm(BaseForm):
    """Confirms the plan that was shown, by its fingerprint."""

    shown = HiddenField()
