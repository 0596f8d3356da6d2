"""A hold says for which reason it was lifted, and to which breach it belongs.

A breach's hold that stands gets its breach by the number it was filed under.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MESSAGE = "the access log is append-only"
TRIGGER = "log_hold_no_update"
SAFE = "SET search_path = pg_catalog, public, pg_temp"
LIFTED_BEFORE = """OLD.lifted_at IS NULL AND NEW.lifted_at IS NOT NULL AND NEW.id = OLD.id
    AND NEW.reason = OLD.reason AND NEW.reference = OLD.reference AND NEW.first = OLD.first
    AND coalesce(NEW.last, NEW.first) = coalesce(OLD.last, OLD.first)
    AND (NEW.last IS NULL) = (OLD.last IS NULL) AND NEW.placed_at = OLD.placed_at
    AND coalesce(NEW.placed_by, 0) = coalesce(OLD.placed_by, 0)"""
LIFTED = f"""{LIFTED_BEFORE}
    AND coalesce(NEW.breach_id, 0) = coalesce(OLD.breach_id, 0)"""
OF_BREACHES = """UPDATE log_hold SET breach_id = (
        SELECT id FROM breach WHERE CAST(breach.id AS VARCHAR(40)) = log_hold.reference)
    WHERE reason = 'breach' AND lifted_at IS NULL"""


def upgrade() -> None:
    """Add the columns; whoever lifts a hold does not change whose it is."""
    op.add_column("log_hold", sa.Column("breach_id", sa.Integer(), nullable=True))
    op.add_column("log_hold", sa.Column("lift_reason", sa.Text(), nullable=True))
    _take_down()
    op.execute(OF_BREACHES)
    _hang(LIFTED)


def _take_down() -> None:
    place = " ON log_hold" if _on_postgresql() else ""
    op.execute(f"DROP TRIGGER {TRIGGER}{place}")


def _hang(allowed: str) -> None:
    if not _on_postgresql():
        body = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        op.execute(
            f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON log_hold "
            f"FOR EACH ROW WHEN (NOT ({allowed})) {body}"
        )
        return
    op.execute(
        f"CREATE OR REPLACE FUNCTION {TRIGGER}() RETURNS trigger LANGUAGE plpgsql {SAFE} "
        f"AS $$ BEGIN IF {allowed} THEN RETURN NEW; END IF; "
        f"RAISE EXCEPTION '{MESSAGE}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON log_hold FOR EACH ROW "
        f"EXECUTE FUNCTION {TRIGGER}()"
    )


def _on_postgresql() -> bool:
    return bool(op.get_bind().dialect.name == "postgresql")


def downgrade() -> None:
    """Take the columns away; the trigger says what it said before."""
    _take_down()
    _hang(LIFTED_BEFORE)
    op.drop_column("log_hold", "lift_reason")
    op.drop_column("log_hold", "breach_id")
