"""What may stand in addresses: a day as 2026-11-20, a printed number; and nothing else there."""

from datetime import date

from flask import Flask
from werkzeug.routing import BaseConverter, ValidationError


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


class DigitsConverter(BaseConverter):
    """Digits as they are printed, their zeros kept."""

    regex = r"[0-9]{1,12}"


def init_app(app: Flask) -> None:
    app.url_map.converters["day"] = DayConverter
    app.url_map.converters["digits"] = DigitsConverter
