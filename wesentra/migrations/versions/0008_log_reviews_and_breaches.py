"""Reviews of the access log and breaches; triggers keep what was drawn and what was closed.

Whoever owns the database can take the triggers away: they are a tripwire, like those of the log.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MESSAGE = "a closed review or breach never changes"
CLOSED = "OLD.closed_at IS NOT NULL"
OF_CLOSED = """EXISTS (SELECT 1 FROM log_review AS own
    WHERE own.id = {row}.review_id AND own.closed_at IS NOT NULL)"""


def _differs(columns: str) -> str:
    return " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in columns.split())


DRAWN = _differs(
    "id month seed first_entry last_entry population sampled gaps limits measured_from drawn_at "
    "drawn_by"
)
ABOUT = "id review_id rule actor_id entry_id request_id at count facts"
FOUND = _differs(f"{ABOUT} contact_number")
JUDGED = "verdict judged_at judged_by reason asked_at question answered_at answer"
# Whom a redacted entry concerned goes from the reviews as well, closed or not, and nothing else.
REDACTED = f"""(NEW.contact_number IS NULL AND NOT ({_differs(f"{ABOUT} {JUDGED}")})
    AND EXISTS (SELECT 1 FROM log_entry AS told WHERE told.id = OLD.entry_id
        AND told.salt IS NULL))"""  # noqa: S608 - words of this file alone
FORGET = """UPDATE log_review_item SET contact_number = NULL
    WHERE entry_id = NEW.id AND contact_number IS NOT NULL"""
FORGETS = "log_entry_redacted_in_reviews"
RULES = (
    ("log_review", "UPDATE", f"{CLOSED} OR {DRAWN}"),
    ("log_review", "DELETE", "OLD.id IS NOT NULL"),
    ("log_review_item", "INSERT", OF_CLOSED.format(row="NEW")),
    (
        "log_review_item",
        "UPDATE",
        f"({OF_CLOSED.format(row='OLD')} OR {FOUND}) AND NOT {REDACTED}",
    ),
    ("log_review_item", "DELETE", "OLD.id IS NOT NULL"),
    ("breach", "UPDATE", CLOSED),
    ("breach", "DELETE", "OLD.id IS NOT NULL"),
)
"""Table, statement, and the condition under which a row is refused."""


def upgrade() -> None:
    """Make the tables and hang the triggers."""
    op.create_table(
        "log_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("seed", sa.String(length=32), nullable=False),
        sa.Column("first_entry", sa.Integer(), nullable=False),
        sa.Column("last_entry", sa.Integer(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("sampled", sa.Integer(), nullable=False),
        sa.Column("gaps", sa.Integer(), nullable=False),
        sa.Column("limits", sa.Text(), nullable=False),
        sa.Column("measured_from", sa.DateTime(), nullable=True),
        sa.Column("drawn_at", sa.DateTime(), nullable=False),
        sa.Column("drawn_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("left_open", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _user("log_review", "drawn_by"),
        _user("log_review", "closed_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_review")),
        sa.UniqueConstraint("month", name=op.f("uq_log_review_month")),
    )
    op.create_table(
        "log_review_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=10), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("contact_number", sa.Integer(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("judged_at", sa.DateTime(), nullable=True),
        sa.Column("judged_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["log_review.id"], name=op.f("fk_log_review_item_review_id_log_review")
        ),
        _user("log_review_item", "actor_id"),
        _user("log_review_item", "judged_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_review_item")),
    )
    op.create_index(
        "ix_log_review_item_review_id_rule_id",
        "log_review_item",
        ["review_id", "rule", "id"],
    )
    op.create_index(
        "ix_log_review_item_actor_id_verdict", "log_review_item", ["actor_id", "verdict"]
    )
    op.create_table(
        "breach",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("aware_at", sa.DateTime(), nullable=False),
        sa.Column("detected_by", sa.String(length=20), nullable=False),
        sa.Column("nature", sa.String(length=20), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("effects", sa.Text(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("records", sa.Integer(), nullable=True),
        sa.Column("notified_at", sa.DateTime(), nullable=True),
        sa.Column("late_reason", sa.Text(), nullable=False),
        sa.Column("not_notified_reason", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(), nullable=True),
        sa.Column("not_told_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["item_id"], ["log_review_item.id"], name=op.f("fk_breach_item_id_log_review_item")
        ),
        _user("breach", "created_by"),
        _user("breach", "closed_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach")),
        sa.UniqueConstraint("item_id", name=op.f("uq_breach_item_id")),
    )
    _hang()
    _forget()


def _user(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_user_account")
    return sa.ForeignKeyConstraint([column], ["user_account.id"], name=name)


def _name(table: str, statement: str) -> str:
    return f"{table}_closed_{statement.lower()}"


def _hang() -> None:
    """On PostgreSQL a condition that asks another table has to stand inside the function."""
    for table, statement, refused in RULES:
        name = _name(table, statement)
        if op.get_bind().dialect.name != "postgresql":
            body = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            sqlite = refused.replace("IS DISTINCT FROM", "IS NOT")
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {statement} ON {table} "
                f"FOR EACH ROW WHEN ({sqlite}) {body}"
            )
            continue
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {refused} THEN RAISE EXCEPTION '{MESSAGE}'; END IF; "
            f"RETURN {'OLD' if statement == 'DELETE' else 'NEW'}; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {statement} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        )


def _forget() -> None:
    """A redacted entry takes the number of its contact out of the reviews."""
    gone = "OLD.salt IS NOT NULL AND NEW.salt IS NULL"
    when = f"CREATE TRIGGER {FORGETS} AFTER UPDATE ON log_entry FOR EACH ROW WHEN ({gone})"
    if op.get_bind().dialect.name != "postgresql":
        op.execute(f"{when} BEGIN {FORGET}; END")
        return
    op.execute(
        f"CREATE FUNCTION {FORGETS}() RETURNS trigger LANGUAGE plpgsql "
        f"SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN {FORGET}; RETURN NULL; END $$"
    )
    op.execute(f"{when} EXECUTE FUNCTION {FORGETS}()")


def downgrade() -> None:
    """Take the triggers and the tables away."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute(f"DROP TRIGGER {FORGETS}{' ON log_entry' if on_postgresql else ''}")
    if on_postgresql:
        op.execute(f"DROP FUNCTION {FORGETS}()")
    for table, statement, _ in RULES:
        name = _name(table, statement)
        op.execute(f"DROP TRIGGER {name}{f' ON {table}' if on_postgresql else ''}")
        if on_postgresql:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("breach")
    op.drop_index("ix_log_review_item_actor_id_verdict", table_name="log_review_item")
    op.drop_index("ix_log_review_item_review_id_rule_id", table_name="log_review_item")
    op.drop_table("log_review_item")
    op.drop_table("log_review")
