"""Accounts for the door's tests."""

from collections.abc import Callable

import pytest

from sipas.door.actions import add_account
from sipas.door.models import Account
from sipas.door.rules import hash_cost
from sipas.ledger.rules import COMMAND
from tests.conftest import NOW

COST = hash_cost("test")


@pytest.fixture
def account(db) -> Callable[..., Account]:
    """Makes an account: account("an.nguyen")."""

    def make(name: str = "an.nguyen") -> Account:
        made, _temporary = add_account(db, name, cost=COST, by=COMMAND, now=NOW)
        db.commit()
        return made

    return make
