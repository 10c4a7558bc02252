"""Questionnaires, rounds, responses and remarks; and apart from them, what makes sending safe."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sipas.catalogue.models import Sector
from sipas.database import Base
from sipas.desk.models import Desk

# Rows lie in the order of their random key, so the file does not tell in which order they came.
IN_ORDER_OF_KEY = {"sqlite_with_rowid": False}


class Questionnaire(Base):
    """One version of a questionnaire (mẫu phiếu). Once published, triggers refuse any change."""

    __tablename__ = "questionnaire"
    __table_args__ = (
        Index("uq_questionnaire_code_version", "code", "version", unique=True),
        CheckConstraint("version > 0", name="version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(500))
    content: Mapped[str] = mapped_column(Text)  # all that it says; survey/reference.py reads it
    published_at: Mapped[datetime | None]

    criteria: Mapped[list["Criterion"]] = relationship(
        back_populates="questionnaire", order_by="Criterion.place"
    )


class Criterion(Base):
    """A criterion (tiêu chí) of one version; `place` is its place in a response's answers."""

    __tablename__ = "criterion"

    questionnaire_id: Mapped[int] = mapped_column(ForeignKey(Questionnaire.id), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(40))
    dimension: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(String(500))
    other_languages: Mapped[dict[str, str]] = mapped_column(JSON)
    continues: Mapped[str | None] = mapped_column(String(40))  # its code in the version before

    questionnaire: Mapped[Questionnaire] = relationship(back_populates="criteria")


class SurveyRound(Base):
    """A round (đợt khảo sát): one version, asked for a time. Nothing of a test round counts."""

    __tablename__ = "survey_round"
    __table_args__ = (CheckConstraint("closes >= opens", name="days_in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey(Questionnaire.id))
    name: Mapped[str] = mapped_column(String(200))
    opens: Mapped[date]
    closes: Mapped[date]  # the last day on which it is open
    is_test: Mapped[bool]
    tiers: Mapped[str] = mapped_column(String(60))  # those that count, with a space between

    questionnaire: Mapped[Questionnaire] = relationship()


class Response(Base):
    """One answered form (phiếu). It knows its day: no time, no address, no device, no sender."""

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint("length(answers) > 0", name="answers"),
        CheckConstraint("(excluded_on IS NULL) = (exclusion IS NULL)", name="excluded_why"),
        Index("ix_response_day_desk_id", "day", "desk_id"),
        IN_ORDER_OF_KEY,
    )

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey(SurveyRound.id))
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey(Questionnaire.id))
    desk_id: Mapped[int] = mapped_column(ForeignKey(Desk.id))
    sector_id: Mapped[int | None] = mapped_column(ForeignKey(Sector.id))
    day: Mapped[date]
    channel: Mapped[str] = mapped_column(String(10))
    tier: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(8))
    answers: Mapped[str] = mapped_column(String(100))  # one sign a criterion: 1–5, - left, x none
    reasons: Mapped[str] = mapped_column(String(20))  # one sign an offered reason: 1 chosen, 0 not
    profile: Mapped[str] = mapped_column(String(20), default="")
    flags: Mapped[str] = mapped_column(String(40), default="")
    excluded_on: Mapped[date | None]
    exclusion: Mapped[str | None] = mapped_column(String(40))


class Remark(Base):
    """What a citizen wrote besides (ý kiến). No key leads from here to the response."""

    __tablename__ = "remark"
    __table_args__ = (Index("ix_remark_day_desk_id", "day", "desk_id"), IN_ORDER_OF_KEY)

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey(SurveyRound.id))
    desk_id: Mapped[int] = mapped_column(ForeignKey(Desk.id))
    day: Mapped[date]
    text: Mapped[str] = mapped_column(Text)


class Submission(Base):
    """A sending that arrived, for as long as it may be repeated: keyed hashes and the receipt."""

    __tablename__ = "submission"
    __table_args__ = IN_ORDER_OF_KEY

    mark: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary(32))
    receipt: Mapped[str] = mapped_column(String(8))
    day: Mapped[date]
    forgotten_after: Mapped[date]


class Arrival(Base):
    """The arrival buffer: the one place where a sending leads to its response, for one day."""

    __tablename__ = "arrival"
    __table_args__ = IN_ORDER_OF_KEY

    mark: Mapped[bytes] = mapped_column(ForeignKey(Submission.mark), primary_key=True)
    response_id: Mapped[bytes] = mapped_column(ForeignKey(Response.id), unique=True)
    at: Mapped[datetime]
    device: Mapped[bytes] = mapped_column(LargeBinary(16))
