"""Questionnaires, rounds, responses, and what makes sending safe."""

import sqlalchemy as sa
from alembic import op

from sipas.database import UtcDateTime

revision = "0006_survey"
down_revision = "0005_desk"
branch_labels = None
depends_on = None

# A published version is frozen: every stored answer is read by its words.
_QUESTIONNAIRE = "OLD.published_at IS NOT NULL"
_CRITERION = (
    "EXISTS (SELECT 1 FROM questionnaire "
    "WHERE id = {row}.questionnaire_id AND published_at IS NOT NULL)"
)
FROZEN = (
    ("questionnaire", "UPDATE", _QUESTIONNAIRE),
    ("questionnaire", "DELETE", _QUESTIONNAIRE),
    ("criterion", "INSERT", _CRITERION.format(row="NEW")),
    ("criterion", "UPDATE", _CRITERION.format(row="OLD")),
    ("criterion", "DELETE", _CRITERION.format(row="OLD")),
)


def upgrade() -> None:
    op.create_table(
        "questionnaire",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("published_at", UtcDateTime(timezone=True)),
        sa.CheckConstraint("version > 0", name="ck_questionnaire_version"),
        sa.PrimaryKeyConstraint("id", name="pk_questionnaire"),
    )
    op.create_index(
        "uq_questionnaire_code_version", "questionnaire", ["code", "version"], unique=True
    )
    op.create_table(
        "submission",
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.Column("receipt", sa.String(8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("forgotten_after", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_submission"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "criterion",
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("dimension", sa.String(40), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("other_languages", sa.JSON(), nullable=False),
        sa.Column("continues", sa.String(40)),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["questionnaire.id"],
            name="fk_criterion_questionnaire_id_questionnaire",
        ),
        sa.PrimaryKeyConstraint("questionnaire_id", "place", name="pk_criterion"),
    )
    op.create_table(
        "survey_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("opens", sa.Date(), nullable=False),
        sa.Column("closes", sa.Date(), nullable=False),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("tiers", sa.String(60), nullable=False),
        sa.CheckConstraint("closes >= opens", name="ck_survey_round_days_in_order"),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["questionnaire.id"],
            name="fk_survey_round_questionnaire_id_questionnaire",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_survey_round"),
    )
    op.create_table(
        "remark",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name="fk_remark_desk_id_desk"),
        sa.ForeignKeyConstraint(
            ["round_id"], ["survey_round.id"], name="fk_remark_round_id_survey_round"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_remark"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_remark_day_desk_id", "remark", ["day", "desk_id"])
    op.create_table(
        "response",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("sector_id", sa.Integer()),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("tier", sa.String(10), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("answers", sa.String(100), nullable=False),
        sa.Column("reasons", sa.String(20), nullable=False),
        sa.Column("profile", sa.String(20), nullable=False),
        sa.Column("flags", sa.String(40), nullable=False),
        sa.Column("excluded_on", sa.Date()),
        sa.Column("exclusion", sa.String(40)),
        sa.CheckConstraint(
            "(excluded_on IS NULL) = (exclusion IS NULL)", name="ck_response_excluded_why"
        ),
        sa.CheckConstraint("length(answers) > 0", name="ck_response_answers"),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name="fk_response_desk_id_desk"),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["questionnaire.id"],
            name="fk_response_questionnaire_id_questionnaire",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["survey_round.id"], name="fk_response_round_id_survey_round"
        ),
        sa.ForeignKeyConstraint(["sector_id"], ["sector.id"], name="fk_response_sector_id_sector"),
        sa.PrimaryKeyConstraint("id", name="pk_response"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_response_day_desk_id", "response", ["day", "desk_id"])
    op.create_table(
        "arrival",
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sa.Column("response_id", sa.LargeBinary(16), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("device", sa.LargeBinary(16), nullable=False),
        sa.ForeignKeyConstraint(["mark"], ["submission.mark"], name="fk_arrival_mark_submission"),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name="fk_arrival_response_id_response"
        ),
        sa.PrimaryKeyConstraint("mark", name="pk_arrival"),
        sa.UniqueConstraint("response_id", name="uq_arrival_response_id"),
        sqlite_with_rowid=False,
    )
    for table, deed, is_frozen in FROZEN:
        _refuse(table, deed, is_frozen)


def _refuse(table: str, deed: str, is_frozen: str) -> None:
    name = f"{table}_frozen_{deed.lower()}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {deed} ON {table} WHEN {is_frozen} "
            "BEGIN SELECT RAISE(ABORT, 'a published questionnaire is frozen'); END"
        )
        return
    row = "OLD" if deed == "DELETE" else "NEW"
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {is_frozen} THEN RAISE EXCEPTION 'a published questionnaire is frozen'; END IF; "
        f"RETURN {row}; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {deed} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    )


def downgrade() -> None:
    op.drop_table("arrival")
    op.drop_table("response")
    op.drop_table("remark")
    op.drop_table("survey_round")
    op.drop_table("criterion")
    op.drop_table("submission")
    op.drop_table("questionnaire")
    if op.get_bind().dialect.name != "sqlite":
        for table, deed, _is_frozen in FROZEN:
            op.execute(f"DROP FUNCTION {table}_frozen_{deed.lower()}()")
