"""When each field was used for the last time, and what is taken away because nobody uses it."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "field_use",
        sa.Column("contact_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("field", sa.String(length=30), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contact.id"],
            name=op.f("fk_field_use_contact_id_contact"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("contact_id", "field", name=op.f("pk_field_use")),
    )
    op.create_table(
        "field_seen",
        sa.Column("field", sa.String(length=80), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("field", name=op.f("pk_field_seen")),
    )
    op.create_table(
        "field_use_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(), nullable=False),
        sa.Column("known_since", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_use_state")),
    )
    _removals()


def _removals() -> None:
    op.create_table(
        "field_removal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group", sa.String(length=30), nullable=False),
        sa.Column("field", sa.String(length=30), nullable=False),
        sa.Column("unused_until", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["user_account.id"], name=op.f("fk_field_removal_asked_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_removal")),
    )
    op.create_index(op.f("ix_field_removal_done_at"), "field_removal", ["done_at"])


def downgrade() -> None:
    """Take them away."""
    for table in ("field_removal", "field_use_state", "field_seen", "field_use"):
        op.drop_table(table)
