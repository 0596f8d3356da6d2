"""What a purpose may see; objections, restrictions and the reasons of openings.

An entry of the log gets the number of the opening that it happened under. Groups and categories
stand here as they are today: a migration imports no model.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

GROUPS = ["contract-customer", "prospect", "stakeholder", "supplier", "former-customer"]
CATEGORIES = [
    "identity",
    "contact_details",
    "work",
    "billing",
    "communication",
    "note",
    "history",
]
CUSTOMERS = ["contract-customer", "supplier", "former-customer"]
NARROWER = {
    "contract": (["contract-customer", "prospect", "supplier", "former-customer"], CATEGORIES),
    "billing": (CUSTOMERS, [name for name in CATEGORIES if name != "note"]),
    "sales": (
        ["contract-customer", "prospect", "stakeholder", "former-customer"],
        [name for name in CATEGORIES if name != "billing"],
    ),
    "marketing": (
        ["contract-customer", "prospect", "stakeholder"],
        ["identity", "contact_details", "work"],
    ),
}
"""The purposes that do not see everybody and everything."""


def _key(table: str, column: str, target: str, ondelete: str | None = None) -> sa.Constraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=ondelete)


def upgrade() -> None:
    """Add the columns with what each purpose needs, and the tables."""
    _sights()
    op.add_column("user_session", sa.Column("opened_at", sa.DateTime(), nullable=True))
    op.add_column("log_entry", sa.Column("reason_id", sa.Integer(), nullable=True))
    op.create_table(
        "objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=True),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        _key("objection", "contact_id", "contact", "CASCADE"),
        _key("objection", "noted_by", "user_account"),
        _key("objection", "withdrawn_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
    )
    op.create_table(
        "restriction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("ground", sa.String(length=1), nullable=False),
        sa.Column("placed_by", sa.Integer(), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(), nullable=True),
        sa.Column("lifted_by", sa.Integer(), nullable=True),
        _key("restriction", "contact_id", "contact", "CASCADE"),
        _key("restriction", "placed_by", "user_account"),
        _key("restriction", "lifted_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restriction")),
    )
    op.create_table(
        "opening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        _key("opening", "contact_id", "contact", "CASCADE"),
        _key("opening", "user_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening")),
        sqlite_autoincrement=True,
    )
    for table in ("objection", "restriction", "opening"):
        op.create_index(f"ix_{table}_contact_id", table, ["contact_id"])
    op.create_index("ix_opening_user_id_at", "opening", ["user_id", "at"])


def _sights() -> None:
    names = ("groups", "categories")
    with op.batch_alter_table("purpose") as batch:
        for name in names:
            batch.add_column(sa.Column(name, sa.JSON(), nullable=True))
    columns = [sa.column(name, sa.JSON()) for name in names]
    purpose = sa.table("purpose", sa.column("key", sa.String()), *columns)
    everything = {"groups": GROUPS, "categories": CATEGORIES}
    op.execute(purpose.update().values(everything))
    for key, (groups, categories) in NARROWER.items():
        own = {"groups": groups, "categories": categories}
        op.execute(purpose.update().where(purpose.c.key == key).values(own))
    with op.batch_alter_table("purpose") as batch:
        for name in names:
            batch.alter_column(name, existing_type=sa.JSON(), nullable=False)


def downgrade() -> None:
    """Take them away."""
    for table in ("opening", "restriction", "objection"):
        op.drop_table(table)
    op.drop_column("log_entry", "reason_id")
    op.drop_column("user_session", "opened_at")
    with op.batch_alter_table("purpose") as batch:
        batch.drop_column("categories")
        batch.drop_column("groups")
