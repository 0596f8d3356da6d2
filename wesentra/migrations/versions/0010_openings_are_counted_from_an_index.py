"""A small index of the entries by which the data of one person or company were opened.

How often each person was opened in a month is then counted without reading all other entries.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NAME = "ix_log_entry_opened"
CONDITION = "operation = 'view'"


def upgrade() -> None:
    """Make the index."""
    where = sa.text(CONDITION)
    op.create_index(NAME, "log_entry", ["at"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Take it away."""
    op.drop_index(NAME, table_name="log_entry")
