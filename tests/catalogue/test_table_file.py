"""Files as people keep them: every make that is read, every one that is refused."""

import io
import random
import time
import tracemalloc
import zipfile
from datetime import date

import openpyxl
import pytest

from sipas.catalogue.rules import Line
from sipas.catalogue.table_file import MOST_LINES, read_lines, workbook
from sipas.errors import RuleError
from tests.catalogue.files import BIRTH, HEAD, RECORD, csv_file, xlsx_file

LINES = [Line(1, HEAD), Line(2, BIRTH), Line(3, RECORD)]


def repacked(content, change):
    """The workbook with each of its parts passed through `change(name, part)`."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        csv_file(BIRTH, RECORD),
        csv_file(BIRTH, RECORD, separator=";"),
        csv_file(BIRTH, RECORD, separator="\t"),
        csv_file(BIRTH, RECORD, encoding="utf-8-sig"),
        csv_file(BIRTH, RECORD).replace(b"\r\n", b"\n"),
        xlsx_file(BIRTH, RECORD),
    ],
    ids=["commas", "semicolons", "tabs", "bom", "unix", "xlsx"],
)
def test_a_table_is_read_whatever_it_was_saved_as(content):
    assert read_lines(content) == LINES


def test_empty_lines_are_left_out_and_the_others_keep_their_numbers():
    assert read_lines(xlsx_file((None,), BIRTH)) == [Line(1, HEAD), Line(3, BIRTH)]


def test_cells_keep_line_breaks_and_separators_inside_quotes_as_spaces():
    content = csv_file(("HT", "Hộ tịch", "1.001193", "Đăng ký,\nkhai sinh", "Cấp xã"))

    assert read_lines(content)[1].cells[3] == "Đăng ký, khai sinh"


def test_decomposed_letters_come_out_composed():
    assert read_lines(csv_file(("Ho\u0302\u0323 tịch",)))[1].cells == ("Hộ tịch",)


def test_numbers_of_a_workbook_stay_numbers_so_that_lost_zeros_are_noticed():
    assert read_lines(xlsx_file(("HT", 7, 1.00011)))[1].cells[:3] == ("HT", "7", 1.00011)


@pytest.mark.parametrize("text", ["1E999", "-1E999"])
def test_a_number_without_end_is_only_text(text):
    content = repacked(
        xlsx_file((2.5,)),
        lambda _name, part: part.replace(b"<v>2.5</v>", f"<v>{text}</v>".encode()),
    )

    assert read_lines(content)[1].cells[0] in ("inf", "-inf")


def test_a_formula_gives_what_it_last_showed():
    content = repacked(
        xlsx_file(("=1+1",)),
        lambda _name, part: part.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>").replace(
            b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>"
        ),
    )

    assert read_lines(content)[1].cells[0] == "2"


def test_a_formula_that_was_never_worked_out_is_an_empty_cell():
    assert read_lines(xlsx_file(("HT", "=A1")))[1].cells == ("HT",)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "không có dòng nào"),
        (b"\r\n , ,\r\n", "không có dòng nào"),
        (csv_file(encoding="cp1258", head=("Ma\u0303", "Tên")), "không phải CSV viết bằng UTF-8"),
        (csv_file(BIRTH, encoding="utf-16"), "không phải CSV viết bằng UTF-8"),
        (b"a\x00b", "không phải CSV viết bằng UTF-8"),
        (b'"a","b\r\n', "sai dấu ngoặc kép ở gần dòng 1"),
        (b"a" * 200_000, "sai dấu ngoặc kép"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, ".xls kiểu cũ"),
        (b"PK\x03\x04" + b"x" * 100, "Không mở được tệp"),
        (xlsx_file(BIRTH)[:-200], "Không mở được tệp"),
        (b"x" * (2 * 1024 * 1024 + 1), "lớn quá 2 MB"),
        (csv_file(*[BIRTH] * (MOST_LINES + 1)), "hơn 5.000 dòng"),
        (xlsx_file(*[BIRTH] * (MOST_LINES + 1)), "hơn 5.000 dòng"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_way_on(content, message):
    with pytest.raises(RuleError, match=message):
        read_lines(content)


def test_the_most_lines_allowed_are_read():
    assert len(read_lines(csv_file(*[BIRTH] * MOST_LINES))) == MOST_LINES + 1


def test_a_workbook_that_unpacks_to_gigabytes_is_refused_quickly_and_in_little_memory():
    bomb = repacked(
        xlsx_file(BIRTH),
        lambda name, part: b"<x>" * 100_000_000 if name.endswith("sheet1.xml") else part,
    )
    tracemalloc.start()
    start = time.monotonic()

    with pytest.raises(RuleError, match="nén quá nhiều"):
        read_lines(bomb)

    taken, peak = time.monotonic() - start, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(bomb) < 2 * 1024 * 1024
    assert (taken < 5, peak < 180 * 1024 * 1024) == (True, True)


def test_a_workbook_of_a_thousand_parts_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        for number in range(1000):
            parts.writestr(f"{number}.xml", "<x/>")

    with pytest.raises(RuleError, match="nén quá nhiều"):
        read_lines(out.getvalue())


def test_growing_entities_are_refused_before_they_grow():
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    bomb = repacked(
        xlsx_file(BIRTH),
        lambda name, part: entities + part if name.endswith("sheet1.xml") else part,
    )

    with pytest.raises(RuleError, match="Không mở được tệp"):
        read_lines(bomb)


@pytest.mark.parametrize("row", [1_048_576, 10**15])
def test_a_lone_cell_a_million_rows_down_is_refused_without_a_wait(row):
    far = repacked(
        xlsx_file(BIRTH),
        lambda _name, part: part.replace(b'<row r="2"', f'<row r="{row}"'.encode()),
    )
    start = time.monotonic()

    with pytest.raises(RuleError, match="có hơn"):
        read_lines(far)

    assert time.monotonic() - start < 5


def test_what_a_workbook_says_of_its_own_size_does_not_cut_it():
    lying = repacked(
        xlsx_file(BIRTH, RECORD),
        lambda _name, part: part.replace(b'ref="A1:E3"', b'ref="A1:B2"'),
    )

    assert read_lines(lying) == LINES


def test_a_workbook_with_any_bytes_changed_is_read_or_refused_but_never_a_crash():
    whole, dice = xlsx_file(BIRTH, RECORD), random.Random(2026)  # noqa: S311 -- repeatable, not secret
    for _try in range(200):
        torn = bytearray(whole)
        for _byte in range(dice.randrange(1, 20)):
            torn[dice.randrange(len(torn))] = dice.randrange(256)
        try:
            read_lines(bytes(torn))
        except RuleError as refusal:
            assert refusal.message  # noqa: PT017 -- either outcome is right


def test_a_file_made_here_is_read_here_and_keeps_every_text():
    rows = [BIRTH, ("01", "=1+1", "1.000110", "+84 – “Đ”", "Cấp tỉnh")]

    assert read_lines(workbook("Danh mục", HEAD, rows)) == [
        Line(1, HEAD),
        Line(2, BIRTH),
        Line(3, rows[1]),
    ]


def test_a_file_made_here_holds_no_formula_and_asks_excel_for_text():
    book = openpyxl.load_workbook(io.BytesIO(workbook("Danh mục", HEAD, [("=1+1",) * 5])))

    kinds = {(cell.data_type, cell.number_format) for row in book.active.rows for cell in row}
    assert kinds == {("s", "@")}
    assert book.active.column_dimensions["C"].number_format == "@"


def test_a_day_in_a_workbook_is_text_in_the_order_of_the_calendar():
    assert read_lines(xlsx_file((date(2026, 11, 20),)))[1].cells == ("2026-11-20T00:00:00",)
