"""What a line of the service catalogue must hold, and what taking it would change."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from sipas.folding import folded


class Level(StrEnum):
    """Who decides a procedure (cấp thực hiện)."""

    CENTRAL = "central"
    PROVINCE = "province"
    COMMUNE = "commune"


class Column(StrEnum):
    """The columns of a catalogue file."""

    SECTOR_CODE = "sector_code"
    SECTOR_NAME = "sector_name"
    PROCEDURE_CODE = "procedure_code"
    PROCEDURE_NAME = "procedure_name"
    LEVEL = "level"


class Reason(StrEnum):
    """Why a cell of a catalogue file cannot be taken."""

    NO_COLUMN = "no_column"
    MISSING = "missing"
    TOO_LONG = "too_long"
    BAD_CODE = "bad_code"
    NUMBER = "number"
    FORMULA = "formula"
    UNKNOWN_LEVEL = "unknown_level"
    TWICE = "twice"
    TWO_NAMES = "two_names"


# A number stays a number until it is judged: a spreadsheet makes 1.00011 of the code 1.000110.
Cell = str | float

# How the heads of columns and the levels are written in a file, folded.
HEADS = {
    "ma linh vuc": Column.SECTOR_CODE,
    "linh vuc": Column.SECTOR_NAME,
    "ten linh vuc": Column.SECTOR_NAME,
    "ma thu tuc": Column.PROCEDURE_CODE,
    "ma tthc": Column.PROCEDURE_CODE,
    "thu tuc": Column.PROCEDURE_NAME,
    "ten thu tuc": Column.PROCEDURE_NAME,
    "ten tthc": Column.PROCEDURE_NAME,
    "cap thuc hien": Column.LEVEL,
    "cap": Column.LEVEL,
}
LEVELS = {
    "trung uong": Level.CENTRAL,
    "cap trung uong": Level.CENTRAL,
    "bo": Level.CENTRAL,
    "cap bo": Level.CENTRAL,
    "tinh": Level.PROVINCE,
    "cap tinh": Level.PROVINCE,
    "xa": Level.COMMUNE,
    "cap xa": Level.COMMUNE,
}
CODES = (Column.SECTOR_CODE, Column.PROCEDURE_CODE)
LONGEST = {
    Column.SECTOR_CODE: 40,
    Column.SECTOR_NAME: 200,
    Column.PROCEDURE_CODE: 40,
    Column.PROCEDURE_NAME: 500,
    Column.LEVEL: 40,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file as it came, with its number in that file."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """One procedure of a file, its spaces and accents put in order, nothing judged yet."""

    number: int
    sector_code: str
    sector_name: str
    procedure_code: str
    procedure_name: str
    level: str
    numeric: frozenset[Column] = frozenset()

    def text(self, column: Column) -> str:
        return str(getattr(self, column))


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one cell; `other` is the earlier line that it contradicts."""

    number: int
    column: Column
    reason: Reason
    text: str = ""
    other: int | None = None


def one_line(cell: Cell) -> str:
    """Composed, printable, single-spaced: what two people typed alike is stored alike."""
    text = unicodedata.normalize("NFC", str(cell))
    printable = "".join(
        letter if letter.isprintable() else " "
        for letter in text
        if unicodedata.category(letter) != "Cf"
    )
    return " ".join(printable.split())


def level_of(text: str) -> Level | None:
    return LEVELS.get(folded(text))


def catalogue_rows(lines: Sequence[Line]) -> tuple[list[CatalogueRow], list[Problem]]:
    """The rows under the heads of the first line, or which heads are not there."""
    if not lines:
        return [], _without_heads(1, set())
    places = _places(lines[0])
    if missing := _without_heads(lines[0].number, set(places)):
        return [], missing
    rows = [_row(line, places) for line in lines[1:]]
    return [row for row in rows if any(row.text(column) for column in Column)], []


def _places(head: Line) -> dict[Column, int]:
    names = [HEADS.get(folded(one_line(cell))) for cell in head.cells]
    return {column: names.index(column) for column in Column if column in names}


def _without_heads(number: int, found: set[Column]) -> list[Problem]:
    return [Problem(number, column, Reason.NO_COLUMN) for column in Column if column not in found]


def _row(line: Line, places: dict[Column, int]) -> CatalogueRow:
    cells = {
        column: line.cells[place] if place < len(line.cells) else ""
        for column, place in places.items()
    }
    texts = {column.value: _text(column, cell) for column, cell in cells.items()}
    numeric = frozenset(column for column, cell in cells.items() if isinstance(cell, float))
    return CatalogueRow(line.number, **texts, numeric=numeric)


def _text(column: Column, cell: Cell) -> str:
    return one_line(cell).upper() if column in CODES else one_line(cell)


def problems(rows: Sequence[CatalogueRow]) -> list[Problem]:
    """Everything that stops these rows from being taken, line by line."""
    found = [problem for row in rows for problem in _problems_alone(row)]
    found += _problems_together(rows)
    return sorted(found, key=lambda problem: problem.number)


def _problems_alone(row: CatalogueRow) -> list[Problem]:
    reasons = [(column, _reason(row, column)) for column in Column]
    return [
        Problem(row.number, column, reason, row.text(column))
        for column, reason in reasons
        if reason is not None
    ]


def _reason(row: CatalogueRow, column: Column) -> Reason | None:
    text = row.text(column)
    checks = {
        Reason.MISSING: not text,
        Reason.TOO_LONG: len(text) > LONGEST[column],
        Reason.FORMULA: re.match(r"=|#(REF|N/A|NAME|VALUE|DIV/0|NUM|NULL)", text) is not None,
        Reason.NUMBER: column in CODES and column in row.numeric,
        Reason.BAD_CODE: column in CODES and not is_catalogue_code(text),
        Reason.UNKNOWN_LEVEL: column is Column.LEVEL and level_of(text) is None,
    }
    return next((reason for reason, wrong in checks.items() if wrong), None)


def is_catalogue_code(text: str) -> bool:
    """Codes of the national catalogue look like 1.004194 or 1.004194.000.00.00.H59."""
    return re.fullmatch(r"[0-9A-ZĐ]+([.\-_/][0-9A-ZĐ]+)*", text) is not None


def _problems_together(rows: Sequence[CatalogueRow]) -> list[Problem]:
    found = []
    procedures: dict[str, CatalogueRow] = {}
    sectors: dict[str, CatalogueRow] = {}
    for row in rows:
        first = procedures.setdefault(row.procedure_code, row)
        if row.procedure_code and first is not row:
            found.append(_contradiction(row, first, Column.PROCEDURE_CODE, Reason.TWICE))
        named = sectors.setdefault(row.sector_code, row)
        if row.sector_code and named.sector_name != row.sector_name:
            found.append(_contradiction(row, named, Column.SECTOR_NAME, Reason.TWO_NAMES))
    return found


def _contradiction(
    row: CatalogueRow, earlier: CatalogueRow, column: Column, reason: Reason
) -> Problem:
    return Problem(row.number, column, reason, row.text(column), earlier.number)


@dataclass(frozen=True, slots=True)
class SectorFacts:
    """What the catalogue says of a sector."""

    code: str
    name: str
    in_use: bool = True


@dataclass(frozen=True, slots=True)
class ProcedureFacts:
    """What the catalogue says of a procedure."""

    code: str
    name: str
    sector_code: str
    level: Level
    in_use: bool = True


Facts = TypeVar("Facts", SectorFacts, ProcedureFacts)


class Outcome(StrEnum):
    """What taking a file does to one sector or procedure."""

    ADD = "add"
    CHANGE = "change"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Step(Generic[Facts]):
    """One sector or procedure before and after a file is taken."""

    before: Facts | None
    after: Facts

    @property
    def outcome(self) -> Outcome:
        if self.before is None:
            return Outcome.ADD
        return Outcome.KEEP if self.before == self.after else Outcome.CHANGE


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that taking a file would do. What is not in the file stays as it is."""

    sectors: tuple[Step[SectorFacts], ...]
    procedures: tuple[Step[ProcedureFacts], ...]

    @property
    def changed_sectors(self) -> list[Step[SectorFacts]]:
        return [step for step in self.sectors if step.outcome is not Outcome.KEEP]

    @property
    def changed_procedures(self) -> list[Step[ProcedureFacts]]:
        return [step for step in self.procedures if step.outcome is not Outcome.KEEP]

    @property
    def changes_something(self) -> bool:
        return bool(self.changed_sectors or self.changed_procedures)

    @property
    def fingerprint(self) -> str:
        """The same for two plans exactly when they do the same."""
        return hashlib.sha256(repr(self).encode()).hexdigest()

    def count(self, outcome: Outcome) -> int:
        outcomes = [step.outcome for step in self.sectors]
        outcomes += [step.outcome for step in self.procedures]
        return outcomes.count(outcome)


def plan(
    rows: Sequence[CatalogueRow],
    sectors: Mapping[str, SectorFacts],
    procedures: Mapping[str, ProcedureFacts],
) -> Plan:
    """Rows without a problem, against the catalogue as it is."""
    wanted = {row.sector_code: SectorFacts(row.sector_code, row.sector_name) for row in rows}
    return Plan(
        tuple(Step(sectors.get(code), facts) for code, facts in wanted.items()),
        tuple(Step(procedures.get(row.procedure_code), _procedure(row)) for row in rows),
    )


def _procedure(row: CatalogueRow) -> ProcedureFacts:
    level = LEVELS[folded(row.level)]
    return ProcedureFacts(row.procedure_code, row.procedure_name, row.sector_code, level)
