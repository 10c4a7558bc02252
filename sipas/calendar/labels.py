"""The words for kinds of day, ways of counting and reasons."""

from collections.abc import Mapping
from datetime import date

from sipas.calendar.rules import CountReason, CountRule, DayKind, DayLine, Unit
from sipas.i18n import gettext as _
from sipas.i18n import lazy_gettext as _l

KINDS: Mapping[DayKind, str] = {
    DayKind.WORKING: _l("Ngày làm việc"),
    DayKind.WEEKEND: _l("Nghỉ hằng tuần"),
    DayKind.HOLIDAY: _l("Nghỉ lễ, tết"),
    DayKind.COMPENSATORY: _l("Nghỉ bù"),
    DayKind.SWAPPED_OFF: _l("Nghỉ hoán đổi"),
    DayKind.MAKEUP_WORKING: _l("Làm bù"),
    DayKind.HALF_DAY: _l("Làm nửa ngày (buổi sáng)"),
}

# What fits under the number of a day in a month of a phone's width.
MARKS: Mapping[DayKind, str] = {
    DayKind.HOLIDAY: _l("lễ"),
    DayKind.COMPENSATORY: _l("nghỉ bù"),
    DayKind.SWAPPED_OFF: _l("nghỉ đổi"),
    DayKind.MAKEUP_WORKING: _l("làm bù"),
    DayKind.HALF_DAY: _l("nửa ngày"),
}

UNITS: Mapping[Unit, str] = {
    Unit.WORKING_DAYS: _l("Ngày làm việc"),
    Unit.CALENDAR_DAYS: _l("Ngày theo lịch (kể cả ngày nghỉ)"),
}

COUNT_RULES: Mapping[CountRule, str] = {
    CountRule.ROLL: _l(
        "Coi như nhận vào ngày làm việc kế tiếp; ngày sau ngày đó mới là ngày thứ nhất"
    ),
    CountRule.NEXT_IS_DAY_ONE: _l("Ngày được tính kế tiếp là ngày thứ nhất"),
}

REASONS: Mapping[CountReason, str] = {
    CountReason.RECEIVED: _l("Ngày tiếp nhận, không tính"),
    CountReason.RECEIVED_AFTER_HOURS: _l("Nhận sau giờ chốt, không tính"),
    CountReason.RECEIVED_ON_DAY_OFF: _l("Nhận vào ngày nghỉ, không tính"),
    CountReason.RECEIPT_MOVED_HERE: _l("Coi là ngày tiếp nhận, không tính"),
    CountReason.DAY_OFF: _l("Nghỉ, không tính"),
    CountReason.END_MOVED_HERE: _l("Ngày cuối là ngày nghỉ nên hạn chuyển sang ngày này"),
}


def counted(line: DayLine) -> str:
    """What this day is to the time limit."""
    if line.number is not None:
        return _("Ngày thứ %(number)d", number=line.number)
    return str(REASONS[line.reason])


def what_day(line: DayLine) -> str:
    """The name of the day if it has one, else its kind."""
    return line.special.name if line.special else str(KINDS[line.kind])


def weekday_names() -> list[str]:
    return [
        _("Thứ Hai"),
        _("Thứ Ba"),
        _("Thứ Tư"),
        _("Thứ Năm"),
        _("Thứ Sáu"),
        _("Thứ Bảy"),
        _("Chủ nhật"),
    ]


def weekday_marks() -> list[str]:
    """The heads of a month's columns."""
    return [_("T2"), _("T3"), _("T4"), _("T5"), _("T6"), _("T7"), _("CN")]


def month_name(first: date) -> str:
    return _("Tháng %(month)d", month=first.month)
