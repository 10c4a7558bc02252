"""Setting up desks and giving them codes, on both databases."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from sipas.catalogue.models import Sector
from sipas.desk import actions, queries
from sipas.desk.models import Desk, DeskCode
from sipas.desk.rules import DeskFacts, is_code
from sipas.errors import RuleError
from sipas.ledger.models import Event


def events(db):
    return [event.what for event in db.scalars(select(Event).order_by(Event.seq))]


def test_a_new_desk_has_a_code_and_stands_in_the_ledger(db, office, deed):
    made = actions.add_desk(db, DeskFacts("Quầy 3", "Bộ phận Một cửa", office.id), deed())

    assert is_code(made.live_code.code)
    assert events(db) == ["desk.added", "desk_code.issued"]


def test_codes_are_not_in_order(db, desk):
    codes = [desk(f"Quầy {number}").live_code.code for number in range(12)]

    assert codes != sorted(codes)
    assert len(set(codes)) == 12


def test_a_second_desk_of_the_same_name_in_a_unit_is_refused(db, office, desk, deed):
    desk("Quầy 3")

    with pytest.raises(RuleError, match="đã có quầy mang tên đó"):
        actions.add_desk(db, DeskFacts("QUẦY 3", "Tầng 2", office.id), deed())


def test_two_units_may_each_have_a_desk_of_one_name(db, desk, divisions):
    desk("Quầy 3", unit=divisions[0])
    desk("Quầy 3", unit=divisions[1])

    assert len(db.scalars(select(Desk)).all()) == 2


def test_the_name_of_a_closed_desk_is_free_again(db, desk, deed):
    actions.close_desk(db, desk("Quầy 3"), None, deed())

    assert desk("Quầy 3").is_open


def test_the_database_itself_refuses_two_live_codes_for_a_desk(db, desk):
    counter = desk()
    db.add(DeskCode(code="999999", desk_id=counter.id, issued_on=counter.opened_on))

    with pytest.raises(IntegrityError):
        db.flush()


def test_a_changed_desk_keeps_its_code(db, desk, deed, divisions):
    counter = desk()
    code = counter.live_code.code
    sector = Sector(code="HT", name="Hộ tịch")
    db.add(sector)
    db.flush()

    facts = DeskFacts("Quầy Hộ tịch", "Tầng 2", divisions[0].id, frozenset({sector.id}))
    actions.change_desk(db, counter, facts, deed())

    db.expire_all()
    assert (counter.facts, counter.live_code.code) == (facts, code)


def test_changing_nothing_writes_nothing_into_the_ledger(db, desk, deed):
    counter = desk()
    before = events(db)

    actions.change_desk(db, counter, counter.facts, deed())

    assert events(db) == before


def test_a_desk_may_not_take_the_name_of_another(db, desk, deed, office):
    desk("Quầy 1")
    second = desk("Quầy 2")

    with pytest.raises(RuleError, match="đã có quầy mang tên đó"):
        actions.change_desk(db, second, DeskFacts("Quầy 1", "Tầng 1", office.id), deed())


def test_pressing_twice_for_a_new_code_gives_one(db, desk, deed):
    counter = desk()
    old = counter.live_code.code
    actions.issue_code(db, counter, old, deed())

    with pytest.raises(RuleError, match="vừa được thay"):
        actions.issue_code(db, counter, old, deed())

    assert len(counter.codes) == 2


def test_after_a_revoked_code_the_next_one_takes_its_place(db, desk, deed):
    counter = desk()
    first = counter.live_code
    actions.revoke_code(db, counter, deed())

    new = actions.issue_code(db, counter, None, deed())

    assert (first.successor, counter.live_code) == (new, new)


def test_without_a_code_there_is_none_to_revoke(db, desk, deed):
    counter = desk()
    actions.revoke_code(db, counter, deed())

    with pytest.raises(RuleError, match="không có mã nào"):
        actions.revoke_code(db, counter, deed())


def test_a_closed_desk_gets_no_code_no_change_and_no_second_closing(db, desk, deed):
    counter = desk()
    actions.close_desk(db, counter, None, deed())

    for refused in (
        lambda: actions.issue_code(db, counter, None, deed()),
        lambda: actions.change_desk(db, counter, counter.facts, deed()),
        lambda: actions.close_desk(db, counter, None, deed()),
    ):
        with pytest.raises(RuleError, match="đã đóng"):
            refused()


def test_a_code_is_revoked_on_the_day_and_not_before(db, desk, deed):
    counter = desk()
    tomorrow = counter.opened_on + timedelta(days=1)
    code = counter.live_code

    actions.revoke_code(db, counter, deed(day=tomorrow))

    assert (code.issued_on, code.revoked_on) == (counter.opened_on, tomorrow)


def test_when_every_code_is_used_it_says_so_instead_of_searching_for_ever(
    db, desk, deed, monkeypatch
):
    counter = desk()
    monkeypatch.setattr(actions, "NUMBERS", 1)

    with pytest.raises(RuleError, match="Đã dùng hết"):
        actions.issue_code(db, counter, counter.live_code.code, deed())


def test_of_two_who_add_the_same_desk_at_once_one_is_told(database, db, office, deed):
    facts, doer = DeskFacts("Quầy 3", "Bộ phận Một cửa", office.id), deed()
    db.commit()
    start, told = threading.Barrier(2), []

    def add():
        with database.writing() as own:
            start.wait()
            try:
                actions.add_desk(own, facts, doer)
                own.commit()
            except RuleError as refusal:
                told.append(refusal.message)

    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(told) == 1
    assert len(db.scalars(select(Desk)).all()) == 1


def test_of_two_who_replace_a_code_at_once_one_is_told(database, db, desk, deed):
    counter, doer = desk(), deed()
    old, desk_id = counter.live_code.code, counter.id
    db.commit()
    start, told = threading.Barrier(2), []

    def replace():
        with database.writing() as own:
            start.wait()
            try:
                actions.issue_code(own, own.get_one(Desk, desk_id), old, doer)
                own.commit()
            except RuleError as refusal:
                told.append(refusal.message)

    threads = [threading.Thread(target=replace) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(told) == 1
    assert queries.issued_codes(db) == 2
