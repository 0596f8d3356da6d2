"""Daily figures of the access log, kept beside its entries; they may only grow.

What the log holds already is counted in. A year's figures are then read from some thousand rows,
and stay when the entries go.
"""

from collections import defaultdict
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MESSAGE = "the daily figures of the access log only grow"
FUNCTION = "log_figures_only_grow"
KEY = ("day", "actor_id", "role", "purpose", "operation", "about", "done")
FIGURES = ("entries", "shown", "requests")
GROWS = " AND ".join(
    [f"NEW.{name} = OLD.{name}" for name in KEY] + [f"NEW.{name} >= OLD.{name}" for name in FIGURES]
)
SMALL = (
    ("ix_log_entry_not_done", "outcome <> 'done'"),
    ("ix_log_entry_exports", "operation IN ('export', 'log_export')"),
)
# An hour of UTC lies within one Finnish day; both databases write it alike.
COUNTED = """
    SELECT substr(CAST(at AS VARCHAR(30)), 1, 13) AS hour, coalesce(actor_id, 0), role, purpose,
        operation, CASE WHEN operation = 'program' THEN '' ELSE subject_type END AS about,
        CASE WHEN outcome = 'done' THEN 1 ELSE 0 END AS done,
        count(*), sum(shown), count(DISTINCT request_id)
    FROM log_entry GROUP BY 1, 2, 3, 4, 5, 6, 7
"""


def upgrade() -> None:
    """Make the table, count what is there, hang the triggers."""
    made = op.create_table(
        "log_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("actor_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("operation", sa.String(length=20), nullable=False),
        sa.Column("about", sa.String(length=20), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*KEY, name=op.f("pk_log_day")),
        sqlite_with_rowid=False,
    )
    _count(made)
    for name, condition in SMALL:
        where = sa.text(condition)
        op.create_index(name, "log_entry", ["at"], sqlite_where=where, postgresql_where=where)
    _hang()


def _count(made: sa.Table) -> None:
    found: dict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    for hour, *rest in op.get_bind().execute(sa.text(COUNTED)):
        at = datetime.fromisoformat(f"{hour}:00:00").replace(tzinfo=UTC)
        *key, done, entries, shown, requests = rest
        day = at.astimezone(ZoneInfo("Europe/Helsinki")).date()
        own = found[day, *key, bool(done)]
        own[:] = own[0] + entries, own[1] + shown, own[2] + requests
    rows = [dict(zip((*KEY, *FIGURES), (*key, *own), strict=True)) for key, own in found.items()]
    op.bulk_insert(made, rows)


def _hang() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$"
        )
        body = f"EXECUTE FUNCTION {FUNCTION}()"
        op.execute(f"CREATE TRIGGER log_day_no_truncate BEFORE TRUNCATE ON log_day {body}")
    else:
        body = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    for statement, condition in (("UPDATE", f"WHEN (NOT ({GROWS}))"), ("DELETE", "")):
        op.execute(
            f"CREATE TRIGGER log_day_no_{statement.lower()} BEFORE {statement} ON log_day "
            f"FOR EACH ROW {condition} {body}"
        )


def downgrade() -> None:
    """Take them away."""
    for name, _ in SMALL:
        op.drop_index(name, table_name="log_entry")
    op.drop_table("log_day")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {FUNCTION}()")
