"""Fields that several parts of the back office share: units of the tree, a day, a version."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, cast

from wtforms import DateField, Field, IntegerField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from sipas.i18n import gettext as _
from sipas.i18n import lazy_gettext as _l
from sipas.staff.rules import Branch

# What a browser's own picker sends, and what a person types where there is none.
DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]
FIRST_YEAR, LAST_YEAR = 1945, 2199
INDENT = "\u2003"
NO_UNIT = 0


class UnitField(SelectField):
    """A choice among the units, in the tree's order and indented as it is."""

    def __init__(self, label: str, validators: Sequence[Any] = (), **options: Any) -> None:
        super().__init__(label, list(validators), coerce=int, choices=[], **options)

    def offer(self, branches: Iterable[Branch], *, none: str | None = None) -> None:
        """Let one of these be chosen, or none, if there is a word for that."""
        nothing = [] if none is None else [SelectChoice(NO_UNIT, none)]
        self.choices = nothing + [
            SelectChoice(branch.unit.id, INDENT * branch.depth + branch.unit.name)
            for branch in branches
        ]

    @property
    def unit_id(self) -> int:
        return cast("int", self.data)


class UnitsField(SelectMultipleField):
    """Several of the units, each with its box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str, validators: Sequence[Any], **options: Any) -> None:
        super().__init__(label, list(validators), coerce=int, choices=[], **options)

    def offer(self, branches: Iterable[Branch]) -> None:
        self.choices = [SelectChoice(branch.unit.id, branch.unit.name) for branch in branches]

    @property
    def unit_ids(self) -> list[int]:
        return cast("list[int]", self.data)


class DayField(DateField):
    """A day that an office can mean, picked or typed."""

    def __init__(self, label: str, validators: Sequence[Any], **options: Any) -> None:
        super().__init__(label, [*validators, _can_be_meant], format=DAY_FORMATS, **options)

    @property
    def day(self) -> date:
        return cast("date", self.data)


class VersionField(IntegerField):
    """Which state of a row the page showed: what was changed since must not be overwritten."""

    widget = HiddenInput()

    def __init__(self, **options: Any) -> None:
        message = _l("Trang đã mở quá lâu. Bấm gửi một lần nữa.")
        super().__init__("", [InputRequired(message)], **options)

    @property
    def number(self) -> int:
        return cast("int", self.data)

    def renew(self, version: int) -> None:
        """After the person was told, the next sending counts."""
        self.data = version
        self.raw_data = None


def some_unit(_form: object, field: Field) -> None:
    """One of the units is chosen, and not the word that asks for it."""
    if field.data == NO_UNIT:
        raise ValidationError(_("Chọn đơn vị."))


def _can_be_meant(_form: object, field: Field) -> None:
    if field.data and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
        raise ValidationError(_("Viết ngày có thật, ví dụ 20/11/2026."))
