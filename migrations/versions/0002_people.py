"""People and doors: accounts, sessions, units, roles, delegations."""

import sqlalchemy as sa
from alembic import op

from sipas.database import UtcDateTime

revision = "0002_people"
down_revision = "0001_ledger"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("password_set_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("totp_secret", sa.String(length=64), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=True),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("name", name="uq_account_name"),
    )
    op.create_table(
        "failed_try",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name_mark", sa.String(length=32), nullable=False),
        sa.Column("origin_mark", sa.String(length=32), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_failed_try"),
    )
    op.create_index("ix_failed_try_at", "failed_try", ["at"], unique=False)
    op.create_index("ix_failed_try_name_mark_at", "failed_try", ["name_mark", "at"], unique=False)
    op.create_index(
        "ix_failed_try_origin_mark_at", "failed_try", ["origin_mark", "at"], unique=False
    )
    op.create_table(
        "office",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("domain", sa.String(length=100), nullable=False),
        sa.Column("emblem_png", sa.LargeBinary(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("set_up_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id = 1", name="ck_office_single"),
        sa.PrimaryKeyConstraint("id", name="pk_office"),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("short_name", sa.String(length=40), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends IS NULL OR ends > starts", name="ck_unit_ends_after_start"),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name="fk_unit_parent_id_unit"),
        sa.ForeignKeyConstraint(["successor_id"], ["unit.id"], name="fk_unit_successor_id_unit"),
        sa.PrimaryKeyConstraint("id", name="pk_unit"),
    )
    op.create_index("ix_unit_parent_id", "unit", ["parent_id"], unique=False)
    op.create_table(
        "known_browser",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_known_browser_account_id_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_known_browser"),
        sa.UniqueConstraint(
            "account_id", "browser_hash", name="uq_known_browser_account_id_browser_hash"
        ),
    )
    op.create_index("ix_known_browser_seen_at", "known_browser", ["seen_at"], unique=False)
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=200), nullable=False),
        sa.Column("used_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_recovery_code_account_id_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_code"),
    )
    op.create_index("ix_recovery_code_account_id", "recovery_code", ["account_id"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("browser", sa.String(length=60), nullable=False),
        sa.Column("opened_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("factor_passed", sa.Boolean(), nullable=False),
        sa.Column("offered_secret", sa.String(length=64), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_sign_in_account_id_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in"),
        sa.UniqueConstraint("token_hash", name="uq_sign_in_token_hash"),
    )
    op.create_index("ix_sign_in_account_id", "sign_in", ["account_id"], unique=False)
    op.create_table(
        "staff_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("folded_name", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_staff_member_account_id_account"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_staff_member_unit_id_unit"),
        sa.PrimaryKeyConstraint("id", name="pk_staff_member"),
        sa.UniqueConstraint("account_id", name="uq_staff_member_account_id"),
    )
    op.create_index("ix_staff_member_unit_id", "staff_member", ["unit_id"], unique=False)
    _create_roles_and_pasts()


def _create_roles_and_pasts() -> None:
    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("from_id <> to_id", name="ck_delegation_two_people"),
        sa.CheckConstraint("last_day >= first_day", name="ck_delegation_days_in_order"),
        sa.ForeignKeyConstraint(
            ["from_id"], ["staff_member.id"], name="fk_delegation_from_id_staff_member"
        ),
        sa.ForeignKeyConstraint(
            ["to_id"], ["staff_member.id"], name="fk_delegation_to_id_staff_member"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_delegation"),
    )
    op.create_index("ix_delegation_from_id", "delegation", ["from_id"], unique=False)
    op.create_index("ix_delegation_to_id", "delegation", ["to_id"], unique=False)
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.CheckConstraint("ends IS NULL OR ends >= starts", name="ck_role_grant_days_in_order"),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_member.id"], name="fk_role_grant_staff_id_staff_member"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_role_grant_unit_id_unit"),
        sa.PrimaryKeyConstraint("id", name="pk_role_grant"),
    )
    op.create_index("ix_role_grant_staff_id", "role_grant", ["staff_id"], unique=False)
    op.create_table(
        "unit_past",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("short_name", sa.String(length=40), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name="fk_unit_past_parent_id_unit"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_unit_past_unit_id_unit"),
        sa.PrimaryKeyConstraint("unit_id", "until", name="pk_unit_past"),
    )


def downgrade() -> None:
    op.drop_table("unit_past")
    op.drop_table("role_grant")
    op.drop_table("delegation")
    op.drop_table("staff_member")
    op.drop_table("sign_in")
    op.drop_table("recovery_code")
    op.drop_table("known_browser")
    op.drop_table("unit")
    op.drop_table("office")
    op.drop_table("failed_try")
    op.drop_table("account")
