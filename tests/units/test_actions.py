"""Changing the tree: what is refused, what stays, what the ledger keeps."""

from datetime import date

import pytest
from sqlalchemy import select

from sipas.errors import RuleError
from sipas.ledger.models import Event
from sipas.staff.models import UnitPast
from sipas.staff.queries import units_below, units_on
from sipas.staff.rules import UnitKind, flat
from sipas.units import actions
from sipas.units.rules import UnitWords

DAY = date(2026, 6, 1)


def words(unit, **changed):
    now = {"kind": UnitKind(unit.kind), "name": unit.name, "short_name": unit.short_name,
           "parent_id": unit.parent_id}  # fmt: skip
    return UnitWords(**{**now, **changed})


def names_on(db, day):
    return [f"{branch.depth} {branch.unit.name}" for branch in flat(units_on(db, day))]


def entries(db):
    found = db.scalars(select(Event).order_by(Event.seq))
    return [(event.what, event.subject, event.detail) for event in found]


def test_the_first_unit_is_the_office_and_there_is_no_second(db, deed_on):
    office = UnitWords(UnitKind.OFFICE, "Sở Tư pháp", "STP", None)

    root = actions.add_unit(db, office, starts=DAY, deed=deed_on("2026-06-01"))

    assert names_on(db, DAY) == ["0 Sở Tư pháp"]
    assert entries(db) == [
        ("unit.added", f"unit:{root.id}", {"parent": None, "starts": "2026-06-01"})
    ]
    with pytest.raises(RuleError, match="Cơ quan đã có"):
        actions.add_unit(db, office, starts=DAY, deed=deed_on("2026-06-01"))


def test_a_unit_begins_on_its_day(db, office, deed_on):
    new = UnitWords(UnitKind.DIVISION, "Phòng Ươm mầm", "PUM", office.id)

    actions.add_unit(db, new, starts=date(2026, 7, 1), deed=deed_on("2026-06-01"))

    assert names_on(db, date(2026, 6, 30)) == [f"0 {office.name}"]
    assert names_on(db, date(2026, 7, 1)) == [f"0 {office.name}", "1 Phòng Ươm mầm"]


@pytest.mark.parametrize("name", ["Phòng Đất đai", "phong dat dai", "PHÒNG ĐẤT ĐAI"])
def test_two_units_of_one_name_do_not_stand_side_by_side(db, office, add_unit, deed_on, name):
    add_unit("Phòng Đất đai")

    with pytest.raises(RuleError, match="Đã có đơn vị mang tên này"):
        actions.add_unit(db, UnitWords(UnitKind.TEAM, name, "P", office.id),
                         starts=DAY, deed=deed_on("2026-06-01"))  # fmt: skip


def test_nothing_begins_under_a_unit_that_is_over(db, add_unit, deed_on):
    old = add_unit("Phòng cũ")
    actions.end_units(db, [old], day=DAY, successor=None, deed=deed_on("2026-06-01"))

    with pytest.raises(RuleError, match="không hoạt động vào ngày này"):
        actions.add_unit(db, UnitWords(UnitKind.TEAM, "Tổ", "T", old.id),
                         starts=DAY, deed=deed_on("2026-06-01"))  # fmt: skip


def test_a_past_day_shows_the_names_and_the_tree_of_that_day(db, office, add_unit, deed_on):
    one, two = add_unit("Phòng Một"), add_unit("Phòng Hai")
    team = add_unit("Tổ Tin học", under=one)

    actions.edit_unit(db, team, words(team, parent_id=two.id), version=1,
                      deed=deed_on("2026-03-01"))  # fmt: skip
    actions.edit_unit(db, team, words(team, name="Tổ Chuyển đổi số"), version=2,
                      deed=deed_on("2026-06-01"))  # fmt: skip

    root = f"0 {office.name}"
    assert names_on(db, date(2026, 2, 28)) == [root, "1 Phòng Hai", "1 Phòng Một", "2 Tổ Tin học"]
    assert names_on(db, date(2026, 3, 1)) == [root, "1 Phòng Hai", "2 Tổ Tin học", "1 Phòng Một"]
    assert names_on(db, DAY) == [root, "1 Phòng Hai", "2 Tổ Chuyển đổi số", "1 Phòng Một"]
    assert entries(db) == [
        ("unit.changed", f"unit:{team.id}", {"parent": two.id, "parent_before": one.id}),
        ("unit.changed", f"unit:{team.id}", {}),
    ]


def test_what_was_so_for_less_than_a_day_is_no_past(db, add_unit, deed_on):
    unit = add_unit("Phòng A")
    for version, name in enumerate(("Phòng B", "Phòng C", "Phòng D"), 1):
        actions.edit_unit(db, unit, words(unit, name=name), version=version,
                          deed=deed_on("2026-06-01"))  # fmt: skip

    assert [past.name for past in db.scalars(select(UnitPast))] == ["Phòng A"]


def test_a_change_sent_twice_is_one_change(db, add_unit, deed_on):
    unit = add_unit("Phòng A")
    for _time in range(2):
        actions.edit_unit(db, unit, words(unit, name="Phòng B"), version=1,
                          deed=deed_on("2026-06-01"))  # fmt: skip

    assert [what for what, _subject, _detail in entries(db)] == ["unit.changed"]


def test_what_a_colleague_has_changed_since_is_not_overwritten(db, add_unit, deed_on):
    unit = add_unit("Phòng A")
    actions.edit_unit(db, unit, words(unit, name="Phòng B"), version=1, deed=deed_on("2026-06-01"))

    with pytest.raises(RuleError, match="Người khác vừa sửa đơn vị này"):
        actions.edit_unit(db, unit, words(unit, name="Phòng C"), version=1,
                          deed=deed_on("2026-06-01"))  # fmt: skip
    assert unit.name == "Phòng B"


def test_a_unit_is_not_moved_under_itself(db, add_unit, deed_on):
    one = add_unit("Phòng Một")
    team = add_unit("Tổ", under=one)

    for parent in (one, team):
        with pytest.raises(RuleError, match="không thể nằm dưới chính nó"):
            actions.edit_unit(db, one, words(one, parent_id=parent.id), version=1,
                              deed=deed_on("2026-06-01"))  # fmt: skip


def test_a_move_that_would_make_a_circle_on_a_day_to_come_is_refused(db, add_unit, deed_on):
    one, two = add_unit("Phòng Một"), add_unit("Phòng Hai")
    actions.end_units(db, [one], day=date(2026, 7, 1), successor=two, deed=deed_on("2026-06-01"))

    with pytest.raises(RuleError, match="không thể nằm dưới chính nó"):
        actions.edit_unit(db, two, words(two, parent_id=one.id), version=1,
                          deed=deed_on("2026-06-01"))  # fmt: skip


def test_the_office_stays_at_the_head_of_the_tree(db, office, add_unit, deed_on):
    unit = add_unit("Phòng A")
    deed = deed_on("2026-06-01")

    with pytest.raises(RuleError, match="luôn đứng đầu"):
        actions.edit_unit(db, office, words(office, parent_id=unit.id), version=1, deed=deed)
    with pytest.raises(RuleError, match="luôn đứng đầu"):
        actions.edit_unit(db, unit, words(unit, parent_id=None), version=1, deed=deed)
    with pytest.raises(RuleError, match="Cơ quan không kết thúc được"):
        actions.end_units(db, [office], day=DAY, successor=None, deed=deed)


def test_units_merge_and_what_stood_under_them_follows(db, office, add_unit, deed_on):
    one, two, heir = add_unit("Phòng Một"), add_unit("Phòng Hai"), add_unit("Phòng Mới")
    add_unit("Tổ Lưu trữ", under=one)

    actions.end_units(db, [one, two], day=DAY, successor=heir, deed=deed_on("2026-05-01"))

    root = f"0 {office.name}"
    assert names_on(db, date(2026, 5, 31)) == [
        root, "1 Phòng Hai", "1 Phòng Mới", "1 Phòng Một", "2 Tổ Lưu trữ",
    ]  # fmt: skip
    assert names_on(db, DAY) == [root, "1 Phòng Mới", "2 Tổ Lưu trữ"]
    assert entries(db) == [
        ("unit.ended", f"unit:{unit.id}", {"ends": "2026-06-01", "successor": heir.id})
        for unit in (one, two)
    ]


def test_rights_follow_the_cases_of_merged_units(db, add_unit, deed_on):
    one, heir = add_unit("Phòng Một"), add_unit("Phòng Mới")
    team = add_unit("Tổ Lưu trữ", under=one)

    actions.end_units(db, [one], day=DAY, successor=heir, deed=deed_on("2026-05-01"))

    assert units_below(db, date(2026, 5, 31))[heir.id] == {heir.id}
    assert units_below(db, DAY)[heir.id] == {heir.id, one.id, team.id}
    assert units_below(db, DAY)[one.id] == {one.id}


@pytest.mark.parametrize(
    ("day", "why"),
    [(date(2024, 1, 1), "phải sau ngày thành lập"), (date(2023, 1, 1), "phải sau ngày thành lập")],
)
def test_a_unit_does_not_end_before_it_has_begun(db, add_unit, deed_on, day, why):
    unit = add_unit("Phòng A")

    with pytest.raises(RuleError, match=why):
        actions.end_units(db, [unit], day=day, successor=None, deed=deed_on("2026-06-01"))


def test_a_unit_ends_once(db, add_unit, deed_on):
    unit = add_unit("Phòng A")
    actions.end_units(db, [unit], day=DAY, successor=None, deed=deed_on("2026-05-01"))

    with pytest.raises(RuleError, match="đã có ngày kết thúc"):
        actions.end_units(db, [unit], day=DAY, successor=None, deed=deed_on("2026-05-01"))


def test_a_successor_must_outlive_what_it_follows(db, add_unit, deed_on):
    one, late, over = add_unit("Một"), add_unit("Hai", starts=date(2026, 7, 1)), add_unit("Ba")
    deed = deed_on("2026-05-01")
    actions.end_units(db, [over], day=date(2027, 1, 1), successor=None, deed=deed)

    for successor in (one, late, over):
        with pytest.raises(RuleError, match="phải hoạt động từ ngày này trở đi"):
            actions.end_units(db, [one], day=DAY, successor=successor, deed=deed)
    assert one.ends is None


def test_a_part_of_a_unit_cannot_take_over_from_it_in_place(db, add_unit, deed_on):
    one = add_unit("Phòng Một")
    team = add_unit("Tổ", under=one)

    with pytest.raises(RuleError, match="không thể nằm dưới chính nó"):
        actions.end_units(db, [one], day=DAY, successor=team, deed=deed_on("2026-05-01"))


def test_an_end_can_be_called_off_until_its_day(db, add_unit, deed_on):
    one, heir = add_unit("Phòng Một"), add_unit("Phòng Mới")
    actions.end_units(db, [one], day=DAY, successor=heir, deed=deed_on("2026-05-01"))

    actions.keep_unit(db, one, deed=deed_on("2026-05-31"))
    actions.keep_unit(db, one, deed=deed_on("2026-05-31"))

    assert (one.ends, one.successor_id) == (None, None)
    assert [what for what, *_rest in entries(db)] == ["unit.ended", "unit.kept"]


def test_what_has_ended_stays_ended(db, add_unit, deed_on):
    unit = add_unit("Phòng Một")
    actions.end_units(db, [unit], day=DAY, successor=None, deed=deed_on("2026-05-01"))

    with pytest.raises(RuleError, match="đã kết thúc"):
        actions.keep_unit(db, unit, deed=deed_on("2026-06-01"))
    with pytest.raises(RuleError, match="đã kết thúc"):
        actions.edit_unit(db, unit, words(unit, name="Khác"), version=unit.version,
                          deed=deed_on("2026-06-01"))  # fmt: skip
