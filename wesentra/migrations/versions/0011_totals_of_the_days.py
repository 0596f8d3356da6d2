"""The daily figures of all users together; they may only grow.

The dashboard's time then grows with days alone, not with users.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MESSAGE = "the daily figures of the access log only grow"
FUNCTION = "log_figures_only_grow"
KEY = ("day", "purpose", "operation", "about", "done")
FIGURES = ("entries", "shown", "requests")
GROWS = " AND ".join(
    [f"NEW.{name} = OLD.{name}" for name in KEY] + [f"NEW.{name} >= OLD.{name}" for name in FIGURES]
)


def upgrade() -> None:
    """Make the table, add up what is there, hang the triggers."""
    op.create_table(
        "log_total",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("operation", sa.String(length=20), nullable=False),
        sa.Column("about", sa.String(length=20), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*KEY, name=op.f("pk_log_total")),
        sqlite_with_rowid=False,
    )
    key, summed = ", ".join(KEY), ", ".join(f"sum({name})" for name in FIGURES)
    added_up = f"SELECT {key}, {summed} FROM log_day GROUP BY {key}"  # noqa: S608 - names above
    op.execute(f"INSERT INTO log_total ({key}, {', '.join(FIGURES)}) {added_up}")
    _hang()


def _hang() -> None:
    body = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    if op.get_bind().dialect.name == "postgresql":
        body = f"EXECUTE FUNCTION {FUNCTION}()"
        op.execute(f"CREATE TRIGGER log_total_no_truncate BEFORE TRUNCATE ON log_total {body}")
    for statement, condition in (("UPDATE", f"WHEN (NOT ({GROWS}))"), ("DELETE", "")):
        op.execute(
            f"CREATE TRIGGER log_total_no_{statement.lower()} BEFORE {statement} ON log_total "
            f"FOR EACH ROW {condition} {body}"
        )


def downgrade() -> None:
    """Take it away; its triggers go with it."""
    op.drop_table("log_total")
