"""Questionnaires as data: what a dated file or a frozen version asks, and what a bad one lacks."""

import json
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from sipas.errors import RuleError
from sipas.i18n import SOURCE
from sipas.i18n import gettext as _
from sipas.survey.rules import BLANK, LEVELS, NO, YES

FOLDER = Path(__file__).resolve().parents[2] / "reference" / "questionnaires"
KEPT_READY = 64  # frozen versions that stand parsed in memory


class Wording(StrEnum):
    """Where the words of a text come from: an office must be able to see what is not official."""

    OFFICIAL_SEEN = "official_seen"
    TRANSCRIBED_SECONDARY = "transcribed_secondary"
    SHORT_LABEL_SECONDARY = "short_label_secondary"
    RECONSTRUCTED = "reconstructed"
    MEMORY = "memory"
    OWN = "own"


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500),
    AfterValidator(_composed),
]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]
Words = dict[str, Text]
Value = Annotated[int, Field(ge=LEVELS[0], le=LEVELS[-1])]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Source(_Part):
    what: Text
    where: Text


class Level(_Part):
    """A level of the scale (mức), 1 to 5."""

    value: Value
    text: Words


class Scale(_Part):
    wording: Wording
    levels: tuple[Level, ...]

    @model_validator(mode="after")
    def _has_each_level_once(self) -> "Scale":
        if sorted(level.value for level in self.levels) != list(LEVELS):
            raise PydanticCustomError("levels", _("phải có đủ năm mức 1 đến 5, mỗi mức một lần"))
        return self


class CriterionText(_Part):
    """A criterion (tiêu chí); `continues` is the code it bears in an earlier version."""

    code: Code
    dimension: Code
    wording: Wording
    text: Words
    continues: Code | None


class Reason(_Part):
    code: Code
    text: Words


class ReasonGroup(_Part):
    """What is asked after some of the levels, and the reasons (lý do) offered there."""

    levels: tuple[Value, ...]
    wording: Wording
    asks: Words
    offers: tuple[Reason, ...]


class Content(_Part):
    """Everything one version of a questionnaire says, in every language it speaks."""

    code: Code
    title: Words
    languages: tuple[Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")], ...]
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    order: Literal["best_first", "worst_first"]
    scale: Scale
    criteria: Annotated[tuple[CriterionText, ...], Field(min_length=1)]
    reasons: tuple[ReasonGroup, ...]

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> "Content":
        for problem in (*self._unspoken(), *self._doubled(), *self._uneven_reasons()):
            raise PydanticCustomError("content", "{problem}", {"problem": problem})
        return self

    def _unspoken(self) -> Iterator[str]:
        if SOURCE not in self.languages:
            yield _("mục languages phải có vi")
        for text in self._texts():
            for language in set(self.languages) ^ set(text):
                yield _(
                    "câu “%(text)s” và mục languages không khớp ở tiếng “%(language)s”",
                    text=next(iter(text.values()), ""),
                    language=language,
                )

    def _texts(self) -> Iterator[Words]:
        yield self.title
        yield from (level.text for level in self.scale.levels)
        yield from (criterion.text for criterion in self.criteria)
        for group in self.reasons:
            yield group.asks
            yield from (reason.text for reason in group.offers)

    def _doubled(self) -> Iterator[str]:
        for code in _repeated(criterion.code for criterion in self.criteria):
            yield _("mã tiêu chí %(code)s bị ghi hai lần", code=code)

    def _uneven_reasons(self) -> Iterator[str]:
        """A stored sign stands for one reason whatever the level, so the lists must agree."""
        for level in _repeated(value for group in self.reasons for value in group.levels):
            yield _("mức %(level)s nằm trong hai nhóm lý do", level=level)
        if len({tuple(reason.code for reason in group.offers) for group in self.reasons}) > 1:
            yield _("các nhóm lý do phải có cùng mã, cùng thứ tự")

    def in_language(self, language: str) -> str:
        """The language its texts are shown in to someone who reads this one."""
        return language if language in self.languages else SOURCE

    def shown_levels(self) -> list[Level]:
        """The levels in the one order of this version, the same wherever they are shown."""
        is_best_first = self.order == "best_first"
        return sorted(self.scale.levels, key=lambda level: level.value, reverse=is_best_first)

    def level(self, value: int) -> Level:
        return next(level for level in self.scale.levels if level.value == value)

    def reasons_after(self, level: int) -> ReasonGroup | None:
        return next((group for group in self.reasons if level in group.levels), None)

    def reason_codes(self) -> list[str]:
        """The reasons in the order of the version, the same after every level."""
        return [reason.code for group in self.reasons[:1] for reason in group.offers]

    def chosen_reasons(self, chosen: Collection[str]) -> str:
        """One sign for each reason, as it is stored."""
        return "".join(YES if code in chosen else NO for code in self.reason_codes())

    def one_answer(self, level: int) -> str:
        """The answers of who rated the first criterion only."""
        return f"{level}{BLANK * (len(self.criteria) - 1)}"


def _repeated(values: Iterable[object]) -> list[object]:
    seen = list(values)
    return [value for place, value in enumerate(seen) if value in seen[:place]]


@lru_cache(maxsize=KEPT_READY)
def frozen(text: str) -> Content:
    """A stored version. It never changes, so it is read once and kept."""
    return Content.model_validate_json(text)


def content_of(name: str, folder: Path = FOLDER) -> Content:
    """The questionnaire in the file of this name, or a RuleError with all that is wrong in it."""
    file = folder / f"{name}.yaml"
    whole = _parsed(file)
    loaded = yaml.safe_load(file.read_text("utf-8"))
    try:
        return Content.model_validate_json(json.dumps(loaded, default=str))
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False)
        lines = [_says(file, _line(whole, problem["loc"]), problem) for problem in problems]
        raise RuleError("\n".join(lines)) from None


def _parsed(file: Path) -> yaml.Node:
    """The file as a tree that knows its lines."""
    try:
        whole = yaml.compose(file.read_text("utf-8"), yaml.SafeLoader)
    except OSError:
        raise RuleError(_("Không đọc được tệp %(file)s.", file=file.name)) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RuleError(
            _("Tệp %(file)s, dòng %(line)s: sai cú pháp YAML.", file=file.name, line=line)
        ) from None
    if whole is None:
        raise RuleError(_("Tệp %(file)s không có nội dung.", file=file.name))
    for line, name in _fields_written_twice(whole):
        raise RuleError(
            _(
                "Tệp %(file)s, dòng %(line)s: mục “%(name)s” bị ghi hai lần.",
                file=file.name,
                line=line,
                name=name,
            )
        )
    return whole


def _fields_written_twice(node: yaml.Node) -> Iterator[tuple[int, str]]:
    """YAML would keep the last of the two in silence."""
    if isinstance(node, yaml.MappingNode):
        names = [key.value for key, _value in node.value]
        for place, (key, value) in enumerate(node.value):
            if key.value in names[:place]:
                yield key.start_mark.line + 1, str(key.value)
            yield from _fields_written_twice(value)
    elif isinstance(node, yaml.SequenceNode):
        for part in node.value:
            yield from _fields_written_twice(part)


def _line(node: yaml.Node, place: tuple[int | str, ...]) -> int:
    """The line of a place in the tree, or of the deepest part on the way that is there."""
    for step in place:
        below = _below(node, step)
        if below is None:
            break
        node = below
    return node.start_mark.line + 1


def _below(node: yaml.Node, step: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    parts = node.value if isinstance(node, yaml.SequenceNode) else ()
    return next((part for place, part in enumerate(parts) if place == step), None)


def _says(file: Path, line: int, problem: ErrorDetails) -> str:
    place = ".".join(str(step) for step in problem["loc"])
    what = _problem_words(problem)
    where = _("Tệp %(file)s, dòng %(line)s", file=file.name, line=line)
    return f"{where}, “{place}”: {what}." if place else f"{where}: {what}."


def _problem_words(problem: ErrorDetails) -> str:
    words = {
        "missing": _("thiếu mục này"),
        "extra_forbidden": _("không phải là mục được dùng ở đây"),
        "string_type": _("phải là chữ"),
        "string_too_short": _("phải có chữ"),
        "string_too_long": _("dài quá 500 ký tự"),
        "int_type": _("phải là số nguyên"),
        "greater_than_equal": _("mức phải từ 1 đến 5"),
        "less_than_equal": _("mức phải từ 1 đến 5"),
        "too_short": _("phải có ít nhất một mục"),
        "model_type": _("phải gồm các mục có tên"),
        "dict_type": _("phải gồm các mục có tên"),
        "tuple_type": _("phải là một danh sách"),
        "string_pattern_mismatch": _("chỉ dùng chữ không dấu, chữ số, dấu - và _"),
    }
    if problem["type"] in {"enum", "literal_error"}:
        return _("phải là một trong: %(choices)s", choices=problem["ctx"]["expected"])
    return words.get(problem["type"], problem["msg"])
