"""Words: Vietnamese stands in the source, other languages in translations/<code>/."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import cast

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import LazyProxy, NullTranslations, Translations

SOURCE = "vi"
FOLDER = Path(__file__).resolve().parent.parent / "translations"
NAMES = {"vi": "Tiếng Việt", "en": "English"}  # a language is named by itself

_spoken: ContextVar[str] = ContextVar("spoken_language", default=SOURCE)


@cache
def languages() -> tuple[str, ...]:
    """The languages that can be chosen: the source and every catalogue that is there."""
    return (SOURCE, *sorted(path.parent.parent.name for path in FOLDER.glob("*/LC_MESSAGES/*.po")))


@cache
def catalogue(language: str) -> NullTranslations:
    """The words of one language, read from its .po once: nothing to compile, nothing stale."""
    path = FOLDER / language / "LC_MESSAGES" / "messages.po"
    if language == SOURCE or not path.exists():
        return NullTranslations()
    with path.open("rb") as source:
        words = read_po(source, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, words)
    compiled.seek(0)
    return Translations(compiled)


def spoken() -> str:
    return _spoken.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def speak(language: str) -> None:
    """Set the language of what follows in this context (one request, one command)."""
    _spoken.set(language)


def gettext(message: str, **gaps: object) -> str:
    words = catalogue(spoken()).ugettext(message)
    return words % gaps if gaps else words


def ngettext(one: str, many: str, count: int, **gaps: object) -> str:
    words = catalogue(spoken()).ungettext(one, many, count)
    return words % {"num": count, **gaps}


def lazy_gettext(message: str, **gaps: object) -> str:
    """Words that wait until they are shown: for labels that stand in classes, in a str's place."""
    return cast("str", LazyProxy(gettext, message, enable_cache=False, **gaps))
