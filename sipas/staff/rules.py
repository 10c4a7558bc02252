"""Roles, what each may do, and what one member of staff may do today."""

from collections.abc import Mapping
from dataclasses import dataclass
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

    def may(self, permission: Permission, unit_id: int | None = None) -> bool:
        units = self.units_by_permission.get(permission, frozenset())
        return bool(units) if unit_id is None else unit_id in units

    def units(self, permission: Permission) -> frozenset[int]:
        return self.units_by_permission.get(permission, frozenset())

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.STAFF, self.staff_id)
