"""Publishing questionnaires, opening rounds, and taking what citizens send, exactly once."""

import hmac
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from sipas.errors import RuleError
from sipas.i18n import SOURCE
from sipas.i18n import gettext as _
from sipas.ledger.actions import record
from sipas.ledger.rules import Actor
from sipas.survey import queries, reference
from sipas.survey.models import (
    Arrival,
    Criterion,
    Questionnaire,
    Remark,
    Response,
    Submission,
    SurveyRound,
)
from sipas.survey.rules import (
    ARRIVAL_LIVES,
    CHANGE_WITHIN,
    ONE_TAP,
    Rating,
    Receipt,
    RoundPlan,
    Sending,
    new_id,
    new_receipt_number,
    standing_plan,
)


class AnsweredOtherwiseError(Exception):
    """Under this mark something else has already arrived; the first stays."""


def publish_reference(
    db: Session, name: str, *, by: Actor, now: datetime, folder: Path = reference.FOLDER
) -> Questionnaire:
    """Publish the file of this name as a new version, unless the newest one already says this."""
    content = reference.content_of(name, folder)
    text = content.model_dump_json()
    newest = queries.newest_version(db, content.code)
    if newest is not None and newest.content == text:
        return newest
    questionnaire = Questionnaire(
        code=content.code,
        version=newest.version + 1 if newest else 1,
        title=content.title[SOURCE],
        content=text,
        criteria=[_criterion(place, each) for place, each in enumerate(content.criteria)],
    )
    db.add(questionnaire)
    db.flush()
    questionnaire.published_at = now  # from here on the database refuses any change
    record(
        db,
        "questionnaire.published",
        f"questionnaire:{questionnaire.id}",
        by=by,
        now=now,
        code=questionnaire.code,
        version=questionnaire.version,
    )
    return questionnaire


def _criterion(place: int, said: reference.CriterionText) -> Criterion:
    return Criterion(
        place=place,
        code=said.code,
        dimension=said.dimension,
        text=said.text[SOURCE],
        other_languages={code: text for code, text in said.text.items() if code != SOURCE},
        continues=said.continues,
    )


def open_round(
    db: Session, questionnaire: Questionnaire, plan: RoundPlan, *, by: Actor, now: datetime
) -> SurveyRound:
    if questionnaire.published_at is None:
        raise RuleError(_("Mẫu phiếu này chưa được ban hành."))
    if plan.closes < plan.opens:
        raise RuleError(_("Ngày kết thúc đợt phải từ ngày bắt đầu trở đi."))
    if not plan.tiers:
        raise RuleError(_("Chọn ít nhất một mức tin cậy được tính."))
    survey_round = SurveyRound(
        questionnaire=questionnaire,
        name=plan.name,
        opens=plan.opens,
        closes=plan.closes,
        is_test=plan.is_test,
        tiers=" ".join(plan.tiers),
    )
    db.add(survey_round)
    db.flush()
    record(
        db,
        "round.opened",
        f"round:{survey_round.id}",
        by=by,
        now=now,
        questionnaire=questionnaire.id,
        opens=plan.opens.isoformat(),
        closes=plan.closes.isoformat(),
        is_test=plan.is_test,
    )
    return survey_round


def open_standing_round(db: Session, opens: date, *, by: Actor, now: datetime) -> SurveyRound:
    """The short rating that every new office begins with."""
    short = publish_reference(db, ONE_TAP, by=by, now=now)
    return open_round(db, short, standing_plan(opens), by=by, now=now)


def submit(db: Session, sent: Sending, rating: Rating, *, device: bytes, now: datetime) -> Receipt:
    """Store a rating, or say that it already is.

    The mark is put in before anything is asked: of any number that arrive together, the database
    lets one through.
    """
    receipt = Receipt(new_receipt_number(), rating.day)
    if not _is_first(db, sent, receipt):
        arrived = queries.receipt(db, sent)
        if arrived is None:
            raise AnsweredOtherwiseError
        return arrived
    response_id = new_id()
    db.execute(insert(Response), _row(response_id, rating))
    db.execute(
        insert(Arrival),
        {"mark": sent.mark, "response_id": response_id, "at": now, "device": device},
    )
    return receipt


def change(db: Session, sent: Sending, wanted: Rating, *, now: datetime) -> Receipt:
    """Put another answer in the place of the first, while the arrival is fresh."""
    earlier = _earlier(db, sent)
    if hmac.compare_digest(earlier.content, sent.content):
        return Receipt(earlier.receipt, earlier.day)
    arrival = _arrival(db, sent, now - CHANGE_WITHIN)
    if arrival is None:
        raise RuleError(_("Chỉ đổi được trong 10 phút. Câu trả lời đầu vẫn được giữ nguyên."))
    _change_response(db, arrival, answers=wanted.answers, reasons=wanted.reasons)
    earlier.content = sent.content
    db.flush()
    return Receipt(earlier.receipt, earlier.day)


def set_reasons(db: Session, sent: Sending, wanted: Rating, *, now: datetime) -> Receipt:
    """Set the reasons of a rating, as often as they are sent, while its arrival is remembered."""
    earlier = _earlier(db, sent)
    if not hmac.compare_digest(earlier.content, sent.content):
        raise RuleError(_("Câu trả lời đã được đổi ở một trang khác nên lý do chưa được ghi."))
    arrival = _arrival(db, sent, now - ARRIVAL_LIVES)
    if arrival is None:
        raise RuleError(_("Chỉ gửi thêm được trong một ngày. Câu trả lời đầu vẫn được giữ nguyên."))
    _change_response(db, arrival, reasons=wanted.reasons)
    return Receipt(earlier.receipt, earlier.day)


def keep_remark(db: Session, sent: Sending, text: str, rating: Rating) -> None:
    """Store a remark, once."""
    if not _is_first(db, sent, Receipt(new_receipt_number(), rating.day)):
        if queries.receipt(db, sent) is None:
            raise RuleError(_("Ý kiến gửi trước đã được ghi nhận và không sửa được."))
        return
    add_remarks(db, [(rating, text)])


def add_responses(db: Session, ratings: Iterable[Rating]) -> None:
    """Store ratings that come in bulk and were counted before: paper, imports, a demonstration."""
    rows = [_row(new_id(), rating) for rating in ratings]
    if rows:
        db.execute(insert(Response), sorted(rows, key=itemgetter("id")))


def add_remarks(db: Session, remarks: Iterable[tuple[Rating, str]]) -> None:
    """Store remarks; of the rating beside each only round, desk and day are taken."""
    rows = [
        {
            "id": new_id(),
            "round_id": rating.round_id,
            "desk_id": rating.desk_id,
            "day": rating.day,
            "text": text,
        }
        for rating, text in remarks
    ]
    if rows:
        db.execute(insert(Remark), sorted(rows, key=itemgetter("id")))


def purge_arrivals(db: Session, *, now: datetime, day: date) -> None:
    """Forget how responses arrived, and the sendings that nobody can repeat any more.

    `day` is the day of `now` in Vietnam, by which sendings are forgotten.
    """
    old = Arrival.at < now - ARRIVAL_LIVES
    first = db.scalar(select(Arrival.at).where(old).order_by(Arrival.at).limit(1))
    db.execute(delete(Arrival).where(old))
    db.execute(delete(Submission).where(Submission.forgotten_after < day))
    if first is not None and db.get_bind().dialect.name == "postgresql":
        settled = ~exists().where(Arrival.response_id == Response.id)
        _lay_in_order_of_id(db, Response.__table__, (Response.day >= first.date()) & settled)
        _lay_in_order_of_id(db, Remark.__table__, Remark.day >= first.date())


def _lay_in_order_of_id(db: Session, table: Any, which: ColumnElement[bool]) -> None:
    """PostgreSQL keeps rows as they came. Taken out and put back, they lie by their random id.

    Only rows that nobody can change any more: a change that waits for a row which is taken out
    would not find the one that is put back.
    """
    taken = delete(table).where(which).returning(table).cte("taken")
    columns = [column.name for column in table.columns]
    again = select(*(taken.c[name] for name in columns)).order_by(taken.c.id)
    db.execute(insert(table).from_select(columns, again).add_cte(taken))


def _is_first(db: Session, sent: Sending, receipt: Receipt) -> bool:
    """Put the mark in; whoever comes second waits until the first is committed, and adds none."""
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    added = db.execute(
        dialect.insert(Submission)
        .values(
            mark=sent.mark,
            content=sent.content,
            receipt=receipt.number,
            day=receipt.day,
            forgotten_after=sent.forgotten_after,
        )
        .on_conflict_do_nothing()
        .returning(Submission.mark)
    )
    return added.first() is not None


def _earlier(db: Session, sent: Sending) -> Submission:
    """What arrived under this mark, held until the deed is committed."""
    earlier = db.get(Submission, sent.mark, with_for_update=True)
    if earlier is None:
        raise RuleError(_("Chưa có câu trả lời nào từ trang này. Quét lại mã để đánh giá."))
    return earlier


def _arrival(db: Session, sent: Sending, since: datetime) -> Arrival | None:
    return db.scalars(
        select(Arrival).where(Arrival.mark == sent.mark, Arrival.at >= since)
    ).one_or_none()


def _change_response(db: Session, arrival: Arrival, **values: str) -> None:
    db.execute(update(Response).where(Response.id == arrival.response_id).values(**values))


def _row(response_id: bytes, rating: Rating) -> dict[str, Any]:
    return {"id": response_id, "profile": "", "flags": "", **asdict(rating)}
