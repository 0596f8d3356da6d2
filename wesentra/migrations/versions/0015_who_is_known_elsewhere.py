"""Users may be known by an identity of the company's sign-in service (OpenID Connect).

Roles and requests say by whose word they came, sessions whether a second factor was asked there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BY_WORD_OF = ("role_grant", "role_request")


def upgrade() -> None:
    """Make the table, add the columns."""
    op.create_table(
        "sign_on_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_sign_on_link_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_on_link")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_sign_on_link_issuer_subject")),
        sa.UniqueConstraint("user_id", "issuer", name=op.f("uq_sign_on_link_user_id_issuer")),
    )
    for table in BY_WORD_OF:
        op.add_column(table, sa.Column("issuer", sa.String(length=255), nullable=True))
    op.add_column("user_session", sa.Column("secured_elsewhere", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """Take them away."""
    op.drop_column("user_session", "secured_elsewhere")
    for table in reversed(BY_WORD_OF):
        op.drop_column(table, "issuer")
    op.drop_table("sign_on_link")
