"""Forms of the tree: a unit, a reorganisation, the day that is looked at."""

from enum import StrEnum

from wtforms import RadioField, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired, Optional

from sipas.i18n import gettext as _
from sipas.i18n import lazy_gettext as _l
from sipas.staff.forms import DayField, UnitField, UnitsField, VersionField
from sipas.staff.labels import UNIT_KINDS
from sipas.staff.rules import UnitKind
from sipas.units.rules import UnitWords
from sipas.web.forms import BaseForm, CitizenForm, LineField, at_most, required


class UnitForm(BaseForm):
    """What a unit is called and under which other it stands."""

    name = LineField(_l("Tên đơn vị"), [DataRequired(_l("Viết tên đơn vị.")), at_most(200)])
    short_name = LineField(
        _l("Tên viết tắt"), [DataRequired(_l("Viết tên viết tắt, ví dụ: VP.")), at_most(40)]
    )
    kind = SelectField(
        _l("Loại đơn vị"),
        choices=[SelectChoice(kind.value, word) for kind, word in UNIT_KINDS.items()],
        default=UnitKind.DIVISION.value,
    )
    parent_id = UnitField(_l("Trực thuộc"))

    def words(self) -> UnitWords:
        parent = self.parent_id.unit_id if "parent_id" in self else None
        return UnitWords(
            UnitKind(self.kind.data), str(self.name.data), str(self.short_name.data), parent
        )


class AddUnitForm(UnitForm):
    """A unit that begins on a day."""

    starts = DayField(_l("Hoạt động từ ngày"), [required(_l("Viết ngày bắt đầu hoạt động."))])


class EditUnitForm(UnitForm):
    """A unit as it shall be from today on."""

    version = VersionField()


class Heir(StrEnum):
    """Who takes over from units that end."""

    KNOWN = "da-co"
    NEW = "moi"
    NONE = "khong"


class EndUnitsForm(BaseForm):
    """Units that end on a day, and what takes over from them."""

    units = UnitsField(_l("Đơn vị kết thúc"), [DataRequired(_l("Chọn đơn vị kết thúc."))])
    day = DayField(_l("Kết thúc từ ngày"), [required(_l("Viết ngày kết thúc."))])
    heir = RadioField(
        _l("Ai kế thừa"),
        [required(_l("Chọn cách kế thừa."))],
        choices=[
            SelectChoice(Heir.KNOWN.value, _l("Một đơn vị đã có")),
            SelectChoice(Heir.NEW.value, _l("Một đơn vị lập mới")),
            SelectChoice(Heir.NONE.value, _l("Không có đơn vị kế thừa")),
        ],
    )
    successor = UnitField(_l("Đơn vị kế thừa đã có"))
    name = LineField(_l("Tên đơn vị lập mới"), [at_most(200)])
    short_name = LineField(_l("Tên viết tắt của đơn vị lập mới"), [at_most(40)])

    def validate_successor(self, field: UnitField) -> None:
        if self.heir.data == Heir.KNOWN and not field.data:
            raise ValidationError(_("Chọn đơn vị kế thừa."))

    def validate_name(self, field: LineField) -> None:
        if self.heir.data == Heir.NEW and not field.data:
            raise ValidationError(_("Viết tên đơn vị lập mới."))

    def validate_short_name(self, field: LineField) -> None:
        if self.heir.data == Heir.NEW and not field.data:
            raise ValidationError(_("Viết tên viết tắt của đơn vị lập mới."))

    @property
    def wants_new(self) -> bool:
        return bool(self.heir.data == Heir.NEW)

    def new_unit(self, kind: UnitKind, parent_id: int | None) -> UnitWords:
        return UnitWords(kind, str(self.name.data), str(self.short_name.data), parent_id)

    def successor_id(self) -> int | None:
        return self.successor.unit_id if self.heir.data == Heir.KNOWN else None


class DayForm(CitizenForm):
    """Which day's tree to show; asked with GET, so it stands in the address."""

    ngay = DayField(_l("Xem cây đơn vị của ngày"), [Optional()])
