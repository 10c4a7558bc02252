"""Two administrators at the same moment: one of them is told no, and the rules still hold."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

from sqlalchemy import func, select

from sipas.door.models import Account
from sipas.door.rules import hash_cost
from sipas.errors import RuleError
from sipas.ledger.queries import first_break
from sipas.ledger.rules import COMMAND
from sipas.people import actions as people
from sipas.people.rules import PersonFacts, RoleSpan
from sipas.staff.models import RoleGrant, StaffMember, Unit
from sipas.staff.queries import every_unit
from sipas.staff.rules import Deed, Role, UnitKind, goes_in_circles
from sipas.units import actions as units
from sipas.units.rules import UnitWords

DAY = date(2026, 6, 1)
DEED = Deed(COMMAND, datetime(2026, 6, 1, 2, tzinfo=UTC), DAY)


def both_at_once(database, *doings):
    """What each came to: True when it was done, False when it was refused."""
    start = Barrier(len(doings))

    def run(doing):
        start.wait()
        with database.writing() as db:
            try:
                doing(db)
            except RuleError:
                return False
            db.commit()
            return True

    with ThreadPoolExecutor(len(doings)) as pool:
        return sorted(pool.map(run, doings))


def test_two_moves_do_not_make_a_circle(db, database, add_unit):
    one, two = add_unit("Phòng Một"), add_unit("Phòng Hai")

    def moved(unit, under):
        words = UnitWords(UnitKind.DIVISION, unit.name, unit.short_name, under.id)
        return lambda other: units.edit_unit(
            other, other.get_one(Unit, unit.id), words, version=1, deed=DEED
        )

    assert both_at_once(database, moved(one, two), moved(two, one)) == [False, True]
    assert not goes_in_circles(every_unit(db), DAY)


def test_two_administrators_do_not_close_each_other_out(db, database, staff):
    keepers = [staff(Role.ADMINISTRATOR), staff(Role.ADMINISTRATOR)]

    def closed(person):
        return lambda other: people.disable(other, other.get_one(StaffMember, person.id), deed=DEED)

    assert both_at_once(database, *map(closed, keepers)) == [False, True]
    assert first_break(db) is None


def test_a_role_that_is_given_twice_is_held_once(db, database, staff):
    person = staff(Role.OFFICER)
    span = RoleSpan(Role.PUBLISHER, person.unit_id, DAY, None)

    def given(other):
        return people.grant_role(other, other.get_one(StaffMember, person.id), span, deed=DEED)

    assert both_at_once(database, given, given) == [False, True]
    assert db.scalar(select(func.count()).select_from(RoleGrant)) == 2


def test_a_person_who_is_added_twice_is_there_once(db, database, office):
    facts = PersonFacts("H'Hen Niê", "Chuyên viên", "hen@anbinh.gov.vn", office.id)
    cost = hash_cost("test")

    def added(other):
        return people.add_person(other, facts, sign_in="", cost=cost, deed=DEED)

    assert both_at_once(database, added, added) == [False, True]
    assert db.scalars(select(Account.name)).all() == ["nieh"]
