"""Every word a person reads is Vietnamese, and has its English."""

import re
from pathlib import Path

import flask_wtf
import pytest
import wtforms
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

    wrong = []
    for message in catalogue:
        own = [message.id] if isinstance(message.id, str) else list(message.id)
        theirs = [message.string] if isinstance(message.string, str) else list(message.string)
        gaps = {name for text in own for name in GAP.findall(text)}
        if message.id and (
            not all(theirs)
            or message.fuzzy
            or {name for text in theirs for name in GAP.findall(text)} - gaps
        ):
            wrong.append(message.id)

    assert wrong == []


def test_the_source_language_needs_no_catalogue():
    with i18n.speaking("vi"):
        assert i18n.gettext("Đã lưu.") == "Đã lưu."
