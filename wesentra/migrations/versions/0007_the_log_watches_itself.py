"""Jobs, results of verifications (which nobody changes afterwards), and served places."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MESSAGE = "the access log is append-only"
FUNCTION = "log_is_append_only"
TABLE = "log_verification"


def upgrade() -> None:
    """Make the tables, and the triggers of the one that only grows."""
    op.create_table(
        "job",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("leased_until", sa.DateTime(), nullable=True),
        sa.Column("begun_at", sa.DateTime(), nullable=True),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job")),
    )
    op.create_table(
        "log_delivery",
        sa.Column("target", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=True),
        sa.Column("failed_since", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("target", name=op.f("pk_log_delivery")),
    )
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("checkpoints", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("compared", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(length=20), nullable=True),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("other", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("made_by", sa.String(length=4), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_verification")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_log_verification_fault",
        TABLE,
        ["fault"],
        sqlite_where=sa.text("fault IS NOT NULL"),
        postgresql_where=sa.text("fault IS NOT NULL"),
    )
    _hang()


def _hang() -> None:
    if op.get_bind().dialect.name == "postgresql":
        body = f"EXECUTE FUNCTION {FUNCTION}()"
        op.execute(f"CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE} {body}")
    else:
        body = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    for statement in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {TABLE}_no_{statement.lower()} BEFORE {statement} ON {TABLE} "
            f"FOR EACH ROW {body}"
        )


def downgrade() -> None:
    """Take the tables away; their triggers go with them."""
    op.drop_table(TABLE)
    op.drop_table("log_delivery")
    op.drop_table("job")
