"""The form by which somebody hands over their duties."""

from collections.abc import Iterable

from wtforms import SelectField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired

from sipas.delegation.rules import Absence
from sipas.i18n import gettext as _
from sipas.i18n import lazy_gettext as _l
from sipas.staff.forms import DayField
from sipas.staff.models import StaffMember
from sipas.web.forms import BaseForm, LinesField, at_most, required

NOBODY = 0
LONGEST_REASON = 500


class DelegationForm(BaseForm):
    """To whom, from when until when, and why."""

    to_id = SelectField(_l("Ủy quyền cho"), coerce=int)
    first_day = DayField(_l("Từ ngày"), [required(_l("Viết ngày đầu."))])
    last_day = DayField(_l("Đến hết ngày"), [required(_l("Viết ngày cuối."))])
    reason = LinesField(
        _l("Lý do"),
        [DataRequired(_l("Viết lý do, ví dụ: đi công tác.")), at_most(LONGEST_REASON)],
    )

    def offer(self, colleagues: Iterable[StaffMember]) -> None:
        self.to_id.choices = [
            SelectChoice(NOBODY, _("Chọn người nhận")),
            *(SelectChoice(one.id, f"{one.name} – {one.unit.name}") for one in colleagues),
        ]

    def validate_to_id(self, field: SelectField) -> None:
        if field.data == NOBODY:
            raise ValidationError(_("Chọn người nhận ủy quyền."))

    def absence(self) -> Absence:
        return Absence(self.first_day.day, self.last_day.day, str(self.reason.data))
