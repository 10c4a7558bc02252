"""What is done on the first day, and when the office's name or emblem changes."""

import io
import warnings
from collections.abc import Sequence

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy import select
from sqlalchemy.orm import Session

from sipas.errors import RuleError
from sipas.first_day.queries import root_unit
from sipas.first_day.rules import (
    EMBLEM_BYTES,
    EMBLEM_COLOURS,
    EMBLEM_PIXELS,
    EMBLEM_SIDE,
    OfficeWords,
)
from sipas.i18n import gettext as _
from sipas.ledger.actions import record
from sipas.staff.models import Office, Unit
from sipas.staff.rules import Deed, UnitKind
from sipas.units.actions import add_unit, edit_unit
from sipas.units.rules import UnitWords

NOT_A_PICTURE = (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombWarning)


def begin_office(db: Session, name: str, *, deed: Deed) -> Unit:
    """The office and the root of its units, on which everything else stands."""
    db.add(Office(id=1, name=name, place="", phone="", domain=""))
    words = UnitWords(UnitKind.OFFICE, name, initials(name), None)
    root = add_unit(db, words, starts=deed.day, deed=deed)
    record(db, "office.begun", "office:1", by=deed.by, now=deed.now)
    return root


def name_office(db: Session, office: Office, words: OfficeWords, *, deed: Deed) -> None:
    """Set how the office is called and reached; the root of its units is called the same."""
    office.name, office.place = words.name, words.place
    office.phone, office.domain = words.phone, words.domain
    root = root_unit(db)
    named = UnitWords(UnitKind.OFFICE, words.name, root.short_name or initials(words.name), None)
    edit_unit(db, root, named, version=root.version, deed=deed)
    record(db, "office.named", "office:1", by=deed.by, now=deed.now)


def set_emblem(db: Session, office: Office, upload: bytes, *, deed: Deed) -> None:
    office.emblem_png = small_png(upload)
    record(db, "office.emblem_set", "office:1", by=deed.by, now=deed.now)


def add_divisions(db: Session, names: Sequence[str], *, deed: Deed) -> int:
    """Add the divisions that are not there yet; sending the same list twice adds nothing."""
    root = root_unit(db)
    there = set(db.scalars(select(Unit.name).where(Unit.ends.is_(None))))
    new = [name for name in names if name not in there]
    for name in new:
        words = UnitWords(UnitKind.DIVISION, name, initials(name), root.id)
        add_unit(db, words, starts=deed.day, deed=deed)
    return len(new)


def finish_first_day(db: Session, office: Office, *, deed: Deed) -> None:
    if office.set_up_at is None:
        office.set_up_at = deed.now
        record(db, "office.set_up", "office:1", by=deed.by, now=deed.now)


def initials(name: str) -> str:
    """A short name to begin with: Phòng Hành chính tư pháp is PHCTP."""
    return "".join(word[0] for word in name.split() if word[0].isalpha()).upper()[:40]


def small_png(upload: bytes) -> bytes:
    """The picture drawn anew, small and without anything hidden in the file."""
    picture = _opened(upload)
    picture.thumbnail((EMBLEM_SIDE, EMBLEM_SIDE))
    for colours in EMBLEM_COLOURS:
        png = _png(picture.quantize(colours))
        if len(png) <= EMBLEM_BYTES:
            return png
    raise RuleError(_("Ảnh này nhiều chi tiết quá. Chọn biểu trưng đơn giản hơn."))


def _opened(upload: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(upload), formats=("PNG", "JPEG"))
            if picture.width * picture.height > EMBLEM_PIXELS:
                raise ValueError(picture.size)
            return ImageOps.exif_transpose(picture).convert("RGBA")
    except NOT_A_PICTURE:
        raise RuleError(
            _("Tệp này không phải ảnh PNG hoặc JPEG dùng được. Chọn tệp khác.")
        ) from None


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
