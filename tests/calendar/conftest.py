"""An office whose calendar is loaded from the shipped files."""

from datetime import UTC, datetime

import pytest

from sipas.calendar.actions import load_reference
from sipas.ledger.rules import COMMAND

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


@pytest.fixture
def loaded(db, office):
    load_reference(db, by=COMMAND, now=NOW)
    db.commit()
    return office
