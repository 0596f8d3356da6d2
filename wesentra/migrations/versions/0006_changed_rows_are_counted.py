"""Where triggers write which rows of people a transaction changed, until its commit."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; the triggers come with the arming after the migrations."""
    op.create_table(
        "row_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(40), nullable=False),
        sa.Column("operation", sa.String(6), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_row_change"),
    )


def downgrade() -> None:
    """Take the counting away, and the table with it."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    if on_postgresql:
        op.execute("DROP FUNCTION IF EXISTS row_is_counted() CASCADE")
    else:
        named = (
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%row_is_counted%'"
        )
        for (name,) in op.get_bind().exec_driver_sql(named).fetchall():
            op.execute(f"DROP TRIGGER {name}")
    op.drop_table("row_change")
