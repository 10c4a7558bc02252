"""What may stand in addresses: a day as 2026-11-20, a row's number, a printed number."""

from datetime import date

from flask import Flask
from werkzeug.routing import BaseConverter, IntegerConverter, Map, ValidationError

LARGEST_KEY = 2**31 - 1  # of any key that stands in an address; a longer number is no address


class DayConverter(BaseConverter):
    """A day as ISO writes it."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValidationError from None

    def to_url(self, value: date) -> str:
        return value.isoformat()


class KeyConverter(IntegerConverter):
    """A row's number, never longer than a database's number may be."""

    def __init__(self, url_map: Map, **bounds: int | bool) -> None:
        super().__init__(url_map, **{"max": LARGEST_KEY, **bounds})  # type: ignore[arg-type]  # handed on


class DigitsConverter(BaseConverter):
    """Digits as they are printed, their zeros kept."""

    regex = r"[0-9]{1,12}"


def row_key(text: str) -> int:
    """A row's number in a query; one that no row can have is as if none were asked for."""
    number = int(text)
    if not 0 <= number <= LARGEST_KEY:
        raise ValueError(number)
    return number


def init_app(app: Flask) -> None:
    app.url_map.converters["day"] = DayConverter
    app.url_map.converters["int"] = KeyConverter
    app.url_map.converters["digits"] = DigitsConverter
