"""The calendar in the back office: the year, its days, the hours, deadlines tried out, periods."""

from calendar import Calendar as MonthTable
from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from sipas import clock
from sipas.calendar import actions, labels, queries, reference
from sipas.calendar.forms import (
    ChangeDayForm,
    DeadlineForm,
    HoursForm,
    NewDayForm,
    ReasonForm,
)
from sipas.calendar.rules import FIRST_YEAR, LAST_YEAR, MONTHS, deadline
from sipas.errors import NotFoundError, RuleError
from sipas.i18n import gettext as _
from sipas.staff.guard import current_staff, deed, needs, staff_blueprint, tell
from sipas.staff.rules import Permission
from sipas.web.forms import ButtonForm
from sipas.web.request_db import get_db

bp = staff_blueprint("calendar", __name__, url_prefix="/lich")

YEAR = f"int(fixed_digits=4,min={FIRST_YEAR},max={LAST_YEAR})"


@bp.get("", endpoint="this_year")
@bp.get(f"/<{YEAR}:year>")
@needs(Permission.CALENDAR_VIEW)
def year(year: int | None = None) -> ResponseReturnValue:
    db = get_db()
    year = year or clock.today().year
    if not queries.open_spans(db):
        return render_template("calendar/nothing.html", form=ButtonForm(), may_edit=_may_edit())
    days = queries.days_of_year(db, year)
    return render_template(
        "calendar/year.html",
        year=year,
        years=_around(year),
        months=_months(year),
        calendar=queries.calendar(db),
        days=days,
        expected=sum(row.decision is None for row in days),
        can_fill=year in reference.shipped_years() - queries.years_entered(db),
        today=clock.today(),
        weekdays=labels.weekday_names(),
        form=ButtonForm(),
        may_edit=_may_edit(),
        labels=labels,
    )


@bp.post("/nap")
@needs(Permission.CALENDAR_EDIT)
def fill() -> ResponseReturnValue:
    db = get_db()
    form = ButtonForm()
    if not form.validate_on_submit():
        return render_template("calendar/nothing.html", form=form, may_edit=True), form.status

    filling = deed(Permission.CALENDAR_EDIT)
    years = actions.load_reference(db, by=filling.by, now=filling.now)
    db.commit()
    tell(
        _("Đã nạp lịch các năm: %(years)s.", years=", ".join(map(str, years)))
        if years
        else _("Lịch đã có đủ, không nạp thêm.")
    )
    return redirect(url_for(".this_year"), 303)


@bp.get("/ngay/<day:day>")
@needs(Permission.CALENDAR_VIEW)
def day(day: date) -> ResponseReturnValue:
    db = get_db()
    _check_year(day)
    calendar = queries.calendar(db)
    return render_template(
        "calendar/day.html",
        day=day,
        kind=calendar.kind_of(day),
        special=calendar.days.get(day),
        versions=queries.versions_of_day(db, day),
        may_edit=_may_edit(),
        labels=labels,
    )


@bp.route("/ngay/moi", methods=["GET", "POST"])
@needs(Permission.CALENDAR_EDIT)
def add_day() -> ResponseReturnValue:
    db = get_db()
    form = NewDayForm()
    if not form.validate_on_submit() or not _enter(db, form, form.chosen_day()):
        return render_template("calendar/add_day.html", form=form), form.status

    db.commit()
    tell(_("Đã ghi ngày vào lịch."))
    return redirect(url_for(".day", day=form.chosen_day()), 303)


@bp.route("/ngay/<day:day>/sua", methods=["GET", "POST"])
@needs(Permission.CALENDAR_EDIT)
def change_day(day: date) -> ResponseReturnValue:
    db = get_db()
    _check_year(day)
    current = queries.version_in_force(db, day)
    form = ChangeDayForm(obj=current)
    if request.method == "GET":
        form.show(current)
    if not form.validate_on_submit() or not _enter(db, form, day):
        return render_template("calendar/change_day.html", form=form, day=day), form.status

    db.commit()
    tell(_("Đã lưu ngày trong lịch."))
    return redirect(url_for(".day", day=day), 303)


@bp.route("/ngay/<day:day>/bo", methods=["GET", "POST"])
@needs(Permission.CALENDAR_EDIT)
def remove_day(day: date) -> ResponseReturnValue:
    db = get_db()
    current = queries.version_in_force(db, day)
    if current is None:
        raise NotFoundError
    form = ReasonForm()
    if not form.validate_on_submit():
        page = render_template("calendar/remove_day.html", form=form, current=current)
        return page, form.status

    removal = deed(Permission.CALENDAR_EDIT)
    actions.remove_day(db, day, reason=form.why(), by=removal.by, now=removal.now)
    db.commit()
    tell(_("Đã bỏ ngày khỏi lịch."))
    return redirect(url_for(".day", day=day), 303)


@bp.route("/gio-lam-viec", methods=["GET", "POST"])
@needs(Permission.CALENDAR_EDIT)
def working_hours() -> ResponseReturnValue:
    db = get_db()
    form = HoursForm()
    if request.method == "GET":
        form.show(queries.working_hours(db))
    hours = form.hours() if form.validate_on_submit() else None
    if hours is None:
        return render_template("calendar/working_hours.html", form=form), form.status

    change = deed(Permission.CALENDAR_EDIT)
    actions.set_hours(db, hours, by=change.by, now=change.now)
    db.commit()
    tell(_("Đã lưu giờ làm việc."))
    return redirect(url_for(".this_year"), 303)


@bp.get("/cach-tinh-han")
@needs(Permission.CALENDAR_VIEW)
def try_deadline() -> ResponseReturnValue:
    db = get_db()
    asked = DeadlineForm.received_name in request.args
    form = DeadlineForm(request.args if asked else None)
    result = None
    if asked and form.validate():
        result = deadline(form.policy(), queries.calendar(db), form.received_at())
    page = render_template("calendar/try_deadline.html", form=form, result=result, labels=labels)
    return page, 422 if form.errors else 200


@bp.get("/ky-bao-cao", endpoint="periods_this_year")
@bp.get(f"/ky-bao-cao/<{YEAR}:year>")
@needs(Permission.CALENDAR_VIEW)
def periods(year: int | None = None) -> ResponseReturnValue:
    year = year or clock.today().year
    return render_template(
        "calendar/periods.html",
        year=year,
        years=_around(year),
        windows=queries.report_windows(get_db(), year),
    )


def _enter(db: Session, form: NewDayForm | ChangeDayForm, day: date) -> bool:
    """Put what was typed into the calendar, or let the form say why not."""
    current = queries.version_in_force(db, day)
    special = form.special(day)
    if current is not None and current.special == special:
        return True  # the same form sent twice
    hours = queries.working_hours(db)
    if not (form.may_replace(current) and form.fits(day, hours, replaces=current is not None)):
        return False
    change = deed(Permission.CALENDAR_EDIT)
    try:
        actions.set_day(db, special, reason=form.why(), by=change.by, now=change.now)
    except RuleError as error:
        db.rollback()
        form.refuse(form.kind, error.message)
        return False
    return True


def _may_edit() -> bool:
    return current_staff().may(Permission.CALENDAR_EDIT)


def _months(year: int) -> list[tuple[date, list[list[date]]]]:
    """Each month's first day, and its weeks from Monday to Sunday."""
    weeks = MonthTable().monthdatescalendar
    return [(date(year, month, 1), weeks(year, month)) for month in range(1, MONTHS + 1)]


def _around(year: int) -> list[int]:
    """The years before and after, as far as the calendar goes."""
    return [near for near in (year - 1, year + 1) if FIRST_YEAR <= near <= LAST_YEAR]


def _check_year(day: date) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise NotFoundError
