"""The sheet that stands on a desk, as PDF to print and as picture to look at."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

HOUSE = Path(__file__).resolve().parents[2]
A5 = HOUSE / "templates" / "desk" / "poster-a5.typ"
FONTS = HOUSE / "static" / "vendor" / "fonts" / "be-vietnam-pro"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What differs from sheet to sheet; `qr` is an SVG, `typed` the address for a keyboard."""

    office: str
    place: str
    desk: str
    qr: str
    typed: str
    domain: str
    small_print: str
    emblem: bytes | None = None


class PosterError(Exception):
    """A font or a letter is missing: the sheet would come out wrong in silence."""


def pdf_a5(sheet: Sheet) -> bytes:
    return _drawn(A5, sheet, form="pdf")


def png_a5(sheet: Sheet, *, dots_per_inch: int = 96) -> bytes:
    return _drawn(A5, sheet, form="png", dots_per_inch=dots_per_inch)


def _drawn(
    layout: Path, sheet: Sheet, *, form: Literal["pdf", "png"], dots_per_inch: int | None = None
) -> bytes:
    # Imported here and not above: a process that only serves citizens never pays its memory.
    import typst  # noqa: PLC0415 -- see the line above

    try:
        pages, warnings = typst.compile_with_warnings(
            str(layout),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            format=form,
            ppi=dots_per_inch,
            sys_inputs={"sheet": json.dumps(asdict(sheet), default=list)},
            # Readable aloud; and a letter that the font lacks is refused, not left out.
            pdf_standards="ua-1" if form == "pdf" else [],
        )
    except typst.TypstError as error:
        raise PosterError(error.message) from error
    if warnings or not isinstance(pages, bytes):
        raise PosterError("; ".join(warning.message for warning in warnings) or "not one page")
    return pages
