"""Who opened which way into a colleague's account: nobody opens both."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

USER = "user_account.id"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "rescue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], [USER], name=op.f("fk_rescue_user_id_user_account")),
        sa.ForeignKeyConstraint(
            ["opened_by"], [USER], name=op.f("fk_rescue_opened_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rescue")),
    )
    op.create_index(op.f("ix_rescue_user_id"), "rescue", ["user_id"])


def downgrade() -> None:
    """Take it away."""
    op.drop_table("rescue")
