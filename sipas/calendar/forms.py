"""Forms of the calendar: a day, the hours of the week, a time limit to try out."""

from datetime import date, datetime, time
from re import ASCII
from re import compile as pattern
from typing import cast

from wtforms import (
    DateField,
    DateTimeLocalField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    TimeField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import NumberRange, Optional

from sipas.calendar import rules
from sipas.calendar.labels import COUNT_RULES, KINDS, UNITS
from sipas.calendar.models import EnteredDay
from sipas.calendar.rules import (
    FIRST_YEAR,
    LAST_YEAR,
    MAX_AMOUNT,
    SPECIAL_KINDS,
    VIETNAM,
    CalendarDay,
    CountRule,
    DayKind,
    DeadlinePolicy,
    Span,
    Unit,
    WorkingHours,
)
from sipas.i18n import gettext as _
from sipas.i18n import lazy_gettext as _l
from sipas.web.forms import (
    LONGEST_LINE,
    LONGEST_TEXT,
    BaseForm,
    LineField,
    LinesField,
    at_most,
    required,
)

# What a browser's own picker sends, and what a person types where there is none.
DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]
MOMENT_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M", "%H:%M %d/%m/%Y"]
SPAN = pattern(r"(\d{1,2})[:hg](\d{2})\s*[-–]\s*(\d{1,2})[:hg](\d{2})", ASCII)


def _in_range(_form: BaseForm, field: Field) -> None:
    if field.data and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
        raise ValidationError(
            _("Năm phải từ %(first)s đến %(last)s.", first=FIRST_YEAR, last=LAST_YEAR)
        )


class ReasonForm(BaseForm):
    """Why a day is taken out of the calendar."""

    reason = LinesField(
        _l("Lý do"), [required(_l("Viết lý do bỏ ngày này khỏi lịch.")), at_most(LONGEST_TEXT)]
    )

    def why(self) -> str:
        return self.reason.data or ""


class DayForm(BaseForm):
    """What a day is to be."""

    kind = RadioField(
        _l("Loại ngày"),
        [required(_l("Chọn loại ngày."))],
        choices=[SelectChoice(kind.value, KINDS[kind]) for kind in SPECIAL_KINDS],
    )
    name = LineField(
        _l("Tên ngày"),
        [required(_l("Viết tên ngày, ví dụ: Quốc khánh.")), at_most(LONGEST_LINE)],
    )
    decision = LineField(_l("Số, ngày văn bản"), [at_most(LONGEST_LINE)])
    reason = LinesField(_l("Lý do"), [at_most(LONGEST_TEXT)])

    def special(self, day: date) -> CalendarDay:
        return CalendarDay(
            day, DayKind(self.kind.data), self.name.data or "", self.decision.data or None
        )

    def why(self) -> str:
        return self.reason.data or ""

    def fits(self, day: date, hours: WorkingHours, *, replaces: bool) -> bool:
        """Whether this may stand in the calendar; if not, the field says why."""
        special = self.special(day)
        if not rules.suits(special.kind, day, hours):
            self.refuse(self.kind, _misfit(special.kind))
        if rules.needs_reason(special.decision, replaces=replaces) and not self.reason.data:
            self.refuse(self.reason, _no_reason(replaces=replaces))
        return not self.errors


def _misfit(kind: DayKind) -> str:
    if kind is DayKind.MAKEUP_WORKING:
        return _("Ngày này vốn là ngày làm việc nên không thể là ngày làm bù.")
    return _("Ngày này vốn là ngày nghỉ hằng tuần. Chọn loại khác.")


def _no_reason(*, replaces: bool) -> str:
    if replaces:
        return _("Viết lý do sửa ngày này.")
    return _("Chưa có văn bản thì viết lý do ghi ngày này.")


class NewDayForm(DayForm):
    """A day that nobody has entered yet."""

    day = DateField(_l("Ngày"), [required(_l("Chọn ngày.")), _in_range], format=DAY_FORMATS)

    def chosen_day(self) -> date:
        return cast("date", self.day.data)

    def may_replace(self, current: EnteredDay | None) -> bool:
        if current is None or current.kind is None:
            return True
        self.refuse(
            self.day,
            _("Ngày này đã có trong lịch: %(name)s. Mở ngày đó để sửa.", name=current.name),
        )
        return False


class ChangeDayForm(DayForm):
    """Another content for a day; it says which version it was written over."""

    seen = HiddenField()

    def show(self, current: EnteredDay | None) -> None:
        self.seen.data = _version(current)

    def may_replace(self, current: EnteredDay | None) -> bool:
        if self.seen.data == _version(current):
            return True
        self.show(current)
        self.refuse(
            self.name,
            _("Ngày này vừa được người khác sửa. Kiểm tra lại, nếu vẫn đúng thì gửi lần nữa."),
        )
        return False


def _version(entered: EnteredDay | None) -> str:
    return str(entered.id) if entered else ""


class HoursForm(BaseForm):
    """The hours of the week, one line a weekday."""

    monday = LineField(_l("Thứ Hai"))
    tuesday = LineField(_l("Thứ Ba"))
    wednesday = LineField(_l("Thứ Tư"))
    thursday = LineField(_l("Thứ Năm"))
    friday = LineField(_l("Thứ Sáu"))
    saturday = LineField(_l("Thứ Bảy"))
    sunday = LineField(_l("Chủ nhật"))

    @property
    def weekdays(self) -> list[Field]:
        return [
            self.monday,
            self.tuesday,
            self.wednesday,
            self.thursday,
            self.friday,
            self.saturday,
            self.sunday,
        ]

    def show(self, hours: WorkingHours) -> None:
        for field, spans in zip(self.weekdays, hours.week, strict=True):
            field.data = ", ".join(f"{span.opens:%H:%M}-{span.closes:%H:%M}" for span in spans)

    def hours(self) -> WorkingHours | None:
        """The week as typed; None if some line cannot be, which then says why."""
        week = tuple(self._spans(field) for field in self.weekdays)
        if self.errors:
            return None
        try:
            return WorkingHours(week)
        except ValueError:
            self.refuse(
                self.monday,
                _("Phải có ít nhất một ngày làm việc, bắt đầu từ buổi sáng; giờ ghi theo thứ tự."),
            )
            return None

    def _spans(self, field: Field) -> tuple[Span, ...]:
        parts = [part.strip() for part in (field.data or "").split(",") if part.strip()]
        try:
            return tuple(_span(part) for part in parts)
        except ValueError:
            self.refuse(field, _("Viết giờ theo dạng 08:00-12:00, 13:00-17:00."))
            return ()


def _span(text: str) -> Span:
    found = SPAN.fullmatch(text)
    if not found:
        raise ValueError(text)
    opens_hour, opens_minute, closes_hour, closes_minute = map(int, found.groups())
    return Span(time(opens_hour, opens_minute), time(closes_hour, closes_minute))


class DeadlineForm(BaseForm):
    """A moment of receipt and a time limit. It is sent by GET: trying out changes nothing."""

    class Meta(BaseForm.Meta):
        csrf = False

    received_name = "nhan"
    received = DateTimeLocalField(
        _l("Thời điểm tiếp nhận"),
        [required(_l("Chọn ngày và giờ tiếp nhận.")), _in_range],
        format=MOMENT_FORMATS,
        name=received_name,
    )
    amount = IntegerField(
        _l("Số ngày"),
        [
            required(_l("Viết số ngày, ví dụ 5.")),
            NumberRange(1, MAX_AMOUNT, _l("Số ngày phải từ %(min)s đến %(max)s.")),
        ],
        default=5,
        name="so-ngay",
    )
    unit = RadioField(
        _l("Tính theo"),
        [required(_l("Chọn cách tính."))],
        choices=[SelectChoice(unit.value, words) for unit, words in UNITS.items()],
        default=Unit.WORKING_DAYS.value,
        name="tinh-theo",
    )
    count_rule = RadioField(
        _l("Nhận ngoài giờ làm việc hoặc vào ngày nghỉ"),
        [required(_l("Chọn cách tính."))],
        choices=[SelectChoice(rule.value, words) for rule, words in COUNT_RULES.items()],
        default=CountRule.ROLL.value,
        name="ngoai-gio",
    )
    cut_off = TimeField(
        _l("Giờ chốt nhận trong ngày"),
        [Optional()],
        format=["%H:%M", "%H:%M:%S"],
        name="gio-chot",
    )

    def received_at(self) -> datetime:
        return cast("datetime", self.received.data).replace(tzinfo=VIETNAM)

    def policy(self) -> DeadlinePolicy:
        return DeadlinePolicy(
            cast("int", self.amount.data),
            Unit(self.unit.data),
            CountRule(self.count_rule.data),
            self.cut_off.data,
        )
