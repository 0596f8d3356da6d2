"""To whom data were disclosed, and what is counted of it when the people are gone."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

USER = "user_account.id"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "disclosure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(length=120), nullable=False),
        sa.Column("basis", sa.String(length=12), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("disclosed_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("told_of", sa.String(length=12), nullable=False),
        sa.Column("not_told", sa.String(length=12), nullable=False),
        sa.Column("told_at", sa.DateTime(), nullable=True),
        sa.Column("told_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contact.id"],
            name=op.f("fk_disclosure_contact_id_contact"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], [USER], name=op.f("fk_disclosure_created_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["told_by"], [USER], name=op.f("fk_disclosure_told_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
        sqlite_autoincrement=True,
    )
    for column in ("contact_id", "disclosed_on"):
        op.create_index(op.f(f"ix_disclosure_{column}"), "disclosure", [column])
    op.create_table(
        "disclosure_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("basis", sa.String(length=12), nullable=False),
        sa.Column("categories", sa.String(length=100), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "year", "basis", "categories", "outcome", name=op.f("pk_disclosure_year")
        ),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("disclosure_year")
    op.drop_table("disclosure")
