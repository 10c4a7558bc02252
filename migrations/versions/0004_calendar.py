"""The calendar: special days, office hours, report periods."""

import sqlalchemy as sa
from alembic import op

from sipas.database import UtcDateTime

revision = "0004_calendar"
down_revision = "0003_mailroom"
branch_labels = None
depends_on = None

IN_FORCE = sa.text("replaced_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "report_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("starts_month", sa.Integer(), nullable=False),
        sa.Column("starts_day", sa.Integer(), nullable=False),
        sa.Column("starts_shift", sa.Integer(), nullable=False),
        sa.Column("ends_month", sa.Integer(), nullable=False),
        sa.Column("ends_day", sa.Integer(), nullable=False),
        sa.Column("ends_shift", sa.Integer(), nullable=False),
        sa.Column("due_month", sa.Integer(), nullable=True),
        sa.Column("due_day", sa.Integer(), nullable=True),
        sa.Column("due_shift", sa.Integer(), nullable=True),
        sa.Column("cumulative", sa.Boolean(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=True),
        sa.Column("first_year", sa.Integer(), nullable=False),
        sa.Column("last_year", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "last_year IS NULL OR last_year >= first_year", name="ck_report_period_years_in_order"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_report_period"),
    )
    op.create_index(
        "uq_report_period_code_first_year", "report_period", ["code", "first_year"], unique=True
    )
    op.create_table(
        "calendar_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("decision", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "replaced_by_id IS NULL OR replaced_at IS NOT NULL",
            name="ck_calendar_day_replaced_when",
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"],
            ["staff_member.id"],
            name="fk_calendar_day_entered_by_id_staff_member",
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"],
            ["calendar_day.id"],
            name="fk_calendar_day_replaced_by_id_calendar_day",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_day"),
    )
    op.create_index("ix_calendar_day_day", "calendar_day", ["day"], unique=False)
    op.create_index(
        "uq_calendar_day_in_force",
        "calendar_day",
        ["day"],
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )
    op.create_table(
        "working_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("closes > opens", name="ck_working_hours_closes_after_opening"),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="ck_working_hours_weekday"),
        sa.ForeignKeyConstraint(
            ["entered_by_id"],
            ["staff_member.id"],
            name="fk_working_hours_entered_by_id_staff_member",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_working_hours"),
    )
    op.create_index(
        "uq_working_hours_in_force",
        "working_hours",
        ["weekday", "opens"],
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )


def downgrade() -> None:
    op.drop_table("working_hours")
    op.drop_table("calendar_day")
    op.drop_table("report_period")
