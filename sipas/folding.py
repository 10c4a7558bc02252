"""Text as it is compared and searched: without case, accents and the stroke of đ."""

import unicodedata

# Some keyboards type the Icelandic ð (Ð) for đ (Đ); the two look alike and mean the same here.
_STROKED = str.maketrans({"đ": "d", "ð": "d"})


def folded(text: str) -> str:
    """The search key of a text: `Đường Phạm` and `duong pham` have the same, however composed."""
    letters = unicodedata.normalize("NFD", unicodedata.normalize("NFC", text).casefold())
    bare = "".join(sign for sign in letters if unicodedata.category(sign) != "Mn")
    return unicodedata.normalize("NFC", bare.translate(_STROKED))
