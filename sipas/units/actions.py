"""Changing the tree of units. What ends keeps its row: its cases and its past hang on it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from sipas.errors import RuleError
from sipas.folding import folded
from sipas.i18n import gettext as _
from sipas.ledger.actions import record
from sipas.staff.models import Unit, UnitPast
from sipas.staff.queries import every_unit
from sipas.staff.rules import Deed, UnitKind, UnitOn, Units, goes_in_circles, parent_on
from sipas.units.rules import UnitWords


def add_unit(db: Session, words: UnitWords, *, starts: date, deed: Deed) -> Unit:
    """Begin a unit on a day. Without a parent it is the office itself, the one root."""
    tree = _held_tree(db)
    if words.parent_id is not None:
        _check_parent(tree[words.parent_id], day=starts)
    elif tree:
        raise RuleError(_("Cơ quan đã có. Chọn đơn vị cấp trên cho đơn vị mới."))
    _check_name_is_free(tree, words, day=starts)

    unit = Unit(starts=starts)
    _write(unit, words)
    db.add(unit)
    db.flush()
    place = {"parent": words.parent_id, "starts": starts.isoformat()}
    record(db, "unit.added", _subject(unit), by=deed.by, now=deed.now, **place)
    return unit


def edit_unit(db: Session, unit: Unit, words: UnitWords, *, version: int, deed: Deed) -> None:
    """Rename a unit or move it under another, from the deed's day on."""
    tree = _held_tree(db)
    was = _words_of(unit)
    if words == was:
        return
    if unit.version != version:
        raise RuleError(_("Người khác vừa sửa đơn vị này. Xem lại nội dung rồi gửi lần nữa."))
    _check_edit(tree, tree[unit.id], words, day=deed.day)

    _keep_past(db, unit, was, day=deed.day)
    _write(unit, words)
    unit.version += 1
    moved = words.parent_id != was.parent_id
    places = {"parent": words.parent_id, "parent_before": was.parent_id} if moved else {}
    record(db, "unit.changed", _subject(unit), by=deed.by, now=deed.now, **places)


def end_units(
    db: Session, units: Sequence[Unit], *, day: date, successor: Unit | None, deed: Deed
) -> None:
    """End units on a day: merged into a successor, split, replaced, or given up.

    What stood under them stands under the successor from that day, or under their parent. Open
    cases go the same way; people and desks are moved by hand, since only the office knows where.
    """
    tree = _held_tree(db)
    heir = tree[successor.id] if successor else None
    for unit in units:
        _check_may_end(tree[unit.id], day=day)
        tree[unit.id] = replace(tree[unit.id], ends=day, successor_id=heir.id if heir else None)
    if heir is not None:
        _check_successor(tree[heir.id], day=day)
    _check_no_circles(tree, day=day)

    for unit in units:
        unit.ends = day
        unit.successor_id = heir.id if heir else None
        unit.version += 1
        places = {"ends": day.isoformat(), "successor": unit.successor_id}
        record(db, "unit.ended", _subject(unit), by=deed.by, now=deed.now, **places)


def keep_unit(db: Session, unit: Unit, *, deed: Deed) -> None:
    """Call off an end that has not come yet."""
    tree = _held_tree(db)
    if unit.ends is None:
        return
    if unit.ends <= deed.day:
        raise RuleError(_("Đơn vị này đã kết thúc. Lập đơn vị mới nếu cần."))
    tree[unit.id] = replace(tree[unit.id], ends=None, successor_id=None)
    _check_no_circles(tree, day=deed.day)

    unit.ends = unit.successor_id = None
    unit.version += 1
    record(db, "unit.kept", _subject(unit), by=deed.by, now=deed.now)


def _held_tree(db: Session) -> dict[int, UnitOn]:
    """All units, held until the deed is done: two moves at once could make a circle."""
    held = select(Unit).order_by(Unit.id).with_for_update()
    db.scalars(held.execution_options(populate_existing=True)).all()
    return every_unit(db)


def _check_parent(parent: UnitOn, *, day: date) -> None:
    if not parent.exists_on(day):
        raise RuleError(_("Đơn vị cấp trên không hoạt động vào ngày này. Chọn đơn vị khác."))


def _check_name_is_free(
    tree: Units, words: UnitWords, *, day: date, but: int | None = None
) -> None:
    """Two units of one name under one parent cannot be told apart; a double click makes no two."""
    wanted = folded(words.name)
    for unit in tree.values():
        near = not unit.is_over(day) and parent_on(tree, unit.id, day) == words.parent_id
        if near and unit.id != but and folded(unit.name) == wanted:
            raise RuleError(_("Đã có đơn vị mang tên này ở cùng cấp. Đặt tên khác."))


def _check_edit(tree: dict[int, UnitOn], unit: UnitOn, words: UnitWords, *, day: date) -> None:
    if unit.is_over(day):
        raise RuleError(_("Đơn vị này đã kết thúc. Lập đơn vị mới nếu cần."))
    if (unit.parent_id is None) != (words.parent_id is None):
        raise RuleError(_("Cơ quan luôn đứng đầu cây đơn vị."))
    if words.parent_id is not None:
        _check_parent(tree[words.parent_id], day=day)
    _check_name_is_free(tree, words, day=day, but=unit.id)
    _check_no_circles({**tree, unit.id: replace(unit, parent_id=words.parent_id)}, day=day)


def _check_may_end(unit: UnitOn, *, day: date) -> None:
    if unit.parent_id is None:
        raise RuleError(_("Cơ quan không kết thúc được. Nếu cơ quan có tên mới, hãy đổi tên."))
    if unit.ends is not None:
        raise RuleError(_("Đơn vị “%(name)s” đã có ngày kết thúc.", name=unit.name))
    if day <= unit.starts:
        raise RuleError(_("Ngày kết thúc phải sau ngày thành lập của “%(name)s”.", name=unit.name))


def _check_successor(successor: UnitOn, *, day: date) -> None:
    if successor.ends is not None or successor.starts > day:
        raise RuleError(_("Đơn vị kế thừa phải hoạt động từ ngày này trở đi."))


def _check_no_circles(tree: Units, *, day: date) -> None:
    """On no day from this one on may a unit stand under itself; places change when one ends."""
    days = {day, *(unit.ends for unit in tree.values() if unit.ends and unit.ends > day)}
    if any(goes_in_circles(tree, one) for one in days):
        raise RuleError(_("Đơn vị không thể nằm dưới chính nó. Chọn đơn vị khác."))


def _keep_past(db: Session, unit: Unit, was: UnitWords, *, day: date) -> None:
    """Note what the unit was until today; what lasted less than a day is no past."""
    if unit.starts < day and db.get(UnitPast, (unit.id, day)) is None:
        past = UnitPast(unit_id=unit.id, until=day)
        _write(past, was)
        db.add(past)


def _write(unit: Unit | UnitPast, words: UnitWords) -> None:
    unit.kind = words.kind
    unit.name = words.name
    unit.short_name = words.short_name
    unit.parent_id = words.parent_id


def _words_of(unit: Unit) -> UnitWords:
    return UnitWords(UnitKind(unit.kind), unit.name, unit.short_name, unit.parent_id)


def _subject(unit: Unit) -> str:
    return f"unit:{unit.id}"
