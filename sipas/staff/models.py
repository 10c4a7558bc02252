"""The office: its units (đơn vị) as a tree, its people, their roles, who stands in for whom."""

from base64 import b64encode
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from sipas.database import Base
from sipas.door.models import Account
from sipas.folding import folded


class Office(Base):
    """The office (cơ quan) as citizens see it: one row."""

    __tablename__ = "office"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(200))  # where citizens come: "Bộ phận Một cửa"
    phone: Mapped[str] = mapped_column(String(40))
    domain: Mapped[str] = mapped_column(String(100))
    emblem_png: Mapped[bytes | None] = mapped_column(LargeBinary)  # small: it rides in each page
    is_demo: Mapped[bool] = mapped_column(default=False)
    set_up_at: Mapped[datetime | None]

    @property
    def emblem(self) -> str | None:
        """The emblem as an address that needs no second request."""
        if self.emblem_png is None:
            return None
        return f"data:image/png;base64,{b64encode(self.emblem_png).decode()}"


class Unit(Base):
    """A unit (đơn vị) of the office. Reorganised units keep their past: they end, others begin."""

    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint("ends IS NULL OR ends > starts", name="ends_after_start"),
        Index("ix_unit_parent_id", "parent_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str] = mapped_column(String(40))
    starts: Mapped[date]
    ends: Mapped[date | None]  # the first day on which it is no more
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    version: Mapped[int] = mapped_column(default=1)  # one more with each change


class UnitPast(Base):
    """What a unit was called and where it stood before a change."""

    __tablename__ = "unit_past"

    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), primary_key=True)
    until: Mapped[date] = mapped_column(primary_key=True)  # the first day on which it no longer was
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str] = mapped_column(String(40))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id))


class StaffMember(Base):
    """A person who works with the program (cán bộ)."""

    __tablename__ = "staff_member"
    __table_args__ = (Index("ix_staff_member_unit_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(200))
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id))
    folded_name: Mapped[str] = mapped_column(String(300))  # what a search by name looks through
    version: Mapped[int] = mapped_column(default=1)  # one more with each change

    account: Mapped[Account] = relationship()
    unit: Mapped[Unit] = relationship()
    grants: Mapped[list["RoleGrant"]] = relationship(
        back_populates="staff", order_by="RoleGrant.id"
    )

    @validates("name")
    def _fold_name(self, _key: str, name: str) -> str:
        self.folded_name = folded(name)
        return name


class RoleGrant(Base):
    """A role that a person holds, for one unit and all below it, from day to day."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("ends IS NULL OR ends >= starts", name="days_in_order"),
        Index("ix_role_grant_staff_id", "staff_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey(StaffMember.id))
    role: Mapped[str] = mapped_column(String(30))
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id))
    starts: Mapped[date]
    ends: Mapped[date | None]  # the first day without it; its first day if it never held

    staff: Mapped[StaffMember] = relationship(back_populates="grants")
    unit: Mapped[Unit] = relationship()


class Delegation(Base):
    """One person's duties in a colleague's hands (ủy quyền), from day to day."""

    __tablename__ = "delegation"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="days_in_order"),
        CheckConstraint("from_id <> to_id", name="two_people"),
        Index("ix_delegation_to_id", "to_id"),
        Index("ix_delegation_from_id", "from_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    from_id: Mapped[int] = mapped_column(ForeignKey(StaffMember.id))
    to_id: Mapped[int] = mapped_column(ForeignKey(StaffMember.id))
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    revoked_at: Mapped[datetime | None]

    giver: Mapped[StaffMember] = relationship(foreign_keys=from_id)
    taker: Mapped[StaffMember] = relationship(foreign_keys=to_id)
