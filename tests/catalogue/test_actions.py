"""Keeping the catalogue, on both databases."""

import threading
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from sipas.catalogue import actions, queries
from sipas.catalogue.models import Procedure, Sector
from sipas.catalogue.rules import Level, Outcome, ProcedureFacts, SectorFacts
from sipas.catalogue.table_file import read_lines
from sipas.errors import NotFoundError, RuleError
from sipas.ledger.models import Event
from sipas.staff.rules import Role
from tests.catalogue.files import BIRTH, DEATH, RECORD, csv_file

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)


@pytest.fixture
def person(staff):
    return staff(Role.HEAD_OFFICE).id


@pytest.fixture
def send(db, person):
    """Keeps a file of these rows as the person's draft and gives its dry run."""

    def keep(*rows):
        lines = read_lines(csv_file(*rows))
        actions.keep_draft(db, lines, file_name="danh-muc.csv", staff_id=person, now=NOW)
        return queries.dry_run(db, staff_id=person)

    return keep


@pytest.fixture
def take(db, person, actor):
    def confirm(run):
        shown = run.plan.fingerprint
        return actions.take_draft(db, shown=shown, staff_id=person, by=actor, now=NOW)

    return confirm


def last_event(db):
    return db.scalars(select(Event).order_by(Event.seq.desc())).first()


def test_a_taken_file_adds_its_sectors_and_procedures(db, send, take):
    take(send(BIRTH, DEATH, RECORD))

    assert [line.procedures for line in queries.sector_lines(db)] == [2, 1]
    assert [each.facts for each in queries.procedures_in_use(db)] == [
        ProcedureFacts("1.000656", "Đăng ký khai tử", "HT", Level.COMMUNE),
        ProcedureFacts("1.001193", "Đăng ký khai sinh", "HT", Level.COMMUNE),
        ProcedureFacts("2.000488", "Cấp Phiếu lý lịch tư pháp số 1", "LLTP", Level.PROVINCE),
    ]


def test_taking_a_file_stands_in_the_ledger_with_its_counts(db, send, take):
    take(send(BIRTH, RECORD))

    event = last_event(db)
    assert (event.what, event.detail) == ("catalogue.imported", {"add": 4, "change": 0, "keep": 0})


def test_the_same_file_again_adds_nothing(send, take):
    take(send(BIRTH, RECORD))

    again = send(BIRTH, RECORD).plan

    assert (again.changes_something, again.count(Outcome.KEEP)) == (False, 4)


def test_an_update_is_shown_before_and_done_after(db, send, take):
    take(send(BIRTH))
    renamed = (*BIRTH[:3], "Đăng ký khai sinh có yếu tố nước ngoài", "Cấp tỉnh")

    run = send(renamed)
    [step] = run.plan.changed_procedures
    take(run)

    [procedure] = queries.procedures_in_use(db)
    assert (step.before.name, step.outcome) == ("Đăng ký khai sinh", Outcome.CHANGE)
    assert procedure.facts == step.after


def test_a_procedure_moves_to_the_sector_that_the_file_names(db, send, take):
    take(send(BIRTH, RECORD))

    take(send((*RECORD[:2], *BIRTH[2:])))

    assert queries.procedure_with_code(db, "1.001193").sector.code == "LLTP"


def test_what_is_not_in_the_file_stays(db, send, take):
    take(send(BIRTH))

    take(send(RECORD))

    assert len(queries.procedures_in_use(db)) == 2


def test_a_retired_procedure_and_its_sector_come_back_with_a_file(db, send, take, actor):
    take(send(BIRTH))
    [procedure] = queries.procedures_in_use(db)
    actions.retire_procedure(db, procedure, by=actor, now=NOW, day=TODAY)
    actions.retire_sector(db, procedure.sector, by=actor, now=NOW, day=TODAY)

    take(send(BIRTH))

    assert (procedure.retired_on, procedure.sector.retired_on) == (None, None)


def test_a_file_with_a_problem_gives_no_plan_to_take(db, send, person, actor):
    run = send(BIRTH, (*DEATH[:4], "Cấp huyện"))

    assert (len(run.problems), run.plan) == (1, None)
    with pytest.raises(actions.OutdatedPlanError):
        actions.take_draft(db, shown="", staff_id=person, by=actor, now=NOW)
    assert db.scalars(select(Sector)).all() == []


def test_a_plan_that_is_no_longer_what_was_shown_is_not_taken(db, send, take, actor):
    run = send(BIRTH)
    actions.add_sector(db, SectorFacts("HT", "Hộ tịch cũ"), by=actor, now=NOW)

    with pytest.raises(actions.OutdatedPlanError):
        take(run)

    assert db.scalars(select(Procedure)).all() == []


def test_a_draft_can_be_taken_once(send, take):
    run = send(BIRTH)
    take(run)

    with pytest.raises(NotFoundError):
        take(run)


def test_a_newer_file_takes_the_place_of_the_older(send):
    send(BIRTH)

    assert send(DEATH, RECORD).plan.count(Outcome.ADD) == 4


def test_a_colleague_does_not_see_the_draft(db, send, staff):
    send(BIRTH)

    with pytest.raises(NotFoundError):
        queries.dry_run(db, staff_id=staff(Role.HEAD_OFFICE).id)


def test_a_dropped_draft_is_gone(db, send, person):
    send(BIRTH)

    actions.drop_draft(db, staff_id=person)

    assert not queries.has_draft(db, staff_id=person)


def test_a_code_can_be_added_once(db, sector, procedure, actor):
    with pytest.raises(RuleError, match="Mã HT đã có"):
        actions.add_sector(db, SectorFacts("HT", "Khác"), by=actor, now=NOW)
    with pytest.raises(RuleError, match=r"Mã 1\.001193 đã có"):
        actions.add_procedure(db, sector, procedure.facts, by=actor, now=NOW)


def test_a_sector_with_procedures_in_use_cannot_be_retired(db, sector, procedure, actor):
    with pytest.raises(RuleError, match="còn thủ tục đang dùng"):
        actions.retire_sector(db, sector, by=actor, now=NOW, day=TODAY)

    assert sector.retired_on is None


def test_into_a_retired_sector_nothing_is_added_or_brought_back(db, sector, procedure, actor):
    actions.retire_procedure(db, procedure, by=actor, now=NOW, day=TODAY)
    actions.retire_sector(db, sector, by=actor, now=NOW, day=TODAY)
    facts = ProcedureFacts("1.9", "Thủ tục mới", "HT", Level.PROVINCE)

    with pytest.raises(RuleError, match="đã ngừng dùng"):
        actions.add_procedure(db, sector, facts, by=actor, now=NOW)
    with pytest.raises(RuleError, match="đã ngừng dùng"):
        actions.restore_procedure(db, procedure, by=actor, now=NOW)


def test_doing_twice_what_is_done_leaves_one_event(db, sector, procedure, actor):
    for _press in range(2):
        actions.retire_procedure(db, procedure, by=actor, now=NOW, day=TODAY)
        actions.retire_sector(db, sector, by=actor, now=NOW, day=TODAY)
    for _press in range(2):
        actions.restore_sector(db, sector, by=actor, now=NOW)
        actions.restore_procedure(db, procedure, by=actor, now=NOW)
        actions.rename_sector(db, sector, "Hộ tịch, quốc tịch", by=actor, now=NOW)
        facts = ProcedureFacts("1.001193", "Tên mới", "HT", Level.PROVINCE)
        actions.change_procedure(db, procedure, facts, by=actor, now=NOW)

    events = db.scalars(select(Event.what).order_by(Event.seq)).all()
    assert events == [
        "sector.added",
        "procedure.added",
        "procedure.retired",
        "sector.retired",
        "sector.restored",
        "procedure.restored",
        "sector.renamed",
        "procedure.changed",
    ]
    assert procedure.facts == facts


def at_once(database, deed):
    """Do the same deed in two sessions at the same moment; what each was refused with."""
    start, refused = threading.Barrier(2), []

    def run():
        with database.writing() as own:
            start.wait()
            try:
                deed(own)
                own.commit()
            except (RuleError, NotFoundError, actions.OutdatedPlanError) as refusal:
                refused.append(refusal)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def test_of_two_who_add_one_sector_at_once_one_is_told(database, db, office, actor):
    db.commit()

    refused = at_once(
        database,
        lambda own: actions.add_sector(own, SectorFacts("HT", "Hộ tịch"), by=actor, now=NOW),
    )

    assert [refusal.message for refusal in refused] == ["Mã HT đã có trong danh mục."]
    assert len(db.scalars(select(Sector)).all()) == 1


def test_of_two_who_take_the_same_file_at_once_one_looks_again(database, db, staff, actor):
    people = [staff(Role.HEAD_OFFICE).id for _ in range(2)]
    for person in people:
        lines = read_lines(csv_file(BIRTH))
        actions.keep_draft(db, lines, file_name="a.csv", staff_id=person, now=NOW)
    shown = queries.dry_run(db, staff_id=people[0]).plan.fingerprint
    db.commit()

    refused = at_once(
        database,
        lambda own: actions.take_draft(own, shown=shown, staff_id=people.pop(), by=actor, now=NOW),
    )

    assert [type(refusal) for refusal in refused] == [actions.OutdatedPlanError]
    assert len(db.scalars(select(Procedure)).all()) == 1


def test_of_two_presses_at_once_for_one_file_the_second_finds_it_gone(
    database, db, send, person, actor
):
    shown = send(BIRTH).plan.fingerprint
    db.commit()

    refused = at_once(
        database,
        lambda own: actions.take_draft(own, shown=shown, staff_id=person, by=actor, now=NOW),
    )

    assert [type(refusal) for refusal in refused] == [NotFoundError]
    assert len(db.scalars(select(Procedure)).all()) == 1
