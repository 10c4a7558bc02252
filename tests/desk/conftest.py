"""What tests of the desks need: divisions, people who may set up desks, desks."""

import pytest

from sipas import clock
from sipas.desk import actions
from sipas.desk.rules import Deed, DeskFacts
from sipas.staff.models import Unit
from sipas.staff.queries import standing
from sipas.staff.rules import Role


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
def deed(db, staff):
    """A deed of a person of this role on this day: deed(), deed(unit=division)."""

    def make(role=Role.HEAD_OFFICE, *, unit=None, day=None):
        person = staff(role, unit=unit)
        day = day or clock.today()
        return Deed(standing(db, person, day=day), clock.now(), day)

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
