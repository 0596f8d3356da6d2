"""Who has read the notice about logging, and when the staff was heard about it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "notice_acknowledgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_notice_acknowledgement_user_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_acknowledgement")),
    )
    op.create_index(
        op.f("ix_notice_acknowledgement_user_id"), "notice_acknowledgement", ["user_id"]
    )
    op.create_table(
        "staff_hearing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["noted_by"], ["user_account.id"], name=op.f("fk_staff_hearing_noted_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_hearing")),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("staff_hearing")
    op.drop_table("notice_acknowledgement")
