"""Triggers that refuse to change or remove what stands in the access log: a tripwire.

Whoever owns the database can take them away; then the chain shows what was done. An entry may only
be redacted: its salt goes, its veil stays, its place and its link are as before.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MESSAGE = "the access log is append-only"
REDACTED = """NEW.id = OLD.id AND NEW.hash = OLD.hash AND OLD.salt IS NOT NULL
    AND NEW.salt IS NULL AND NEW.veil IS NOT NULL"""
FORWARD = "NEW.id = OLD.id AND NEW.last >= OLD.last AND NEW.signed >= OLD.signed"

RULES = (
    ("log_entry", "UPDATE", REDACTED),
    ("log_entry", "DELETE", None),
    ("log_checkpoint", "UPDATE", None),
    ("log_checkpoint", "DELETE", None),
    ("log_head", "UPDATE", FORWARD),
    ("log_head", "DELETE", None),
)
"""Table, statement, and the condition under which a row may go through it."""
FUNCTION = "log_is_append_only"


def _name(table: str, statement: str) -> str:
    return f"{table}_no_{statement.lower()}"


def upgrade() -> None:
    """Hang the triggers."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$"
        )
        body = f"EXECUTE FUNCTION {FUNCTION}()"
        for table in dict.fromkeys(table for table, _, _ in RULES):
            op.execute(
                f"CREATE TRIGGER {_name(table, 'TRUNCATE')} BEFORE TRUNCATE ON {table} {body}"
            )
    else:
        body = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    for table, statement, allowed in RULES:
        condition = f"WHEN (NOT ({allowed}))" if allowed else ""
        op.execute(
            f"CREATE TRIGGER {_name(table, statement)} BEFORE {statement} ON {table} "
            f"FOR EACH ROW {condition} {body}"
        )


def downgrade() -> None:
    """Take them away."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for table, statement, _ in RULES:
        place = f" ON {table}" if on_postgresql else ""
        op.execute(f"DROP TRIGGER {_name(table, statement)}{place}")
    if on_postgresql:
        for table in dict.fromkeys(table for table, _, _ in RULES):
            op.execute(f"DROP TRIGGER {_name(table, 'TRUNCATE')} ON {table}")
        op.execute(f"DROP FUNCTION {FUNCTION}()")
