"""The service catalogue."""

import sqlalchemy as sa
from alembic import op

from sipas.database import UtcDateTime

revision = "0005_desk"
down_revision = "0004_calendar"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_catalogue()


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


def downgrade() -> None:
    for table in ("catalogue_draft", "procedure", "sector"):
        op.drop_table(table)
