"""How moments, days and numbers are spoken on a page: Vietnamese offices' way."""

from datetime import date, datetime

from babel.numbers import format_decimal
from flask import Flask

from sipas.clock import VIETNAM
from sipas.i18n import gettext as _
from sipas.i18n import spoken

NOTHING = "—"
NO_BREAK = "\u00a0"


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(FILTERS)


def day(value: date | datetime | None) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        value = value.astimezone(VIETNAM).date()
    return value.strftime("%d/%m/%Y")


def moment(value: datetime | None) -> str:
    if value is None:
        return NOTHING
    return value.astimezone(VIETNAM).strftime(f"%H:%M{NO_BREAK}%d/%m/%Y")


def weekday(value: date) -> str:
    names = [
        _("thứ Hai"),
        _("thứ Ba"),
        _("thứ Tư"),
        _("thứ Năm"),
        _("thứ Sáu"),
        _("thứ Bảy"),
        _("Chủ nhật"),
    ]
    return f"{names[value.weekday()]} {day(value)}".replace(" ", NO_BREAK)


def number(value: float | None) -> str:
    """A figure, or the dash that says there is none."""
    return NOTHING if value is None else format_decimal(value, locale=spoken())


FILTERS = {"day": day, "moment": moment, "weekday": weekday, "number": number}
