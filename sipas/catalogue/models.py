"""The service catalogue (danh mục thủ tục hành chính): sectors and their procedures."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sipas.catalogue.rules import Level, ProcedureFacts, SectorFacts
from sipas.database import Base
from sipas.staff.models import StaffMember

_LEVELS = ", ".join(f"'{level}'" for level in Level)


class Sector(Base):
    """A field of work (lĩnh vực). A retired one stays: past responses name it."""

    __tablename__ = "sector"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    retired_on: Mapped[date | None]

    @property
    def facts(self) -> SectorFacts:
        return SectorFacts(self.code, self.name, in_use=self.retired_on is None)


class Procedure(Base):
    """An administrative procedure (thủ tục hành chính)."""

    __tablename__ = "procedure"
    __table_args__ = (
        CheckConstraint(f"level IN ({_LEVELS})", name="level"),
        Index("ix_procedure_sector_id", "sector_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(500))
    sector_id: Mapped[int] = mapped_column(ForeignKey(Sector.id))
    level: Mapped[str] = mapped_column(String(20))
    retired_on: Mapped[date | None]

    sector: Mapped[Sector] = relationship()

    @property
    def facts(self) -> ProcedureFacts:
        return ProcedureFacts(
            self.code,
            self.name,
            self.sector.code,
            Level(self.level),
            in_use=self.retired_on is None,
        )


class CatalogueDraft(Base):
    """A file that one person has sent and not yet confirmed; a newer file takes its place."""

    __tablename__ = "catalogue_draft"

    staff_id: Mapped[int] = mapped_column(ForeignKey(StaffMember.id), primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200))
    sent_at: Mapped[datetime]
    lines: Mapped[list[Any]] = mapped_column(JSON)
