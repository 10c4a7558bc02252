"""Builders for a desk with a printed code and an open round, with defaults for all of it."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from sipas.desk.models import Desk, DeskCode
from sipas.desk.rules import code_of
from sipas.ledger.rules import COMMAND
from sipas.staff.models import Unit
from sipas.survey.actions import add_responses, open_round, publish_reference
from sipas.survey.models import SurveyRound
from sipas.survey.rules import Channel, Rating, RoundPlan, Tier

NOW = datetime.fromisoformat("2026-11-20T09:00+07:00")
OPENS, CLOSES = date(2026, 1, 1), date(2026, 12, 31)


def make_desk(db: Session, unit: Unit, name: str = "Quầy 3", number: int = 30271) -> str:
    """A desk; its printed code is handed back."""
    desk = Desk(name=name, place="", unit_id=unit.id, opened_on=OPENS)
    code = code_of(number)
    db.add(DeskCode(code=code, desk=desk, issued_on=OPENS))
    db.commit()
    return code


def make_round(db: Session, **changed) -> SurveyRound:
    plan = RoundPlan(**{"name": "Năm 2026", "opens": OPENS, "closes": CLOSES, **changed})
    questionnaire = publish_reference(db, "one-tap", by=COMMAND, now=NOW)
    made = open_round(db, questionnaire, plan, by=COMMAND, now=NOW)
    db.commit()
    return made


def make_rating(survey_round: SurveyRound, *, desk_id: int, **changed) -> Rating:
    usual = {
        "round_id": survey_round.id,
        "questionnaire_id": survey_round.questionnaire_id,
        "desk_id": desk_id,
        "day": date(2026, 11, 10),
        "channel": Channel.PHONE,
        "tier": Tier.OPEN,
        "language": "vi",
        "answers": "4",
        "reasons": "0000",
    }
    return Rating(**{**usual, **changed})


def make_ratings(
    db: Session, survey_round: SurveyRound, desk_id: int, levels: str, **changed
) -> None:
    """One response for each sign of `levels`."""
    add_responses(
        db, [make_rating(survey_round, desk_id=desk_id, answers=one, **changed) for one in levels]
    )
    db.commit()
