"""The list of words, and hashes at their real cost."""

import pytest

from sipas.door.models import Account
from sipas.door.queries import (
    LISTED,
    hash_password,
    password_matches,
    password_weakness,
    up_to_date_hash,
)
from sipas.door.rules import SHORTEST_WORD, Weakness, account_name, hash_cost


@pytest.mark.parametrize(
    "password",
    [
        "Lạng Sơn 1975!!",
        "Bộ phận một cửa 2026",
        "administrator1",
        "iloveyou1234",
        "Sở Tài chính 123",
    ],
)
def test_what_is_on_the_shipped_list_is_refused(password):
    assert password_weakness(password, own=("Bộ phận",)) in {
        Weakness.GUESSABLE,
        Weakness.PERSONAL,
    }


def test_every_line_of_the_list_is_long_enough_to_count_and_stands_once():
    lines = LISTED.read_text(encoding="utf-8").splitlines()
    words = [account_name(line) for line in lines if line and not line.startswith("#")]

    assert len(words) > 200
    assert min(map(len, words)) >= SHORTEST_WORD
    assert len(set(words)) == len(words)


def test_an_installation_hashes_with_nineteen_mebibytes():
    cost = hash_cost("embedded")
    account = Account(password_hash=hash_password("bốn con mèo ngủ trưa", cost))

    assert account.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert password_matches(account, "bốn con mèo ngủ trưa", cost)
    assert up_to_date_hash(account, "bốn con mèo ngủ trưa", cost) == account.password_hash
