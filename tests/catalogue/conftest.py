"""What tests of the catalogue need: an actor, a sector, a procedure."""

import pytest

from sipas.catalogue import actions
from sipas.catalogue.rules import Level, ProcedureFacts, SectorFacts
from sipas.clock import now
from sipas.ledger.rules import Actor, ActorKind


@pytest.fixture
def actor():
    return Actor(ActorKind.COMMAND)


@pytest.fixture
def sector(db, actor):
    made = actions.add_sector(db, SectorFacts("HT", "Hộ tịch"), by=actor, now=now())
    db.commit()
    return made


@pytest.fixture
def procedure(db, sector, actor):
    facts = ProcedureFacts("1.001193", "Đăng ký khai sinh", "HT", Level.COMMUNE)
    made = actions.add_procedure(db, sector, facts, by=actor, now=now())
    db.commit()
    return made
