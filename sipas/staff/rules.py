"""Roles and what each may do, what one member of staff may do today, where a unit belongs."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from sipas.ledger.rules import Actor, ActorKind


class UnitKind(StrEnum):
    OFFICE = "office"
    DIVISION = "division"
    TEAM = "team"


class Role(StrEnum):
    DESK_CLERK = "desk_clerk"
    OFFICER = "officer"
    DIVISION_HEAD = "division_head"
    LEADER = "leader"
    HEAD_OFFICE = "head_office"
    PUBLISHER = "publisher"
    DATA_PROTECTION = "data_protection"
    INSPECTOR = "inspector"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """What a page or a deed asks for. Every staff page names one."""

    HOME = "home"  # the first page, one's own account
    SET_UP = "set_up"  # the office's name, emblem, first day
    UNITS_VIEW = "units_view"
    UNITS_EDIT = "units_edit"
    STAFF_VIEW = "staff_view"
    STAFF_EDIT = "staff_edit"
    DELEGATE = "delegate"  # hand one's own duties to a colleague for a time
    CALENDAR_VIEW = "calendar_view"
    CALENDAR_EDIT = "calendar_edit"
    CATALOGUE_EDIT = "catalogue_edit"
    DESK_VIEW = "desk_view"
    DESK_EDIT = "desk_edit"
    SURVEY_VIEW = "survey_view"
    LEDGER_VIEW = "ledger_view"
    MAIL_VIEW = "mail_view"  # the outbox: to whom, when, whether sent
    CASE_VIEW = "case_view"
    CASE_HANDLE = "case_handle"
    CASE_APPROVE = "case_approve"
    CASE_PUBLISH = "case_publish"


_EVERYONE = frozenset(
    {Permission.HOME, Permission.UNITS_VIEW, Permission.CALENDAR_VIEW, Permission.DELEGATE}
)
_CASE_CONTENT = frozenset(
    {
        Permission.CASE_VIEW,
        Permission.CASE_HANDLE,
        Permission.CASE_APPROVE,
        Permission.CASE_PUBLISH,
    }
)

PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.DESK_CLERK: _EVERYONE | {Permission.DESK_VIEW},
    Role.OFFICER: _EVERYONE | {Permission.CASE_VIEW, Permission.CASE_HANDLE},
    Role.DIVISION_HEAD: _EVERYONE
    | {
        Permission.DESK_VIEW,
        Permission.SURVEY_VIEW,
        Permission.STAFF_VIEW,
        Permission.CASE_VIEW,
        Permission.CASE_HANDLE,
        Permission.CASE_APPROVE,
    },
    Role.LEADER: _EVERYONE
    | {
        Permission.DESK_VIEW,
        Permission.SURVEY_VIEW,
        Permission.STAFF_VIEW,
        Permission.CASE_VIEW,
        Permission.CASE_APPROVE,
    },
    Role.HEAD_OFFICE: _EVERYONE
    | {
        Permission.SET_UP,
        Permission.UNITS_EDIT,
        Permission.STAFF_VIEW,
        Permission.CALENDAR_EDIT,
        Permission.CATALOGUE_EDIT,
        Permission.DESK_VIEW,
        Permission.DESK_EDIT,
        Permission.SURVEY_VIEW,
        Permission.MAIL_VIEW,
        Permission.CASE_VIEW,
        Permission.CASE_HANDLE,
    },
    Role.PUBLISHER: _EVERYONE | {Permission.CASE_VIEW, Permission.CASE_PUBLISH},
    Role.DATA_PROTECTION: _EVERYONE | {Permission.LEDGER_VIEW, Permission.CASE_VIEW},
    Role.INSPECTOR: _EVERYONE
    | {Permission.LEDGER_VIEW, Permission.STAFF_VIEW, Permission.SURVEY_VIEW},
    Role.ADMINISTRATOR: _EVERYONE
    | {
        Permission.SET_UP,
        Permission.UNITS_EDIT,
        Permission.STAFF_VIEW,
        Permission.STAFF_EDIT,
        Permission.CALENDAR_EDIT,
        Permission.CATALOGUE_EDIT,
        Permission.DESK_VIEW,
        Permission.DESK_EDIT,
        Permission.MAIL_VIEW,
        Permission.LEDGER_VIEW,
    },
}

NEED_SECOND_FACTOR = frozenset(
    {Role.LEADER, Role.HEAD_OFFICE, Role.DATA_PROTECTION, Role.ADMINISTRATOR}
)

# What a delegation may hand over: duties of the office, never the keys to the house.
NOT_DELEGABLE = frozenset(
    {Permission.STAFF_EDIT, Permission.SET_UP, Permission.LEDGER_VIEW, Permission.DELEGATE}
)


def sees_cases(role: Role) -> bool:
    return bool(PERMISSIONS[role] & _CASE_CONTENT)


def clash(one: Role, other: Role) -> bool:
    """Who keeps the keys to the house does not read its letters: no one holds both."""
    return Role.ADMINISTRATOR in {one, other} and (sees_cases(one) or sees_cases(other))


def lent(role: Role, *, own: Collection[Role]) -> frozenset[Permission]:
    """What a colleague's role gives to someone with these own roles.

    It is also the last word on separation of duties: whatever was delegated and whenever, an
    administrator reads no case.
    """
    permissions = PERMISSIONS[role] - NOT_DELEGABLE
    return permissions - _CASE_CONTENT if Role.ADMINISTRATOR in own else permissions


@dataclass(frozen=True, slots=True)
class Standing:
    """What one member of staff may do today, and in which units (with all those below)."""

    staff_id: int
    account_id: int
    name: str
    unit_id: int
    unit_name: str
    units_by_permission: Mapping[Permission, frozenset[int]]
    needs_second_factor: bool
    # Whose duty it is where only a delegation gives the right.
    lent_by: Mapping[tuple[Permission, int], int] = field(default_factory=dict)

    def may(self, permission: Permission, unit_id: int | None = None) -> bool:
        units = self.units_by_permission.get(permission, frozenset())
        return bool(units) if unit_id is None else unit_id in units

    def units(self, permission: Permission) -> frozenset[int]:
        return self.units_by_permission.get(permission, frozenset())

    def on_behalf_of(self, permission: Permission, *unit_ids: int) -> int | None:
        """The colleague whose duty this is; nobody where an own role suffices.

        For what reaches several units an own right must hold in each of them; for what belongs
        to no unit, like the calendar, an own right anywhere is enough.
        """
        lent = {unit: giver for (what, unit), giver in self.lent_by.items() if what == permission}
        if not unit_ids and self.units(permission) - lent.keys():
            return None
        return next((lent[unit] for unit in unit_ids or lent if unit in lent), None)

    @property
    def actor(self) -> Actor:
        """Who does what nobody can hand over: with one's own account, for oneself."""
        return Actor(ActorKind.STAFF, self.staff_id)

    def actor_for(self, permission: Permission, *unit_ids: int) -> Actor:
        """Who does it and for whom, as the ledger names both."""
        return Actor(ActorKind.STAFF, self.staff_id, self.on_behalf_of(permission, *unit_ids))


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does something, and when: the moment for the ledger, the day for what holds by day."""

    by: Actor
    now: datetime
    day: date


@dataclass(frozen=True, slots=True)
class UnitOn:
    """A unit as it is, or was on a past day: its name, its place, from when until when."""

    id: int
    kind: UnitKind
    name: str
    short_name: str
    parent_id: int | None
    starts: date
    ends: date | None
    successor_id: int | None

    def exists_on(self, day: date) -> bool:
        return self.starts <= day and not self.is_over(day)

    def is_over(self, day: date) -> bool:
        return self.ends is not None and self.ends <= day

    def belongs_to(self, day: date) -> int | None:
        """Its parent; once it has ended, the unit that took over from it."""
        takes_over = self.is_over(day) and self.successor_id is not None
        return self.successor_id if takes_over else self.parent_id


Units = Mapping[int, UnitOn]


def above(units: Units, unit_id: int, day: date) -> list[int]:
    """What a unit belongs to on a day, nearest first, up to the office itself."""
    way: list[int] = []
    upper = units[unit_id].belongs_to(day)
    while upper is not None and upper not in way:
        way.append(upper)
        upper = units[upper].belongs_to(day)
    return way


def goes_in_circles(units: Units, day: date) -> bool:
    return any(unit_id in above(units, unit_id, day) for unit_id in units)


def parent_on(units: Units, unit_id: int, day: date) -> int | None:
    """Under which unit one stands on a day: the nearest that exists then."""
    return next((up for up in above(units, unit_id, day) if units[up].exists_on(day)), None)


def below(units: Units, day: date) -> Mapping[int, frozenset[int]]:
    """For each unit, those in which a right for it holds.

    That is itself, what stands under it on the day, and what ended and belongs to one of these
    through its successors or, without one, its parent: their cases live on there. A right for an
    ended unit reaches no unit that goes on.
    """
    reached = {unit_id: {unit_id} for unit_id in units}
    for unit_id, unit in units.items():
        for upper in above(units, unit_id, day):
            if unit.is_over(day) or not units[upper].is_over(day):
                reached[upper].add(unit_id)
    return {unit_id: frozenset(ids) for unit_id, ids in reached.items()}


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit in the tree of one day, with the units under it."""

    unit: UnitOn
    depth: int
    branches: "tuple[Branch, ...]"


def flat(branches: Iterable[Branch]) -> list[Branch]:
    """The tree as a list, each unit before those under it."""
    return [found for branch in branches for found in (branch, *flat(branch.branches))]
