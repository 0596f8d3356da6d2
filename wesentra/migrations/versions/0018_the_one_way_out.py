"""Tombstones of who was erased, the waiting room before that, and objections that outlive both."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

USER = "user_account.id"
IN_THE_FILE = sa.text("cleared_at IS NULL")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "tombstone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("erased_at", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("erased_by", sa.Integer(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("tables", sa.Integer(), nullable=False),
        sa.Column("erasure", sa.String(length=32), nullable=False),
        sa.Column("cleared_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["erased_by"], [USER], name=op.f("fk_tombstone_erased_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tombstone")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tombstone_kind_number", "tombstone", ["kind", "number"])
    op.create_index("ix_tombstone_erasure", "tombstone", ["erasure"])
    op.create_index(
        "ix_tombstone_uncleared",
        "tombstone",
        ["id"],
        sqlite_where=IN_THE_FILE,
        postgresql_where=IN_THE_FILE,
    )
    _waiting()
    op.create_table(
        "suppression",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppression")),
        sa.UniqueConstraint("digest", name=op.f("uq_suppression_digest")),
    )


def _waiting() -> None:
    op.create_table(
        "departure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("with_contact", sa.Integer(), nullable=True),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("sent_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["sent_by"], [USER], name=op.f("fk_departure_sent_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departure")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_departure_kind_number")),
    )
    op.create_index(op.f("ix_departure_until"), "departure", ["until"])


def downgrade() -> None:
    """Take them away; who waits is there again."""
    for table in ("suppression", "departure", "tombstone"):
        op.drop_table(table)
