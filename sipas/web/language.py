"""Which language this request speaks: it stands in the address, so no cookie is needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from flask import Flask, g, request, url_for

from sipas import i18n

FIELD = "lang"


@dataclass(frozen=True, slots=True)
class Language:
    """One entry of the language switch."""

    code: str
    name: str
    url: str
    current: bool


def init_app(app: Flask) -> None:
    app.before_request(_choose)
    app.url_defaults(_carry)


def switched() -> bool:
    """Was this form sent only to be shown again in another language?"""
    return bool(request.form.get(FIELD))


def choices() -> list[Language]:
    return [
        Language(code, i18n.NAMES.get(code, code), _same_page(code), code == i18n.spoken())
        for code in i18n.languages()
    ]


def _choose() -> None:
    wanted = request.form.get(FIELD) or request.args.get(FIELD)
    language = wanted if wanted in i18n.languages() else i18n.SOURCE
    g.language = language
    i18n.speak(language)


def _carry(endpoint: str, values: dict[str, object]) -> None:
    language = g.get("language", i18n.SOURCE)
    if language != i18n.SOURCE and endpoint != "static":
        values.setdefault(FIELD, language)


def _same_page(code: str) -> str:
    if request.endpoint is None or request.method != "GET":
        return f"?{FIELD}={code}"
    return same_page({**request.args.to_dict(), FIELD: code})


def same_page(query: Mapping[str, object]) -> str:
    """The address of this page with another query, whose names mean nothing to url_for."""
    path = urlsplit(url_for(str(request.endpoint), **(request.view_args or {}))).path
    return f"{path}?{urlencode(query)}"
