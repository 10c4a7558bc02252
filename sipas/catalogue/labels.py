"""The words for levels, columns, problems and outcomes of the service catalogue."""

from sipas.catalogue.rules import (
    LONGEST,
    Column,
    Level,
    Outcome,
    Problem,
    ProcedureFacts,
    Reason,
    SectorFacts,
    Step,
)
from sipas.i18n import gettext as _


def level_name(level: str) -> str:
    return {
        Level.CENTRAL: _("Cấp trung ương"),
        Level.PROVINCE: _("Cấp tỉnh"),
        Level.COMMUNE: _("Cấp xã"),
    }[Level(level)]


def heads() -> list[str]:
    """The heads of a file, always in Vietnamese: that is what a file is read by."""
    return ["Mã lĩnh vực", "Tên lĩnh vực", "Mã thủ tục", "Tên thủ tục", "Cấp thực hiện"]


def level_in_file(level: str) -> str:
    return {
        Level.CENTRAL: "Cấp trung ương",
        Level.PROVINCE: "Cấp tỉnh",
        Level.COMMUNE: "Cấp xã",
    }[Level(level)]


def column_name(column: Column) -> str:
    return dict(zip(Column, heads(), strict=True))[column]


def outcome_name(outcome: Outcome) -> str:
    return {
        Outcome.ADD: _("Thêm mới"),
        Outcome.CHANGE: _("Sửa"),
        Outcome.KEEP: _("Giữ nguyên"),
    }[outcome]


def problem_words(problem: Problem) -> str:
    """What is wrong in the cell, and what to write there."""
    return {
        Reason.NO_COLUMN: _("Không có cột này. Dòng đầu của tệp phải ghi tên các cột như tệp mẫu."),
        Reason.MISSING: _("Ô trống. Điền vào ô này."),
        Reason.TOO_LONG: _("Dài quá %(limit)d ký tự.", limit=LONGEST[problem.column]),
        Reason.BAD_CODE: _("Mã chỉ gồm chữ cái, chữ số và dấu . - _ / ở giữa, không có dấu cách."),
        Reason.NUMBER: _("Excel đã hiểu mã là số và có thể làm mất số 0. Đặt ô kiểu Văn bản."),
        Reason.FORMULA: _("Ô chứa công thức hoặc lỗi. Ghi chữ vào ô này."),
        Reason.UNKNOWN_LEVEL: _("Ghi một trong ba: Cấp trung ương, Cấp tỉnh, Cấp xã."),
        Reason.TWICE: _("Mã này đã có ở dòng %(other)s.", other=problem.other),
        Reason.TWO_NAMES: _("Mã lĩnh vực này mang tên khác ở dòng %(other)s.", other=problem.other),
    }[problem.reason]


def sector_before(step: Step[SectorFacts]) -> str:
    """What the catalogue says now, where the file says something else."""
    if step.before is None:
        return "—"
    return step.before.name if step.before.in_use else _("Đã ngừng dùng")


def procedure_before(step: Step[ProcedureFacts]) -> str:
    """What the catalogue says now, where the file says something else."""
    before, after = step.before, step.after
    if before is None:
        return "—"
    differences = [
        (before.name != after.name, before.name),
        (before.sector_code != after.sector_code, before.sector_code),
        (before.level != after.level, level_name(before.level)),
        (not before.in_use, _("Đã ngừng dùng")),
    ]
    return "; ".join(words for differs, words in differences if differs)
