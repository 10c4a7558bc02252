"""Tables of the wing named in this file."""

revision = "0004_calendar"
down_revision = "0003_mailroom"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
