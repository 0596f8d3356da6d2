"""The log lives its own life: anchors where old entries went, and holds that keep them.

Old entries may go only below an anchor, and an anchor may stand only at a checkpoint and above
nothing younger than YOUNGEST: whatever the program is told, a year of the log stays. `log_subject`
loses its foreign key, which made every entry that goes look through that whole table.

On PostgreSQL the application's role may not change the log at all. What may be done to it is done
by two functions of the owner's, which check for themselves.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MESSAGE = "the access log is append-only"
YOUNGEST = 360
"""Days that an entry stays at the least: some less than the shortest setting, 12 months."""

ANCHORED = "coalesce((SELECT last FROM log_anchor ORDER BY number DESC LIMIT 1), 0)"
SAME = " AND ".join(
    f"NEW.{name} = OLD.{name}"
    for name in (
        *("id", "at", "request_id", "role", "purpose", "operation", "subject_type", "shown"),
        *("outcome", "channel", "hash"),
    )
)
REDACTED = f"""{SAME} AND coalesce(NEW.actor_id, 0) = coalesce(OLD.actor_id, 0)
    AND NEW.reason_id IS NULL AND OLD.salt IS NOT NULL AND NEW.salt IS NULL
    AND NEW.veil IS NOT NULL"""
REDACTED_BEFORE = """NEW.id = OLD.id AND NEW.hash = OLD.hash AND OLD.salt IS NOT NULL
    AND NEW.salt IS NULL AND NEW.veil IS NOT NULL"""
OLD_ENOUGH = {
    "sqlite": f"e.at < strftime('%Y-%m-%d %H:%M:%f', 'now', '-{YOUNGEST} days')",
    "postgresql": f"e.at < timezone('utc', now()) - interval '{YOUNGEST} days'",
}
FITS = """NEW.last > {anchored} AND EXISTS (
    SELECT 1 FROM log_checkpoint c JOIN log_entry e ON e.id = c.last
    WHERE c.last = NEW.last AND c.hash = NEW.hash AND {old})"""
LIFTED = """OLD.lifted_at IS NULL AND NEW.lifted_at IS NOT NULL AND NEW.id = OLD.id
    AND NEW.reason = OLD.reason AND NEW.reference = OLD.reference AND NEW.first = OLD.first
    AND coalesce(NEW.last, NEW.first) = coalesce(OLD.last, OLD.first)
    AND (NEW.last IS NULL) = (OLD.last IS NULL) AND NEW.placed_at = OLD.placed_at
    AND coalesce(NEW.placed_by, 0) = coalesce(OLD.placed_by, 0)"""
ENTRY_WENT = f"""(OLD.entry_id <= {ANCHORED} OR EXISTS (
    SELECT 1 FROM log_entry WHERE id = OLD.entry_id AND salt IS NULL))"""  # noqa: S608 - words of this file alone

RULES = (
    ("log_entry", "UPDATE", REDACTED),
    ("log_entry", "DELETE", f"OLD.id <= {ANCHORED}"),
    ("log_checkpoint", "DELETE", f"OLD.last < {ANCHORED}"),
    ("log_subject", "UPDATE", None),
    ("log_subject", "DELETE", ENTRY_WENT),
    ("log_anchor", "INSERT", FITS),
    ("log_anchor", "UPDATE", None),
    ("log_anchor", "DELETE", None),
    ("log_hold", "UPDATE", LIFTED),
    ("log_hold", "DELETE", None),
)
"""Table, statement, and the condition under which a row may go through it."""
REPLACED = (
    ("log_entry", "UPDATE", REDACTED_BEFORE),
    ("log_entry", "DELETE", None),
    ("log_checkpoint", "DELETE", None),
)
"""Triggers of before, as they were."""
BY_CONTACT = {"sqlite_with_rowid": False}
NEW_TABLES = ("log_subject", "log_anchor", "log_hold")

# Whoever may make tables of their own could put one in the way of these names: the path is fixed.
SAFE = "SET search_path = pg_catalog, public, pg_temp"
FORGET = f"""
CREATE FUNCTION log_forget(up_to integer) RETURNS void LANGUAGE sql SECURITY DEFINER {SAFE} AS $$
    DELETE FROM log_subject s USING (
        SELECT id, jsonb_array_elements_text(subject_ids::jsonb)::integer AS contact
        FROM log_entry WHERE id <= up_to AND subject_type = 'contact') e
    WHERE s.contact_id = e.contact AND s.entry_id = e.id;
    DELETE FROM log_entry WHERE id <= up_to;
    DELETE FROM log_checkpoint
    WHERE last < (SELECT max(last) FROM log_anchor) AND last <= up_to;
$$"""  # noqa: S608 - words of this file alone
# What stays, and the veil that takes the salt's place, have to be those that are linked.
REDACT = f"""
CREATE FUNCTION log_redact(which integer, stays bytea, hidden bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER {SAFE} AS $$
DECLARE
    before bytea;
    shown jsonb;
BEGIN
    IF which = 1 THEN
        before := sha256('wesentra access log 1'::bytea);
    ELSE
        SELECT hash INTO before FROM log_entry WHERE id = which - 1;
        IF before IS NULL THEN
            SELECT hash INTO before FROM log_anchor WHERE last = which - 1;
        END IF;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM log_entry WHERE id = which AND salt IS NOT NULL
            AND hash = sha256('\\x01'::bytea || before || int8send(which)
                || sha256('\\x00'::bytea || hidden || stays))) THEN
        RAISE EXCEPTION '{MESSAGE}';
    END IF;
    SELECT subject_ids::jsonb INTO shown FROM log_entry
    WHERE id = which AND subject_type = 'contact';
    UPDATE log_entry SET salt = NULL, veil = hidden, subject_ids = '[]', fields = '[]',
        source = '', endpoint = '', reason_id = NULL WHERE id = which;
    DELETE FROM log_subject WHERE entry_id = which AND contact_id IN (
        SELECT jsonb_array_elements_text(shown)::integer);
END $$"""  # noqa: S608 - words of this file alone


def upgrade() -> None:
    """Make the tables, hang the triggers; on PostgreSQL the owner's functions as well."""
    _tables()
    with op.batch_alter_table("log_subject", table_kwargs=BY_CONTACT) as batch:
        batch.drop_constraint("fk_log_subject_entry_id_log_entry", type_="foreignkey")
    for table, statement, _ in REPLACED:
        _drop(table, statement)
    for rule in RULES:
        _hang(*rule)
    if _on_postgresql():
        for table in NEW_TABLES:
            _no_truncate(table)
        for function, name in (
            (FORGET, "log_forget(integer)"),
            (REDACT, "log_redact(integer, bytea, bytea)"),
        ):
            op.execute(function)
            op.execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")


def _tables() -> None:
    op.create_table(
        "log_anchor",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("previous", sa.LargeBinary(length=32), nullable=False),
        sa.Column("checkpoint", sa.LargeBinary(length=32), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("whole", sa.Date(), nullable=False),
        sa.Column("days", sa.LargeBinary(length=32), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_log_anchor")),
    )
    op.create_table(
        "log_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("placed_by", sa.Integer(), nullable=True),
        sa.Column("placed_at", sa.DateTime(), nullable=False),
        sa.Column("lifted_by", sa.Integer(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_hold")),
    )


def _on_postgresql() -> bool:
    return bool(op.get_bind().dialect.name == "postgresql")


def _name(table: str, statement: str) -> str:
    return f"{table}_no_{statement.lower()}"


def _hang(table: str, statement: str, allowed: str | None) -> None:
    name, function = _name(table, statement), "log_is_append_only"
    if not _on_postgresql():
        condition = (allowed or "0").format(anchored=ANCHORED, old=OLD_ENOUGH["sqlite"])
        body = f"WHEN (NOT ({condition})) BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        op.execute(f"CREATE TRIGGER {name} BEFORE {statement} ON {table} FOR EACH ROW {body}")
        return
    if allowed is not None:  # a trigger's own condition may not ask another table
        function = name
        condition = allowed.format(anchored=ANCHORED, old=OLD_ENOUGH["postgresql"])
        row = "OLD" if statement == "DELETE" else "NEW"
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql {SAFE} AS $$ BEGIN "
            f"IF {condition} THEN RETURN {row}; END IF; RAISE EXCEPTION '{MESSAGE}'; END $$"
        )
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {statement} ON {table} FOR EACH ROW "
        f"EXECUTE FUNCTION {function}()"
    )


def _no_truncate(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {_name(table, 'TRUNCATE')} BEFORE TRUNCATE ON {table} "
        f"EXECUTE FUNCTION log_is_append_only()"
    )


def _drop(table: str, statement: str) -> None:
    place = f" ON {table}" if _on_postgresql() else ""
    op.execute(f"DROP TRIGGER {_name(table, statement)}{place}")


def downgrade() -> None:
    """Take it away; the triggers of before refuse everything again."""
    if _on_postgresql():
        op.execute("DROP FUNCTION log_forget(integer)")
        op.execute("DROP FUNCTION log_redact(integer, bytea, bytea)")
        _drop("log_subject", "TRUNCATE")
    for table, statement, allowed in RULES:
        _drop(table, statement)
        if allowed is not None and _on_postgresql():
            op.execute(f"DROP FUNCTION {_name(table, statement)}()")
    for rule in REPLACED:
        _restore(*rule)
    op.drop_table("log_hold")
    op.drop_table("log_anchor")
    _bind_subjects()


def _restore(table: str, statement: str, allowed: str | None) -> None:
    if not _on_postgresql():
        _hang(table, statement, allowed)
        return
    condition = f"WHEN (NOT ({allowed}))" if allowed else ""
    op.execute(
        f"CREATE TRIGGER {_name(table, statement)} BEFORE {statement} ON {table} FOR EACH ROW "
        f"{condition} EXECUTE FUNCTION log_is_append_only()"
    )


def _bind_subjects() -> None:
    op.execute("DELETE FROM log_subject WHERE entry_id NOT IN (SELECT id FROM log_entry)")
    with op.batch_alter_table("log_subject", table_kwargs=BY_CONTACT) as batch:
        batch.create_foreign_key(
            "fk_log_subject_entry_id_log_entry", "log_entry", ["entry_id"], ["id"]
        )
