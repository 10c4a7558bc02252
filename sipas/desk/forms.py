"""What staff fill in to set up a desk, change it, give it a code, close it."""

from collections.abc import Sequence

from wtforms import HiddenField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.widgets import CheckboxInput, ListWidget

from sipas.catalogue.models import Sector
from sipas.desk.models import Desk
from sipas.desk.rules import LONGEST_NAME, LONGEST_PLACE, DeskFacts
from sipas.i18n import gettext as _
from sipas.i18n import lazy_gettext as _l
from sipas.staff.models import Unit
from sipas.web.forms import BaseForm, LineField, at_most, required

NOWHERE = 0


class DeskForm(BaseForm):
    """Three answers are enough for a desk that can be printed."""

    name = LineField(
        _l("Tên quầy"), [required(_l("Ghi tên quầy, ví dụ Quầy 3.")), at_most(LONGEST_NAME)]
    )
    unit_id = SelectField(_l("Đơn vị phụ trách"), coerce=int)
    place = LineField(
        _l("Nơi đặt quầy"),
        [required(_l("Ghi nơi đặt quầy, ví dụ Bộ phận Một cửa.")), at_most(LONGEST_PLACE)],
    )

    def offer(self, units: Sequence[Unit]) -> None:
        self.unit_id.choices = [SelectChoice(unit.id, unit.name) for unit in units]

    def facts(self) -> DeskFacts:
        return DeskFacts(str(self.name.data), str(self.place.data), int(self.unit_id.data))


class DeskChangeForm(DeskForm):
    sector_ids = SelectMultipleField(
        _l("Lĩnh vực nhận hồ sơ tại quầy"),
        coerce=int,
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )

    def offer_sectors(self, sectors: Sequence[Sector]) -> None:
        self.sector_ids.choices = [
            SelectChoice(sector.id, f"{sector.name} ({sector.code})") for sector in sectors
        ]

    def facts(self) -> DeskFacts:
        chosen = frozenset(self.sector_ids.data or [])
        return DeskFacts(str(self.name.data), str(self.place.data), int(self.unit_id.data), chosen)


class NewCodeForm(BaseForm):
    """Asks for a new code in the place of the one that the page showed."""

    instead_of = HiddenField()


class CloseForm(BaseForm):
    onward_id = SelectField(_l("Người quét mã cũ được chỉ sang"), coerce=int)

    def offer(self, desks: Sequence[Desk]) -> None:
        self.onward_id.choices = [
            SelectChoice(NOWHERE, _("Không chỉ sang quầy nào")),
            *(SelectChoice(desk.id, f"{desk.name} – {desk.unit.name}") for desk in desks),
        ]

    def onward(self, desks: Sequence[Desk]) -> Desk | None:
        return next((desk for desk in desks if desk.id == self.onward_id.data), None)
