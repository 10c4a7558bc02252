"""A table as people keep it, CSV or XLSX: read into lines, and written as a file to fill in."""

import csv
import importlib
import io
import math
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from datetime import date, time
from pyexpat import ExpatError, ParserCreate
from typing import Any
from xml.etree.ElementTree import ParseError

from sipas.catalogue.rules import Cell, Line, one_line
from sipas.errors import RuleError
from sipas.i18n import gettext as _

LARGEST_FILE = 2 * 1024 * 1024
LARGEST_UNPACKED = 20 * 1024 * 1024
MOST_PARTS = 200
MOST_LINES = 5_000
LAST_LINE = 20_000  # with the empty ones between
MOST_COLUMNS = 20

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
# What openpyxl lets through when a workbook is torn, locked or not a workbook at all.
_TORN = (
    zipfile.BadZipFile, zlib.error, ExpatError, ParseError, EOFError, OSError, LookupError,
    ValueError, TypeError, AttributeError, RuntimeError,
)  # fmt: skip


def read_lines(content: bytes) -> list[Line]:
    """The lines that hold anything, each with its number in the file."""
    if len(content) > LARGEST_FILE:
        raise RuleError(_("Tệp lớn quá 2 MB. Chia thành nhiều tệp nhỏ hơn."))
    lines = _lines_of_workbook(content) if content.startswith(_ZIP) else _lines_of_text(content)
    if not lines:
        raise RuleError(_("Tệp không có dòng nào."))
    return lines


def _numbered(rows: Iterable[Sequence[object]]) -> list[Line]:
    """Read no further than it takes to know that there is too much, be it of nothing."""
    lines: list[Line] = []
    for number, row in enumerate(rows, start=1):
        cells = _cells(row)
        if number > LAST_LINE or (cells and len(lines) > MOST_LINES):
            raise RuleError(_("Tệp có hơn 5.000 dòng. Sao chép riêng bảng sang tệp mới."))
        if cells:
            lines.append(Line(number, cells))
    return lines


def _cells(row: Sequence[object]) -> tuple[Cell, ...]:
    """The cells up to the last one that holds anything."""
    cells = [_cell(value) for value in row[:MOST_COLUMNS]]
    while cells and cells[-1] == "":
        cells.pop()
    return tuple(cells)


def _cell(value: object) -> Cell:
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, date | time):
        return value.isoformat()
    return "" if value is None else one_line(str(value))


def _lines_of_text(content: bytes) -> list[Line]:
    if content.startswith(_OLD_EXCEL):
        raise RuleError(_("Đây là tệp .xls kiểu cũ. Mở bằng Excel, lưu lại thành .xlsx."))
    text = _decoded(content)
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return _numbered(rows)
    except csv.Error:
        raise RuleError(
            _("Tệp CSV sai dấu ngoặc kép ở gần dòng %(number)s.", number=rows.line_num)
        ) from None


def _decoded(content: bytes) -> str:
    not_text = RuleError(
        _(
            "Tệp không phải CSV viết bằng UTF-8 nên chữ có dấu sẽ hỏng. Trong Excel chọn "
            "Lưu thành, kiểu “CSV UTF-8”, hoặc lưu thành .xlsx."
        )
    )
    if content.startswith(_UTF_16) or b"\0" in content:
        raise not_text
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise not_text from None


def _excel() -> Any:
    """Loaded with the first workbook: a worker that serves citizens starts without it."""
    return importlib.import_module("openpyxl")


def _lines_of_workbook(content: bytes) -> list[Line]:
    try:
        _refuse_bombs(content)
        book = _excel().load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size may be wrong, and cut it
        return _numbered(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True))
    except _TORN:
        raise RuleError(
            _("Không mở được tệp. Mở lại bằng Excel, lưu thành .xlsx không đặt mật khẩu.")
        ) from None


def _refuse_bombs(content: bytes) -> None:
    """A small file may unpack to gigabytes, or name entities that grow without end."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sizes = [part.file_size for part in parts.infolist()]
        if len(sizes) > MOST_PARTS or sum(sizes) > LARGEST_UNPACKED:
            raise RuleError(_("Tệp nén quá nhiều nội dung. Sao chép riêng bảng sang tệp mới."))
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                _refuse_document_type(parts.read(name))


def _refuse_document_type(part: bytes) -> None:
    def refuse(*_declared: object) -> None:
        raise ValueError("A workbook declares no document type.")

    parser = ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(part, True)  # noqa: FBT003 -- the parser's own word for "this is all"


def workbook(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A file to fill in: every column holds text, so that codes keep their zeros."""
    book = _excel().Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for letter, width in zip("ABCDE", (14, 30, 18, 70, 16), strict=True):
        sheet.column_dimensions[letter].width = width
        sheet.column_dimensions[letter].number_format = "@"
    sheet.freeze_panes = "A2"
    sheet.append([_text_cell(sheet, head, bold=True) for head in heads])
    for row in rows:
        sheet.append([_text_cell(sheet, text) for text in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _text_cell(sheet: Any, text: str, *, bold: bool = False) -> Any:
    excel = _excel()
    cell = excel.cell.WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # otherwise a text that begins with = would become a formula
    cell.number_format = "@"
    cell.font = excel.styles.Font(bold=bold)
    cell.alignment = excel.styles.Alignment(wrap_text=True, vertical="top")
    return cell
