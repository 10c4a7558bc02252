"""The lines of a catalogue file, by table."""

import pytest

from sipas.catalogue.rules import (
    CatalogueRow,
    Column,
    Level,
    Line,
    Outcome,
    Plan,
    Problem,
    ProcedureFacts,
    Reason,
    SectorFacts,
    Step,
    catalogue_rows,
    level_of,
    plan,
    problems,
)

HEAD = Line(1, ("Mã lĩnh vực", "Tên lĩnh vực", "Mã thủ tục", "Tên thủ tục", "Cấp thực hiện"))


def row(number=2, **changes):
    usual = {
        "sector_code": "HT",
        "sector_name": "Hộ tịch",
        "procedure_code": "1.001022",
        "procedure_name": "Đăng ký nhận cha, mẹ, con",
        "level": "Cấp xã",
    }
    return CatalogueRow(number, **(usual | changes))


def test_rows_are_found_by_their_heads_in_any_order_and_case():
    lines = [
        Line(1, ("CẤP", "Thủ tục", "MÃ TTHC", "ghi chú", "lĩnh vực", "mã lĩnh vực")),
        Line(
            2, ("Tỉnh", " Cấp  Phiếu lý lịch tư pháp ", "2.000488", "x", "Lý lịch tư pháp", "llt")
        ),
    ]

    rows, wrong = catalogue_rows(lines)

    assert wrong == []
    assert rows == [
        CatalogueRow(2, "LLT", "Lý lịch tư pháp", "2.000488", "Cấp Phiếu lý lịch tư pháp", "Tỉnh")
    ]


def test_decomposed_letters_and_hidden_marks_are_put_in_order():
    rows, _ = catalogue_rows(
        [HEAD, Line(2, ("HT", "Ho\u0302\u0323\u200b tịch\u00a0", "1.001022", "Đổi\ntên\x00", "xã"))]
    )

    assert (rows[0].sector_name, rows[0].procedure_name) == ("Hộ tịch", "Đổi tên")


def test_empty_lines_are_passed_over_and_keep_the_numbers_of_the_others():
    rows, _ = catalogue_rows([HEAD, Line(2, ("", " ")), Line(3, ("HT",))])

    assert [row.number for row in rows] == [3]


def test_a_missing_head_is_named():
    _, wrong = catalogue_rows([Line(1, HEAD.cells[:4]), Line(2, ("HT",))])

    assert wrong == [Problem(1, Column.LEVEL, Reason.NO_COLUMN)]


def test_a_file_without_a_line_lacks_every_head():
    _, wrong = catalogue_rows([])

    assert [problem.column for problem in wrong] == list(Column)


def test_a_good_row_has_no_problem():
    assert problems([row(), row(3, procedure_code="1.001023")]) == []


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"sector_code": ""}, Column.SECTOR_CODE, Reason.MISSING),
        ({"procedure_name": ""}, Column.PROCEDURE_NAME, Reason.MISSING),
        ({"procedure_name": "x" * 501}, Column.PROCEDURE_NAME, Reason.TOO_LONG),
        ({"procedure_name": "=HYPERLINK(1)"}, Column.PROCEDURE_NAME, Reason.FORMULA),
        ({"procedure_code": "1 004"}, Column.PROCEDURE_CODE, Reason.BAD_CODE),
        ({"procedure_code": "1..004"}, Column.PROCEDURE_CODE, Reason.BAD_CODE),
        ({"level": "huyện"}, Column.LEVEL, Reason.UNKNOWN_LEVEL),
        (
            {"procedure_code": "1.00011", "numeric": frozenset({Column.PROCEDURE_CODE})},
            Column.PROCEDURE_CODE,
            Reason.NUMBER,
        ),
    ],
)
def test_each_wrong_cell_is_named_once_with_its_reason(changes, column, reason):
    wrong = row(**changes)

    assert problems([wrong]) == [Problem(2, column, reason, wrong.text(column))]


def test_a_procedure_that_stands_twice_names_the_earlier_line():
    assert problems([row(2), row(7)]) == [
        Problem(7, Column.PROCEDURE_CODE, Reason.TWICE, "1.001022", 2)
    ]


def test_a_sector_with_two_names_names_the_earlier_line():
    rows = [row(2), row(3, procedure_code="1.001023", sector_name="Quốc tịch")]

    assert problems(rows) == [Problem(3, Column.SECTOR_NAME, Reason.TWO_NAMES, "Quốc tịch", 2)]


def test_rows_without_a_code_are_missing_it_not_twice():
    rows = [row(2, procedure_code=""), row(3, procedure_code="")]

    assert [problem.reason for problem in problems(rows)] == [Reason.MISSING, Reason.MISSING]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Cấp Tỉnh", Level.PROVINCE),
        ("xã", Level.COMMUNE),
        ("Trung ương", Level.CENTRAL),
        ("huyện", None),
    ],
)
def test_levels_are_read_with_or_without_accents(text, level):
    assert level_of(text) == level


SECTOR = SectorFacts("HT", "Hộ tịch")
PROCEDURE = ProcedureFacts("1.001022", "Đăng ký nhận cha, mẹ, con", "HT", Level.COMMUNE)


def test_into_an_empty_catalogue_everything_is_added_once():
    planned = plan([row(), row(3, procedure_code="1.001023")], {}, {})

    assert planned.sectors == (Step(None, SECTOR),)
    assert planned.count(Outcome.ADD) == 3


def test_the_same_file_again_changes_nothing():
    planned = plan([row()], {"HT": SECTOR}, {"1.001022": PROCEDURE})

    assert (planned.count(Outcome.KEEP), planned.count(Outcome.CHANGE)) == (2, 0)


@pytest.mark.parametrize(
    "before",
    [
        ProcedureFacts("1.001022", "Tên cũ", "HT", Level.COMMUNE),
        ProcedureFacts("1.001022", PROCEDURE.name, "QT", Level.COMMUNE),
        ProcedureFacts("1.001022", PROCEDURE.name, "HT", Level.PROVINCE),
        ProcedureFacts("1.001022", PROCEDURE.name, "HT", Level.COMMUNE, in_use=False),
    ],
)
def test_another_name_sector_or_level_or_a_retired_one_is_a_change(before):
    planned = plan([row()], {"HT": SECTOR}, {"1.001022": before})

    assert planned.procedures == (Step(before, PROCEDURE),)
    assert planned.count(Outcome.CHANGE) == 1


def test_two_plans_have_one_fingerprint_exactly_when_they_do_the_same():
    first = plan([row()], {}, {})

    assert plan([row(9)], {}, {}).fingerprint == first.fingerprint
    assert plan([row()], {"HT": SECTOR}, {}).fingerprint != first.fingerprint


def test_an_empty_plan_does_nothing():
    assert plan([], {}, {}) == Plan((), ())
