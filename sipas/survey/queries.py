"""Which round asks today, and how often each level was chosen at each desk."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, Subquery, func, select
from sqlalchemy.orm import Session, joinedload

from sipas.desk.models import Desk
from sipas.staff.models import Unit
from sipas.staff.rules import Permission, Standing
from sipas.survey.models import Questionnaire, Response, Submission, SurveyRound
from sipas.survey.rules import (
    LEVELS,
    ONE_TAP,
    Cell,
    Figures,
    Month,
    Receipt,
    Sending,
    cell_of,
    closed_cells,
    may_sum_be_known,
    shown_until,
    total,
)


@dataclass(frozen=True, slots=True)
class DeskFigures:
    """A desk and its figures; where they stay closed there are none to show by mistake."""

    desk: str
    unit: str
    cell: Cell
    figures: Figures | None


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """The desks that one member of staff may see in one month, and all of them together."""

    desks: Sequence[DeskFigures]
    total: Figures | None
    until: date


def round_for_day(db: Session, day: date) -> SurveyRound | None:
    """The round that asks on this day: a real one before a test, the youngest of several."""
    return db.scalars(
        select(SurveyRound)
        .where(SurveyRound.opens <= day, SurveyRound.closes >= day)
        .options(joinedload(SurveyRound.questionnaire))
        .order_by(SurveyRound.is_test, SurveyRound.opens.desc(), SurveyRound.id.desc())
        .limit(1)
    ).one_or_none()


def round_by_id(db: Session, round_id: int) -> SurveyRound | None:
    return db.get(SurveyRound, round_id, options=[joinedload(SurveyRound.questionnaire)])


def newest_version(db: Session, code: str) -> Questionnaire | None:
    return db.scalars(
        select(Questionnaire)
        .where(Questionnaire.code == code)
        .order_by(Questionnaire.version.desc())
        .limit(1)
    ).one_or_none()


def receipt(db: Session, sent: Sending) -> Receipt | None:
    """The receipt of a sending that arrived with exactly this content."""
    earlier = db.get(Submission, sent.mark)
    if earlier is None or not hmac.compare_digest(earlier.content, sent.content):
        return None
    return Receipt(earlier.receipt, earlier.day)


def month_figures(db: Session, staff: Standing, month: Month, *, day: date) -> MonthFigures:
    """The short rating by desk, as far as it may be told on this day.

    What stays closed is decided over all desks, so that two people who see different parts of the
    office cannot put the figure of a small desk together.
    """
    until = shown_until(month, day)
    every = {row.id: (row, Figures(tuple(row[4:]))) for row in db.execute(_by_desk(month, until))}
    closed = closed_cells({desk_id: figures.forms for desk_id, (_row, figures) in every.items()})
    mine = staff.units(Permission.SURVEY_VIEW)
    seen = {desk_id: cell for desk_id, cell in every.items() if cell[0].unit_id in mine}
    desks = [
        _desk_figures(row, figures, is_closed=desk_id in closed)
        for desk_id, (row, figures) in seen.items()
    ]
    hidden = [figures.forms for desk_id, (_row, figures) in seen.items() if desk_id in closed]
    whole = total(figures for _row, figures in seen.values())
    return MonthFigures(desks, whole if may_sum_be_known(hidden) else None, until)


def _desk_figures(row: Row[*tuple[Any, ...]], figures: Figures, *, is_closed: bool) -> DeskFigures:
    cell = cell_of(figures.forms, is_closed=is_closed)
    return DeskFigures(row.name, row.unit, cell, figures if cell is Cell.OPEN else None)


def _by_desk(month: Month, until: date) -> Select[*tuple[Any, ...]]:
    """Desk by desk how often each level was chosen, with the desks that nobody rated."""
    counts = _counts(month, until)
    was_there = (Desk.opened_on <= month.last_day) & (
        Desk.closed_on.is_(None) | (Desk.closed_on >= month.first_day)
    )
    return (
        select(
            Desk.id,
            Desk.name,
            Desk.unit_id,
            Unit.name.label("unit"),
            *(func.coalesce(counts.c[f"level_{level}"], 0) for level in LEVELS),
        )
        .join(Unit)
        .outerjoin(counts)
        .where(was_there | counts.c.desk_id.is_not(None))
        .order_by(Unit.name, Desk.name, Desk.id)
    )


def _counts(month: Month, until: date) -> Subquery:
    level = func.substr(Response.answers, 1, 1)
    return (
        select(
            Response.desk_id,
            *(func.count().filter(level == str(value)).label(f"level_{value}") for value in LEVELS),
        )
        .join(SurveyRound, SurveyRound.id == Response.round_id)
        .join(Questionnaire, Questionnaire.id == Response.questionnaire_id)
        .where(
            Response.day.between(month.first_day, until),
            Response.excluded_on.is_(None),
            Questionnaire.code == ONE_TAP,
            SurveyRound.is_test.is_(False),
            SurveyRound.tiers.contains(Response.tier),
        )
        .group_by(Response.desk_id)
        .subquery()
    )
