"""Forms about people: who they are, where they belong, which role they get."""

import re
from datetime import timedelta

from wtforms import SelectField, SelectMultipleField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from sipas.door.rules import account_name
from sipas.i18n import gettext as _
from sipas.i18n import lazy_gettext as _l
from sipas.people.rules import SIGN_IN_NAME, PersonFacts, RoleSpan
from sipas.staff.forms import DayField, UnitField, VersionField, some_unit
from sipas.staff.labels import ROLES
from sipas.staff.rules import Role
from sipas.web.forms import BaseForm, LineField, MailField, at_most, required

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_ROLES = [SelectChoice(role.value, word) for role, word in ROLES.items()]


class PersonForm(BaseForm):
    """Who somebody is and where they belong."""

    name = LineField(_l("Họ và tên"), [DataRequired(_l("Viết họ và tên.")), at_most(100)])
    title = LineField(
        _l("Chức danh"), [DataRequired(_l("Viết chức danh, ví dụ: Chuyên viên.")), at_most(100)]
    )
    email = MailField(
        _l("Thư điện tử"), [DataRequired(_l("Viết địa chỉ thư điện tử.")), at_most(200)]
    )
    unit_id = UnitField(_l("Đơn vị"), [some_unit])

    def validate_email(self, field: MailField) -> None:
        if not _ADDRESS.fullmatch(field.data or ""):
            raise ValidationError(_("Địa chỉ thư điện tử cần có dạng ten@donvi.gov.vn."))

    def facts(self) -> PersonFacts:
        return PersonFacts(
            str(self.name.data),
            str(self.title.data),
            str(self.email.data),
            self.unit_id.unit_id,
        )


class AddPersonForm(PersonForm):
    """A new person: what to sign in with, and the roles to begin with."""

    sign_in = LineField(_l("Tên đăng nhập"))
    roles = SelectMultipleField(
        _l("Vai trò tại đơn vị này"),
        choices=_ROLES,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def validate_sign_in(self, field: LineField) -> None:
        if field.data and not SIGN_IN_NAME.fullmatch(account_name(field.data)):
            raise ValidationError(
                _("Viết từ 3 đến 40 chữ cái, chữ số, dấu chấm, gạch nối; bắt đầu bằng chữ hoặc số.")
            )

    def wanted_name(self) -> str:
        return account_name(self.sign_in.data or "")

    def chosen_roles(self) -> list[Role]:
        return [Role(role) for role in self.roles.data or []]


class EditPersonForm(PersonForm):
    """A person as they shall be known from now on."""

    version = VersionField()


class GrantForm(BaseForm):
    """A role for a unit, from day to day."""

    role = SelectField(_l("Vai trò"), choices=_ROLES)
    unit_id = UnitField(_l("Đơn vị"), [some_unit])
    starts = DayField(_l("Từ ngày"), [required(_l("Viết ngày bắt đầu."))])
    last_day = DayField(_l("Đến hết ngày"), [Optional()])

    def span(self) -> RoleSpan:
        last = self.last_day.day if self.last_day.data else None
        ends = last + timedelta(days=1) if last else None
        return RoleSpan(Role(self.role.data), self.unit_id.unit_id, self.starts.day, ends)
