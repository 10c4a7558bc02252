"""What is written down of a unit."""

from dataclasses import dataclass

from sipas.staff.rules import UnitKind


@dataclass(frozen=True, slots=True)
class UnitWords:
    """What a unit is called and where it stands, as someone wrote it; the office has no parent."""

    kind: UnitKind
    name: str
    short_name: str
    parent_id: int | None
