"""One key for whatever a keyboard makes of the same words."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sipas.folding import folded


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Đường Phạm Văn Đồng", "duong pham van dong"),
        ("ÐƯỜNG", "duong"),
        ("hòa", "hoa"),
        ("hoà", "hoa"),
        ("H'Hen Niê", "h'hen nie"),
        ("Straße 12", "strasse 12"),
    ],
)
def test_case_accents_and_strokes_make_no_difference(typed, key):
    assert folded(typed) == key
    assert folded(unicodedata.normalize("NFD", typed)) == key


@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    assert folded(folded(text)) == folded(text)
