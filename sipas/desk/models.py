"""Desks (quầy) and the codes printed for them."""

from datetime import date

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sipas.catalogue.models import Sector
from sipas.database import Base
from sipas.desk.rules import CODE_LENGTH, LONGEST_NAME, LONGEST_PLACE, DeskFacts
from sipas.staff.models import Unit

_OPEN = text("closed_on IS NULL")
_LIVE = text("revoked_on IS NULL")

desk_sector = Table(
    "desk_sector",
    Base.metadata,
    Column("desk_id", ForeignKey("desk.id"), primary_key=True),
    Column("sector_id", ForeignKey(Sector.id), primary_key=True),
)


class Desk(Base):
    """A desk (quầy) with a code standing on it. A closed one stays: past responses name it."""

    __tablename__ = "desk"
    __table_args__ = (
        # Two open desks of one name in one unit could not be told apart in any figure.
        Index(
            "uq_desk_unit_id_name",
            "unit_id",
            "name",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    place: Mapped[str] = mapped_column(String(LONGEST_PLACE))
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]

    unit: Mapped[Unit] = relationship()
    sectors: Mapped[list[Sector]] = relationship(
        secondary=desk_sector, order_by=[Sector.code, Sector.id]
    )
    codes: Mapped[list["DeskCode"]] = relationship(
        back_populates="desk", order_by="DeskCode.id.desc()"
    )

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    def needs_unit(self, day: date) -> bool:
        """Its unit has ended while it still stands: someone must say whose it is now."""
        return self.is_open and self.unit.ends is not None and self.unit.ends <= day

    @property
    def facts(self) -> DeskFacts:
        sector_ids = frozenset(sector.id for sector in self.sectors)
        return DeskFacts(self.name, self.place, self.unit_id, sector_ids)

    @property
    def live_code(self) -> "DeskCode | None":
        return next((code for code in self.codes if code.is_live), None)


class DeskCode(Base):
    """A printed code (mã quầy). It is never used again; a revoked one points onward."""

    __tablename__ = "desk_code"
    __table_args__ = (
        CheckConstraint("revoked_on IS NULL OR revoked_on >= issued_on", name="days_in_order"),
        CheckConstraint("successor_id IS NULL OR revoked_on IS NOT NULL", name="onward"),
        Index(
            "uq_desk_code_desk_id",
            "desk_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("ix_desk_code_desk_id", "desk_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(CODE_LENGTH), unique=True)
    desk_id: Mapped[int] = mapped_column(ForeignKey(Desk.id))
    issued_on: Mapped[date]
    revoked_on: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("desk_code.id"))

    desk: Mapped[Desk] = relationship(back_populates="codes")
    successor: Mapped["DeskCode | None"] = relationship(remote_side="DeskCode.id")

    @property
    def is_live(self) -> bool:
        return self.revoked_on is None
