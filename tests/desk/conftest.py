"""What tests of the desks need: divisions, people who may set up desks, desks."""

import pytest

from sipas import clock
from sipas.desk import actions
from sipas.desk.rules import DeskFacts
from sipas.ledger.rules import Actor, ActorKind
from sipas.staff.models import Unit
from sipas.staff.queries import standing
from sipas.staff.rules import Deed, Role


@pytest.fixture
def divisions(db, office):
    """Two divisions of the office, neither of which may see the other's desks."""
    units = [
        Unit(
            kind="division", name=name, short_name=short, parent_id=office.id, starts=office.starts
        )
        for name, short in (("Phòng Hộ tịch", "HT"), ("Phòng Công chứng", "CC"))
    ]
    db.add_all(units)
    db.commit()
    return units


@pytest.fixture
def deed(staff):
    """A deed of somebody who may edit desks, today or on this day: deed(), deed(day=tomorrow)."""

    def make(*, day=None):
        by = Actor(ActorKind.STAFF, staff(Role.HEAD_OFFICE).id)
        return Deed(by, clock.now(), day or clock.today())

    return make


@pytest.fixture
def standing_of(db, staff):
    """What a new person of this role may do today: standing_of(Role.DESK_CLERK, unit=division)."""

    def make(role, *, unit=None):
        return standing(db, staff(role, unit=unit), day=clock.today())

    return make


@pytest.fixture
def desk(db, office, deed):
    """Makes a desk that is there to be scanned: desk(), desk("Quầy 2", unit=division)."""

    def make(name="Quầy 1", *, unit=None, place="Bộ phận Một cửa"):
        facts = DeskFacts(name, place, (unit or office).id)
        made = actions.add_desk(db, facts, deed())
        db.commit()
        return made

    return make
