"""Tables of the wing named in this file."""

revision = "0006_survey"
down_revision = "0005_desk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
