"""Every word a person reads is Vietnamese, and has its English."""

import re
from pathlib import Path

import flask_wtf
import pytest
import wtforms
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from sipas import i18n
from sipas.web.forms import WORDS

CATALOGUES = sorted(Path("translations").glob("*/LC_MESSAGES/messages.po"))
GAP = re.compile(r"%\((\w+)\)[sd]")


def sentences_of_wtforms():
    folder = Path(wtforms.__file__).parent / "locale"
    with (folder / "wtforms.pot").open("rb") as source:
        for message in read_po(source):
            yield from (message.id if isinstance(message.id, tuple) else [message.id])


def test_every_sentence_of_the_form_library_has_its_vietnamese():
    missing = [text for text in sentences_of_wtforms() if text and text not in WORDS]

    assert missing == []


def test_every_refusal_of_the_token_library_has_its_vietnamese():
    source = (Path(flask_wtf.__file__).parent / "csrf.py").read_text()
    said = re.findall(r'ValidationError\("([^"]+)"\)', source)

    assert said
    assert [sentence for sentence in said if sentence not in WORDS] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=str)
def test_every_sentence_is_translated_and_keeps_its_gaps(path):
    with path.open("rb") as source:
        catalogue = read_po(source)

    assert [message.id for message in catalogue if message.id and not is_right(message)] == []


def is_right(message: Message) -> bool:
    own, theirs = forms(message.id), forms(message.string)
    if message.fuzzy or not all(theirs):
        return False
    if message.pluralizable:  # "one day" may leave its number out
        return gaps(theirs) <= gaps(own)
    return gaps(theirs) == gaps(own)


def forms(text: str | tuple[str, ...]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def gaps(texts: list[str]) -> set[str]:
    return {name for text in texts for name in GAP.findall(text)}


@pytest.mark.parametrize(
    ("own", "theirs", "expected"),
    [
        ("Còn %(n)d ngày.", "%(n)d days left.", True),
        ("Còn %(n)d ngày.", "Days left.", False),
        ("Còn %(n)d ngày.", "%(count)d days left.", False),
        ("Còn vài ngày.", "%(n)d days left.", False),
        ("Còn vài ngày.", "", False),
        (("Còn %(n)d ngày.",) * 2, ("One day left.", "%(n)d days left."), True),
        (("Còn %(n)d ngày.",) * 2, ("One day left.", "%(count)d days left."), False),
    ],
)
def test_a_translation_that_loses_a_gap_is_seen(own, theirs, expected):
    assert is_right(Message(own, theirs)) == expected


def test_the_source_language_needs_no_catalogue():
    with i18n.speaking("vi"):
        assert i18n.gettext("Đã lưu.") == "Đã lưu."
