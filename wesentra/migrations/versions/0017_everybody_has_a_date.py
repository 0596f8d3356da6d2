"""Everybody has a date: rules, dates, holds and runs of retention, and what periods count from.

The rules begin as DEFAULTS; the company decides about them. Dates are counted by the first run.
"""

import sqlalchemy as sa
from alembic import op

from wesentra import clock

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

USER = "user_account.id"
DEFAULTS = (
    ("contact", "prospect", "last_contact", 12, "delete"),
    ("contact", "stakeholder", "last_contact", 24, "delete"),
    ("contact", "supplier", "last_contact", 36, "ask"),
    ("contact", "supplier", "left_role", 1, "delete"),
    ("contact", "supplier", "contract_end", 12, "delete"),
    ("contact", "contract-customer", "last_contact", 36, "ask"),
    ("contact", "contract-customer", "left_role", 1, "delete"),
    ("contact", "contract-customer", "contract_end", 12, "delete"),
    ("contact", "former-customer", "left_role", 1, "delete"),
    ("contact", "former-customer", "contract_end", 12, "delete"),
    ("company", "prospect", "last_contact", 12, "delete"),
    ("company", "stakeholder", "last_contact", 24, "delete"),
    ("company", "supplier", "last_contact", 36, "ask"),
    ("company", "supplier", "contract_end", 12, "delete"),
    ("company", "supplier", "last_invoice", 72, "delete"),
    ("company", "contract-customer", "last_contact", 36, "ask"),
    ("company", "contract-customer", "contract_end", 12, "delete"),
    ("company", "contract-customer", "last_invoice", 72, "delete"),
    ("company", "former-customer", "contract_end", 12, "delete"),
    ("company", "former-customer", "last_invoice", 72, "delete"),
    ("interaction", "", "event", 24, "anonymise"),
)
"""Kind, group, trigger, months, action."""


def upgrade() -> None:
    """Make the columns and tables, and the first version of every rule."""
    op.add_column("contact", sa.Column("left_on", sa.Date(), nullable=True))
    op.add_column("company", sa.Column("contract_ended_on", sa.Date(), nullable=True))
    op.add_column("company", sa.Column("invoiced_on", sa.Date(), nullable=True))
    _rules()
    _dates()
    _holds()
    _runs()
    _months()


def _months() -> None:
    key = ("month", "channel", "direction", "purpose")
    op.create_table(
        "interaction_month",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("direction", sa.String(length=4), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_interaction_month")),
    )


def _rules() -> None:
    rules = op.create_table(
        "retention_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("group", sa.String(length=30), nullable=False),
        sa.Column("trigger", sa.String(length=12), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("valid_from", sa.DateTime(), nullable=False),
        _by("decided_by"),
        *_key("retention_rule", "decided_by"),
    )
    columns = ["kind", "group", "trigger"]
    op.create_index("ix_retention_rule_kind_group_trigger", "retention_rule", columns)
    names = (*columns, "months", "action")
    begins = {"reason": "", "valid_from": clock.now().replace(tzinfo=None)}
    rows = [dict(zip(names, rule, strict=True)) | begins for rule in DEFAULTS]
    op.bulk_insert(rules, rows)


def _by(column: str) -> sa.Column[int]:
    return sa.Column(column, sa.Integer(), nullable=True)


def _key(table: str, *users: str) -> list[sa.schema.Constraint]:
    """The primary key, and each column that holds a user."""
    found: list[sa.schema.Constraint] = [
        sa.ForeignKeyConstraint([column], [USER], name=op.f(f"fk_{table}_{column}_user_account"))
        for column in users
    ]
    return [*found, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))]


def _of(table: str) -> list[sa.schema.Constraint]:
    """Whose a row is: of a contact or of a company, and gone with them."""
    return [
        sa.ForeignKeyConstraint(
            [f"{kind}_id"],
            [f"{kind}.id"],
            name=op.f(f"fk_{table}_{kind}_id_{kind}"),
            ondelete="CASCADE",
        )
        for kind in ("contact", "company")
    ]


def _dates() -> None:
    op.create_table(
        "retention_due",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("counted_from", sa.Date(), nullable=False),
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("let_go_at", sa.DateTime(), nullable=True),
        _by("let_go_by"),
        sa.ForeignKeyConstraint(
            ["rule_id"],
            ["retention_rule.id"],
            name=op.f("fk_retention_due_rule_id_retention_rule"),
        ),
        sa.UniqueConstraint("contact_id", name=op.f("uq_retention_due_contact_id")),
        sa.UniqueConstraint("company_id", name=op.f("uq_retention_due_company_id")),
        *_of("retention_due"),
        *_key("retention_due", "let_go_by"),
    )
    op.create_index(op.f("ix_retention_due_due_on"), "retention_due", ["due_on"])


def _holds() -> None:
    op.create_table(
        "retention_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        _by("owner_id"),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("placed_at", sa.DateTime(), nullable=False),
        _by("placed_by"),
        sa.Column("lifted_at", sa.DateTime(), nullable=True),
        _by("lifted_by"),
        *_of("retention_hold"),
        *_key("retention_hold", "owner_id", "placed_by", "lifted_by"),
        sqlite_autoincrement=True,
    )
    for column in ("contact_id", "company_id", "review_on"):
        op.create_index(op.f(f"ix_retention_hold_{column}"), "retention_hold", [column])


def _runs() -> None:
    op.create_table(
        "retention_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("begun_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("approved_at", sa.DateTime(), nullable=True),
        _by("approved_by"),
        sa.UniqueConstraint("day", name=op.f("uq_retention_run_day")),
        *_key("retention_run", "approved_by"),
    )


def downgrade() -> None:
    """Take all of it away; the triggers that count by these columns are made anew at the start."""
    if op.get_bind().dialect.name == "postgresql":
        for table in ("contact", "company"):
            op.execute(f"DROP TRIGGER IF EXISTS {table}_row_is_counted ON {table}")
    for table in (
        "interaction_month",
        "retention_run",
        "retention_hold",
        "retention_due",
        "retention_rule",
    ):
        op.drop_table(table)
    op.drop_column("company", "invoiced_on")
    op.drop_column("company", "contract_ended_on")
    op.drop_column("contact", "left_on")
