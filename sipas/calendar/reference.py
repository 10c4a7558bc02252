"""The dated files under reference/: read once into the database, refused with file and line."""

from collections.abc import Iterator, Sequence
from datetime import date, time
from pathlib import Path
from re import compile as pattern
from typing import NoReturn

import yaml

from sipas.calendar.rules import (
    LEAP,
    SPECIAL_KINDS,
    CalendarDay,
    DayKind,
    PeriodDefinition,
    Span,
    WorkingHours,
    YearDay,
)
from sipas.errors import RuleError
from sipas.i18n import gettext as _

FOLDER = Path(__file__).resolve().parents[2] / "reference"
HOURS = "calendar/hours.yaml"
PERIODS = "periods.yaml"
WEEKDAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
YEAR = pattern(r"20\d\d")
YEAR_DAY = pattern(r"(?P<day>\d\d)/(?P<month>\d\d)(?P<shift> năm trước| năm sau)?")
SHIFTS = {None: 0, " năm trước": -1, " năm sau": 1}
NO, YES = "no", "yes"


class _Place:
    """One value of a file and where it stands: what is wrong with it is said with its line.

    Values are read as they are written, since YAML would make 17:00 the number 1020.
    """

    def __init__(self, file: Path, node: yaml.Node, field: str = "") -> None:
        self.file = file
        self.node = node
        self.field = field

    def refuse(self, problem: str) -> NoReturn:
        line = self.node.start_mark.line + 1
        raise RuleError(_line_says(self.file, line, self.field, problem))

    def fields(self, *expected: str) -> dict[str, "_Place"]:
        """Exactly these fields, each once."""
        if not isinstance(self.node, yaml.MappingNode):
            self.refuse(_("phải gồm các mục: %(names)s.", names=", ".join(expected)))
        found: dict[str, _Place] = {}
        for key, value in self.node.value:
            place = _Place(self.file, value, str(key.value))
            if place.field in found:
                place.refuse(_("bị ghi hai lần."))
            if expected and place.field not in expected:
                place.refuse(_("không phải là mục được dùng ở đây."))
            found[place.field] = place
        if missing := [name for name in expected if name not in found]:
            self.refuse(_("thiếu mục: %(names)s.", names=", ".join(missing)))
        return found

    def entries(self) -> "list[_Place]":
        if not isinstance(self.node, yaml.SequenceNode):
            self.refuse(_("phải là một danh sách."))
        return [_Place(self.file, node, self.field) for node in self.node.value]

    def text(self) -> str:
        if not isinstance(self.node, yaml.ScalarNode) or not self.node.value.strip():
            self.refuse(_("phải có chữ."))
        return str(self.node.value).strip()

    def is_null(self) -> bool:
        return self.node.tag == "tag:yaml.org,2002:null"

    def optional_text(self) -> str | None:
        return None if self.is_null() else self.text()

    def one_of(self, choices: Sequence[str]) -> str:
        if self.text() not in choices:
            self.refuse(_("phải là một trong: %(choices)s.", choices=", ".join(choices)))
        return self.text()

    def day(self) -> date:
        try:
            return date.fromisoformat(self.text())
        except ValueError:
            self.refuse(_("phải là một ngày có thật, dạng 2026-09-02."))

    def year(self) -> int:
        if not YEAR.fullmatch(self.text()):
            self.refuse(_("phải là một năm, dạng 2026."))
        return int(self.text())

    def span(self) -> Span:
        try:
            opens, closes = map(time.fromisoformat, self.text().split("-"))
            return Span(opens, closes)
        except ValueError:
            self.refuse(_("phải là khoảng giờ, dạng 08:00-12:00, giờ mở trước giờ đóng."))

    def year_day(self) -> YearDay:
        found = YEAR_DAY.fullmatch(self.text())
        if not found:
            self.refuse(_("phải là ngày/tháng, dạng 15/12 hoặc 15/12 năm trước."))
        try:
            return YearDay(int(found["month"]), int(found["day"]), SHIFTS[found["shift"]])
        except ValueError:
            self.refuse(_("không phải là một ngày có thật."))


def shipped_years(folder: Path = FOLDER) -> frozenset[int]:
    return frozenset(int(file.stem) for file in _year_files(folder))


def years(folder: Path = FOLDER) -> dict[int, tuple[CalendarDay, ...]]:
    """The special days of every year that has a file."""
    return {int(file.stem): tuple(_days_of_year(file)) for file in _year_files(folder)}


def working_hours(folder: Path = FOLDER) -> WorkingHours:
    whole = _read(folder / HOURS)
    weekdays = whole.fields(*WEEKDAY_NAMES)
    week = tuple(tuple(span.span() for span in weekdays[name].entries()) for name in WEEKDAY_NAMES)
    try:
        return WorkingHours(week)
    except ValueError:
        whole.refuse(
            _("các khoảng giờ trong ngày phải theo thứ tự, có ít nhất một ngày làm việc từ sáng.")
        )


def periods(folder: Path = FOLDER) -> tuple[PeriodDefinition, ...]:
    definitions: dict[str, PeriodDefinition] = {}
    for entry in _read(folder / PERIODS).entries():
        definition = _period(entry)
        if definition.code in definitions:
            entry.refuse(_("mã kỳ %(code)s bị ghi hai lần.", code=definition.code))
        definitions[definition.code] = definition
    return tuple(definitions.values())


def _year_files(folder: Path) -> list[Path]:
    return sorted((folder / "calendar").glob("[0-9][0-9][0-9][0-9].yaml"))


def _read(file: Path) -> _Place:
    try:
        node = yaml.compose(file.read_text("utf-8"), yaml.SafeLoader)
    except OSError:
        raise RuleError(_("Không đọc được tệp %(file)s.", file=file.name)) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RuleError(_line_says(file, line, "", _("không đúng cú pháp YAML."))) from None
    if node is None:
        raise RuleError(_line_says(file, 1, "", _("tệp không có nội dung.")))
    return _Place(file, node)


def _line_says(file: Path, line: int, field: str, problem: str) -> str:
    if not field:
        return _(
            "Tệp %(file)s, dòng %(line)s: %(problem)s", file=file.name, line=line, problem=problem
        )
    return _(
        "Tệp %(file)s, dòng %(line)s, mục “%(field)s”: %(problem)s",
        file=file.name,
        line=line,
        field=field,
        problem=problem,
    )


def _days_of_year(file: Path) -> Iterator[CalendarDay]:
    whole = _read(file).fields("year", "decisions", "days")
    if whole["year"].text() != file.stem:
        whole["year"].refuse(_("phải là năm trong tên tệp."))
    decisions = {
        key: place.fields("number", "source")["number"].text()
        for key, place in whole["decisions"].fields().items()
    }
    seen: set[date] = set()
    for entry in whole["days"].entries():
        special = _special_day(entry, decisions)
        if special.day in seen:
            entry.refuse(_("ngày này đã được ghi ở trên."))
        if special.day.year != int(file.stem):
            entry.refuse(_("ngày này không thuộc năm của tệp."))
        seen.add(special.day)
        yield special


def _special_day(entry: _Place, decisions: dict[str, str]) -> CalendarDay:
    fields = entry.fields("day", "kind", "name", "decision")
    decision = fields["decision"]
    return CalendarDay(
        fields["day"].day(),
        DayKind(fields["kind"].one_of(SPECIAL_KINDS)),
        fields["name"].text(),
        None if decision.is_null() else decisions[decision.one_of(tuple(decisions))],
    )


def _period(entry: _Place) -> PeriodDefinition:
    fields = entry.fields(
        "code", "name", "starts", "ends", "due", "cumulative", "first_year", "legal_basis"
    )
    starts, ends = fields["starts"].year_day(), fields["ends"].year_day()
    if starts.in_year(LEAP) > ends.in_year(LEAP):
        fields["ends"].refuse(_("ngày cuối phải sau ngày đầu."))
    return PeriodDefinition(
        code=fields["code"].text(),
        name=fields["name"].text(),
        starts=starts,
        ends=ends,
        due=None if fields["due"].is_null() else fields["due"].year_day(),
        cumulative=fields["cumulative"].one_of((NO, YES)) == YES,
        legal_basis=fields["legal_basis"].optional_text(),
        first_year=fields["first_year"].year(),
    )
