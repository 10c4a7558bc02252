"""The service catalogue, the desks and their codes."""

import sqlalchemy as sa
from alembic import op

from sipas.database import UtcDateTime

revision = "0005_desk"
down_revision = "0004_calendar"
branch_labels = None
depends_on = None

OPEN = sa.text("closed_on IS NULL")
LIVE = sa.text("revoked_on IS NULL")


def upgrade() -> None:
    _create_catalogue()
    _create_desks()
    _create_codes()


def _create_catalogue() -> None:
    op.create_table(
        "sector",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("retired_on", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_sector"),
        sa.UniqueConstraint("code", name="uq_sector_code"),
    )
    op.create_table(
        "procedure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.String(500), nullable=False),
        sa.Column("sector_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("retired_on", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_procedure"),
        sa.UniqueConstraint("code", name="uq_procedure_code"),
        sa.CheckConstraint(
            "level IN ('central', 'province', 'commune')", name="ck_procedure_level"
        ),
        sa.ForeignKeyConstraint(["sector_id"], ["sector.id"], name="fk_procedure_sector_id_sector"),
    )
    op.create_index("ix_procedure_sector_id", "procedure", ["sector_id"])
    op.create_table(
        "catalogue_draft",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("sent_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("staff_id", name="pk_catalogue_draft"),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_member.id"], name="fk_catalogue_draft_staff_id_staff_member"
        ),
    )


def _create_desks() -> None:
    op.create_table(
        "desk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_desk"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_desk_unit_id_unit"),
    )
    op.create_index(
        "uq_desk_unit_id_name",
        "desk",
        ["unit_id", "name"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_table(
        "desk_sector",
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("sector_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("desk_id", "sector_id", name="pk_desk_sector"),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name="fk_desk_sector_desk_id_desk"),
        sa.ForeignKeyConstraint(
            ["sector_id"], ["sector.id"], name="fk_desk_sector_sector_id_sector"
        ),
    )


def _create_codes() -> None:
    op.create_table(
        "desk_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(6), nullable=False),
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("revoked_on", sa.Date()),
        sa.Column("successor_id", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_desk_code"),
        sa.UniqueConstraint("code", name="uq_desk_code_code"),
        sa.CheckConstraint(
            "revoked_on IS NULL OR revoked_on >= issued_on", name="ck_desk_code_days_in_order"
        ),
        sa.CheckConstraint(
            "successor_id IS NULL OR revoked_on IS NOT NULL", name="ck_desk_code_onward"
        ),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name="fk_desk_code_desk_id_desk"),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["desk_code.id"], name="fk_desk_code_successor_id_desk_code"
        ),
    )
    op.create_index("ix_desk_code_desk_id", "desk_code", ["desk_id"])
    op.create_index(
        "uq_desk_code_desk_id",
        "desk_code",
        ["desk_id"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )


def downgrade() -> None:
    for table in ("desk_code", "desk_sector", "desk", "catalogue_draft", "procedure", "sector"):
        op.drop_table(table)
