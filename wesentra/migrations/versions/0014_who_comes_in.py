"""Sessions know their browser, roles their reasons, tries their lane; links choose a password.

Tries of signing in are counted in another way: those of the last quarter of an hour are forgotten.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ABOUT_GRANTS = ("confirmed_by", "ended_by")


def upgrade() -> None:
    """Add the columns, make the tables."""
    op.add_column("user_account", sa.Column("mail", sa.String(length=254), nullable=True))
    op.add_column("user_session", sa.Column("browser", sa.String(length=40), nullable=True))
    op.add_column("user_session", sa.Column("source", sa.String(length=60), nullable=True))
    _grants()
    _requests()
    _links()
    _attempts()


def _grants() -> None:
    with op.batch_alter_table("role_grant") as batch:
        batch.add_column(sa.Column("reason", sa.String(length=200), nullable=True))
        for name in ABOUT_GRANTS:
            batch.add_column(sa.Column(name, sa.Integer(), nullable=True))
        batch.add_column(sa.Column("end_reason", sa.String(length=200), nullable=True))
        for name in ABOUT_GRANTS:
            batch.create_foreign_key(
                op.f(f"fk_role_grant_{name}_user_account"), "user_account", [name], ["id"]
            )


def _user(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_user_account")
    return sa.ForeignKeyConstraint([column], ["user_account.id"], name=name)


def _requests() -> None:
    op.create_table(
        "role_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("given", sa.Boolean(), nullable=True),
        _user("role_request", "user_id"),
        _user("role_request", "asked_by"),
        _user("role_request", "decided_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_request")),
    )
    op.create_index(op.f("ix_role_request_user_id"), "role_request", ["user_id"])


def _links() -> None:
    op.create_table(
        "password_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        _user("password_link", "user_id"),
        _user("password_link", "made_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_link_token_hash")),
    )
    op.create_index(op.f("ix_password_link_user_id"), "password_link", ["user_id"])


def _attempts() -> None:
    op.drop_table("sign_in_attempt")
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lane", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index("ix_sign_in_attempt_lane_at", "sign_in_attempt", ["lane", "at"])
    op.create_index("ix_sign_in_attempt_source_at", "sign_in_attempt", ["source", "at"])
    op.create_index(op.f("ix_sign_in_attempt_at"), "sign_in_attempt", ["at"])
    op.create_table(
        "sign_in_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name_hash", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_address")),
        sa.UniqueConstraint(
            "name_hash", "source", name=op.f("uq_sign_in_address_name_hash_source")
        ),
    )
    op.create_index(op.f("ix_sign_in_address_at"), "sign_in_address", ["at"])


def downgrade() -> None:
    """Take them away; a role keeps from when to when it was held, and by whom it was given."""
    op.drop_table("sign_in_address")
    op.drop_table("sign_in_attempt")
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name_hash", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index(op.f("ix_sign_in_attempt_name_hash"), "sign_in_attempt", ["name_hash"])
    op.create_index(op.f("ix_sign_in_attempt_source"), "sign_in_attempt", ["source"])
    op.drop_table("password_link")
    op.drop_table("role_request")
    with op.batch_alter_table("role_grant") as batch:
        for name in ABOUT_GRANTS:
            batch.drop_constraint(op.f(f"fk_role_grant_{name}_user_account"), type_="foreignkey")
        for name in ("reason", *ABOUT_GRANTS, "end_reason"):
            batch.drop_column(name)
    op.drop_column("user_session", "source")
    op.drop_column("user_session", "browser")
    op.drop_column("user_account", "mail")
