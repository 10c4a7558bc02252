"""One believable office for the demonstration, and a year of what its citizens said."""

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from sipas.calendar.actions import load_reference
from sipas.calendar.queries import calendar
from sipas.catalogue.actions import add_procedure, add_sector
from sipas.catalogue.rules import Level, ProcedureFacts, SectorFacts
from sipas.desk.actions import add_desk
from sipas.desk.models import Desk
from sipas.desk.rules import DeskFacts
from sipas.door.models import Account
from sipas.ledger.rules import COMMAND
from sipas.staff.models import Office, RoleGrant, StaffMember, Unit
from sipas.staff.rules import NEED_SECOND_FACTOR, Deed, Role, UnitKind
from sipas.survey.actions import add_remarks, add_responses, open_standing_round
from sipas.survey.models import SurveyRound
from sipas.survey.rules import Channel, Rating, Tier

DEMO = Path(__file__).resolve().parent.parent / "reference" / "demo.yaml"
SEED = 2026
SEASON = (0.8, 0.5, 1.3, 1.0, 1.0, 1.2, 1.1, 1.2, 1.0, 1.0, 1.0, 1.4)  # Tết is quiet
DAYS = 365
LEVELS = (1, 2, 3, 4, 5)
UNHAPPY = (1, 2)
REASONS = 4
GIVES_A_REASON = 0.22
WRITES_WHEN_UNHAPPY, WRITES = 0.15, 0.03
ENGLISH = 0.02
PASSWORD = "Hoa phuong no 2026"  # noqa: S105 -- printed for everyone who runs the demonstration


@dataclass(frozen=True, slots=True)
class Login:
    """How to sign in as one of the demonstration's people."""

    name: str
    role: Role
    person: str
    totp_secret: str | None


@dataclass(frozen=True, slots=True)
class _Password:
    """The one password of all the demonstration's people."""

    hash: str
    set_at: datetime


def fill(db: Session, *, password_hash: str, now: datetime, day: date) -> None:
    """Fill an empty database with the demonstration's office."""
    password = _Password(password_hash, now)
    demo: Mapping[str, Any] = yaml.safe_load(DEMO.read_text())
    begins = day - timedelta(days=DAYS)
    units = _office(db, demo, begins, now)
    for person in demo["people"]:
        _person(db, person, units, begins, password)
    load_reference(db, by=COMMAND, now=now)
    sectors = _catalogue(db, demo, now)
    _desks(db, demo, units, sectors, Deed(COMMAND, now, begins))
    survey_round = open_standing_round(db, begins, by=COMMAND, now=now)
    _year_of_answers(db, demo, survey_round, day)


def logins(db: Session) -> list[Login]:
    """Who can sign in to the demonstration, in the order in which they were made."""
    people = db.scalars(select(StaffMember).order_by(StaffMember.id))
    return [
        Login(person.account.name, Role(grant.role), person.name, person.account.totp_secret)
        for person in people
        for grant in person.grants[:1]
    ]


def _office(
    db: Session, demo: Mapping[str, Any], begins: date, now: datetime
) -> Mapping[str, Unit]:
    db.add(Office(id=1, **demo["office"], is_demo=True, set_up_at=now))
    root = Unit(kind=UnitKind.OFFICE, name=demo["office"]["name"], short_name="STP", starts=begins)
    db.add(root)
    db.flush()
    divisions = [
        Unit(
            parent_id=root.id,
            kind=UnitKind(unit["kind"]),
            name=unit["name"],
            short_name=unit["short"],
            starts=begins,
        )
        for unit in demo["units"]
    ]
    db.add_all(divisions)
    db.flush()
    return {unit.name: unit for unit in [root, *divisions]}


def _person(
    db: Session,
    said: Mapping[str, Any],
    units: Mapping[str, Unit],
    begins: date,
    password: _Password,
) -> None:
    role = Role(said["role"])
    unit = units[said["unit"]]
    root = next(iter(units.values()))
    account = Account(
        name=said["login"],
        password_hash=password.hash,
        password_set_at=password.set_at,
        must_change_password=False,
        totp_secret=pyotp.random_base32() if role in NEED_SECOND_FACTOR else None,
    )
    person = StaffMember(
        account=account,
        name=said["name"],
        title=said["title"],
        email=f"{said['login']}@anbinh.gov.vn",
        unit=unit,
    )
    covers = root if said.get("whole_office") else unit
    person.grants.append(RoleGrant(role=role, unit=covers, starts=begins))
    db.add(person)
    db.flush()


def _catalogue(db: Session, demo: Mapping[str, Any], now: datetime) -> Mapping[str, int]:
    ids = {}
    for said in demo["sectors"]:
        facts = SectorFacts(said["code"], said["name"])
        sector = add_sector(db, facts, by=COMMAND, now=now)
        ids[sector.code] = sector.id
        for one in said["procedures"]:
            level = Level(one["level"])
            procedure = ProcedureFacts(one["code"], one["name"], sector.code, level)
            add_procedure(db, sector, procedure, by=COMMAND, now=now)
    return ids


def _desks(
    db: Session,
    demo: Mapping[str, Any],
    units: Mapping[str, Unit],
    sectors: Mapping[str, int],
    deed: Deed,
) -> None:
    for said in demo["desks"]:
        serves = frozenset(sectors[code] for code in said["sectors"])
        place = demo["office"]["place"]
        add_desk(db, DeskFacts(said["name"], place, units[said["unit"]].id, serves), deed)


def _year_of_answers(
    db: Session, demo: Mapping[str, Any], survey_round: SurveyRound, today: date
) -> None:
    """A year up to yesterday: seasons, weak desks, remarks; the same on every run."""
    dice = random.Random(SEED)  # noqa: S311 -- made-up people, not a secret
    desks = {desk.name: desk for desk in db.scalars(select(Desk).order_by(Desk.id))}
    works = calendar(db).is_working
    days = [day for back in range(DAYS, 0, -1) if works(day := today - timedelta(days=back))]
    for said in demo["desks"]:
        ratings = list(_ratings(said, desks[said["name"]], survey_round, days, dice))
        add_responses(db, ratings)
        add_remarks(db, _remarks(demo, ratings, dice))


def _ratings(
    said: Mapping[str, Any],
    desk: Desk,
    survey_round: SurveyRound,
    days: Iterable[date],
    dice: random.Random,
) -> Iterator[Rating]:
    for day in days:
        weak = day.month in said.get("weak_months", ())
        expected = said["ratings_a_day"] * SEASON[day.month - 1]
        count = max(0, round(dice.gauss(expected, expected / 3)))
        levels = dice.choices(LEVELS, said["weak_levels" if weak else "levels"], k=count)
        for level in levels:
            yield Rating(
                round_id=survey_round.id,
                questionnaire_id=survey_round.questionnaire_id,
                desk_id=desk.id,
                day=day,
                channel=Channel.PHONE,
                tier=Tier.OPEN,
                language="en" if dice.random() < ENGLISH else "vi",
                answers=str(level),
                reasons="".join(str(int(dice.random() < GIVES_A_REASON)) for _ in range(REASONS)),
            )


def _remarks(
    demo: Mapping[str, Any], ratings: Iterable[Rating], dice: random.Random
) -> Iterator[tuple[Rating, str]]:
    for rating in ratings:
        unhappy = int(rating.answers) in UNHAPPY
        if dice.random() < (WRITES_WHEN_UNHAPPY if unhappy else WRITES):
            yield rating, dice.choice(demo["blame" if unhappy else "praise"])
