"""The tables of the register, its accounts and its access log; the purposes of processing."""

from datetime import datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PURPOSE_COLUMNS = ("key", "name_fi", "name_sv", "name_en", "legal_basis", "by_hand", "position")
PURPOSES = (
    (
        "customer_service",
        "asiakaspalvelu",
        "kundservice",
        "customer service",
        "legitimate_interest",
        True,
        1,
    ),
    (
        "contract",
        "sopimuksen hoito",
        "avtalshantering",
        "looking after the contract",
        "legitimate_interest",
        True,
        2,
    ),
    ("billing", "laskutus", "fakturering", "billing", "legal_obligation", True, 3),
    (
        "sales",
        "myynti ja tarjoukset",
        "försäljning och offerter",
        "sales and offers",
        "legitimate_interest",
        True,
        4,
    ),
    ("marketing", "markkinointi", "marknadsföring", "marketing", "legitimate_interest", True, 5),
    (
        "data_check",
        "tietojen tarkistus",
        "kontroll av uppgifter",
        "checking the data",
        "legitimate_interest",
        True,
        6,
    ),
    (
        "subject_request",
        "rekisteröidyn pyyntö",
        "den registrerades begäran",
        "request of a data subject",
        "legal_obligation",
        True,
        7,
    ),
    (
        "log_review",
        "lokivalvonta",
        "loggövervakning",
        "log review",
        "legitimate_interest",
        False,
        8,
    ),
    (
        "maintenance",
        "ylläpito ja virheselvitys",
        "underhåll och felsökning",
        "maintenance",
        "legitimate_interest",
        False,
        9,
    ),
    (
        "sign_in",
        "sisäänkirjautuminen",
        "inloggning",
        "signing in",
        "legitimate_interest",
        False,
        10,
    ),
)


def folded(length: int) -> Any:
    """A string compared byte by byte on both databases."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


HEAD = {
    "id": 1,
    "last": 0,
    "hash": sha256(b"wesentra access log 1").digest(),
    "signed": 0,
    "signed_at": datetime(2000, 1, 1),  # noqa: DTZ001 - UTC, as columns keep it
}
"""The chain of the log before its first entry."""


def upgrade() -> None:
    """Make everything."""
    op.create_table(
        "form_token",
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("led_to", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_form_token")),
    )
    op.create_table(
        "log_entry",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("request_id", sa.String(length=36), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("operation", sa.String(length=20), nullable=False),
        sa.Column("subject_type", sa.String(length=20), nullable=False),
        sa.Column("subject_ids", sa.Text(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=6), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("endpoint", sa.String(length=60), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=True),
        sa.Column("veil", sa.LargeBinary(length=32), nullable=True),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_entry")),
    )
    op.create_index("ix_log_entry_actor_id_at", "log_entry", ["actor_id", "at"], unique=False)
    op.create_index("ix_log_entry_at", "log_entry", ["at"], unique=False)
    op.create_index("ix_log_entry_request_id", "log_entry", ["request_id"], unique=False)
    op.create_table(
        "log_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("signed", sa.Integer(), nullable=False),
        sa.Column("signed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_head")),
    )
    op.create_table(
        "log_checkpoint",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("previous", sa.LargeBinary(length=32), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_log_checkpoint")),
    )
    op.create_table(
        "purpose",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name_fi", sa.String(length=80), nullable=False),
        sa.Column("name_sv", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("legal_basis", sa.String(length=40), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_purpose")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name_hash", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index(
        op.f("ix_sign_in_attempt_name_hash"), "sign_in_attempt", ["name_hash"], unique=False
    )
    op.create_index(op.f("ix_sign_in_attempt_source"), "sign_in_attempt", ["source"], unique=False)
    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("full_name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("theme", sa.String(length=5), nullable=False),
        sa.Column("keys_on", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("name", name=op.f("uq_user_account_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "import_job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("group", sa.String(length=30), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("region", sa.String(length=2), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("at_line", sa.Integer(), nullable=False),
        sa.Column("applied", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("touched_at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_import_job_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_job")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "log_subject",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["log_entry.id"], name=op.f("fk_log_subject_entry_id_log_entry")
        ),
        sa.PrimaryKeyConstraint("contact_id", "entry_id", name=op.f("pk_log_subject")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.DateTime(), nullable=False),
        sa.Column("valid_to", sa.DateTime(), nullable=True),
        sa.Column("granted_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["user_account.id"], name=op.f("fk_role_grant_granted_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_role_grant_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    op.create_index(
        "ix_role_grant_user_id_valid_to", "role_grant", ["user_id", "valid_to"], unique=False
    )
    op.create_table(
        "user_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_user_session_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_session_token_hash")),
    )
    op.create_index(op.f("ix_user_session_user_id"), "user_session", ["user_id"], unique=False)
    op.create_table(
        "company",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("sort_key", folded(160), nullable=False),
        sa.Column("business_id", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=160), nullable=False),
        sa.Column("postal_code", sa.String(length=12), nullable=False),
        sa.Column("post_office", sa.String(length=80), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("billing_address", sa.String(length=240), nullable=False),
        sa.Column("einvoice_address", sa.String(length=40), nullable=False),
        sa.Column("einvoice_operator", sa.String(length=40), nullable=False),
        sa.Column("switchboard", sa.String(length=20), nullable=False),
        sa.Column("group", sa.String(length=30), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("pending_import_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name=op.f("fk_company_owner_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["pending_import_id"],
            ["import_job.id"],
            name=op.f("fk_company_pending_import_id_import_job"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["contact.id"],
            name=op.f("fk_company_person_id_contact"),
            ondelete="CASCADE",
            use_alter=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_company_business_id"), "company", ["business_id"], unique=False)
    op.create_index(
        "ix_company_group_sort_key_id", "company", ["group", "sort_key", "id"], unique=False
    )
    op.create_index(
        "ix_company_pending_import_id",
        "company",
        ["pending_import_id"],
        unique=False,
        sqlite_where=sa.text("pending_import_id IS NOT NULL"),
        postgresql_where=sa.text("pending_import_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_company_person_id"), "company", ["person_id"], unique=False)
    op.create_index("ix_company_sort_key_id", "company", ["sort_key", "id"], unique=False)
    op.create_index(op.f("ix_company_switchboard"), "company", ["switchboard"], unique=False)
    op.create_table(
        "company_word",
        sa.Column("word", folded(80), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["company.id"],
            name=op.f("fk_company_word_company_id_company"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("word", "company_id", name=op.f("pk_company_word")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_company_word_company_id"), "company_word", ["company_id"], unique=False
    )
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("given_name", sa.String(length=80), nullable=False),
        sa.Column("family_name", sa.String(length=80), nullable=False),
        sa.Column("sort_key", folded(160), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("group", sa.String(length=30), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(), nullable=True),
        sa.Column("pending_import_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["company.id"],
            name=op.f("fk_contact_company_id_company"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name=op.f("fk_contact_owner_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["pending_import_id"],
            ["import_job.id"],
            name=op.f("fk_contact_pending_import_id_import_job"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_contact_company_id"), "contact", ["company_id"], unique=False)
    op.create_index(op.f("ix_contact_email"), "contact", ["email"], unique=False)
    op.create_index(
        "ix_contact_group_sort_key_id", "contact", ["group", "sort_key", "id"], unique=False
    )
    op.create_index(
        "ix_contact_owner_id_checked_at", "contact", ["owner_id", "checked_at"], unique=False
    )
    op.create_index(
        "ix_contact_pending_import_id",
        "contact",
        ["pending_import_id"],
        unique=False,
        sqlite_where=sa.text("pending_import_id IS NOT NULL"),
        postgresql_where=sa.text("pending_import_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_contact_phone"), "contact", ["phone"], unique=False)
    op.create_index("ix_contact_sort_key_id", "contact", ["sort_key", "id"], unique=False)
    op.create_table(
        "contact_word",
        sa.Column("word", folded(80), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contact.id"],
            name=op.f("fk_contact_word_contact_id_contact"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("word", "contact_id", name=op.f("pk_contact_word")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_contact_word_contact_id"), "contact_word", ["contact_id"], unique=False
    )
    op.create_table(
        "field_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("field", sa.String(length=30), nullable=False),
        sa.Column("old", sa.String(length=500), nullable=False),
        sa.Column("new", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["company.id"],
            name=op.f("fk_field_change_company_id_company"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contact.id"],
            name=op.f("fk_field_change_contact_id_contact"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import_job.id"], name=op.f("fk_field_change_import_id_import_job")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_field_change_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_change")),
    )
    op.create_index(
        "ix_field_change_company_id_field_at",
        "field_change",
        ["company_id", "field", "at"],
        unique=False,
    )
    op.create_index(
        "ix_field_change_contact_id_field_at",
        "field_change",
        ["contact_id", "field", "at"],
        unique=False,
    )
    op.create_index(op.f("ix_field_change_import_id"), "field_change", ["import_id"], unique=False)
    op.create_table(
        "import_row",
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["company.id"],
            name=op.f("fk_import_row_company_id_company"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contact.id"],
            name=op.f("fk_import_row_contact_id_contact"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["import_job.id"],
            name=op.f("fk_import_row_job_id_import_job"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("job_id", "line", name=op.f("pk_import_row")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_import_row_company_id"), "import_row", ["company_id"], unique=False)
    op.create_index(op.f("ix_import_row_contact_id"), "import_row", ["contact_id"], unique=False)
    op.create_table(
        "interaction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("direction", sa.String(length=4), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("summary", sa.String(length=1000), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contact.id"],
            name=op.f("fk_interaction_contact_id_contact"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_interaction_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interaction")),
        sa.UniqueConstraint("token", name=op.f("uq_interaction_token")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_interaction_contact_id_at", "interaction", ["contact_id", "at"], unique=False
    )
    op.create_index("ix_interaction_user_id_at", "interaction", ["user_id", "at"], unique=False)
    op.create_table(
        "field_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("interaction_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("field", sa.String(length=30), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contact.id"],
            name=op.f("fk_field_check_contact_id_contact"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"],
            ["interaction.id"],
            name=op.f("fk_field_check_interaction_id_interaction"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_field_check_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_check")),
    )
    op.create_index(op.f("ix_field_check_at"), "field_check", ["at"], unique=False)
    op.create_index(
        "ix_field_check_contact_id_field_at",
        "field_check",
        ["contact_id", "field", "at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_field_check_interaction_id"), "field_check", ["interaction_id"], unique=False
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("interaction_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contact.id"],
            name=op.f("fk_notice_contact_id_contact"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"],
            ["interaction.id"],
            name=op.f("fk_notice_interaction_id_interaction"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_notice_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_contact_id"), "notice", ["contact_id"], unique=False)
    op.create_index(op.f("ix_notice_interaction_id"), "notice", ["interaction_id"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("interaction_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contact.id"],
            name=op.f("fk_task_contact_id_contact"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"],
            ["interaction.id"],
            name=op.f("fk_task_interaction_id_interaction"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name=op.f("fk_task_owner_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index(op.f("ix_task_contact_id"), "task", ["contact_id"], unique=False)
    op.create_index(op.f("ix_task_interaction_id"), "task", ["interaction_id"], unique=False)
    op.create_index(
        "ix_task_owner_id_done_at_due_on", "task", ["owner_id", "done_at", "due_on"], unique=False
    )
    if op.get_bind().dialect.supports_alter:
        op.create_foreign_key(
            "fk_company_person_id_contact",
            "company",
            "contact",
            ["person_id"],
            ["id"],
            ondelete="CASCADE",
        )
    purpose = sa.table("purpose", *(sa.column(name) for name in PURPOSE_COLUMNS))
    op.bulk_insert(purpose, [dict(zip(PURPOSE_COLUMNS, row, strict=True)) for row in PURPOSES])
    head = sa.table("log_head", *(sa.column(name) for name in HEAD))
    op.bulk_insert(head, [HEAD])


def downgrade() -> None:
    """Take everything away again, in the opposite order."""
    if op.get_bind().dialect.supports_alter:
        op.drop_constraint("fk_company_person_id_contact", "company", type_="foreignkey")
    op.drop_index("ix_task_owner_id_done_at_due_on", table_name="task")
    op.drop_index(op.f("ix_task_interaction_id"), table_name="task")
    op.drop_index(op.f("ix_task_contact_id"), table_name="task")
    op.drop_table("task")
    op.drop_index(op.f("ix_notice_interaction_id"), table_name="notice")
    op.drop_index(op.f("ix_notice_contact_id"), table_name="notice")
    op.drop_table("notice")
    op.drop_index(op.f("ix_field_check_interaction_id"), table_name="field_check")
    op.drop_index("ix_field_check_contact_id_field_at", table_name="field_check")
    op.drop_index(op.f("ix_field_check_at"), table_name="field_check")
    op.drop_table("field_check")
    op.drop_index("ix_interaction_user_id_at", table_name="interaction")
    op.drop_index("ix_interaction_contact_id_at", table_name="interaction")
    op.drop_table("interaction")
    op.drop_index(op.f("ix_import_row_contact_id"), table_name="import_row")
    op.drop_index(op.f("ix_import_row_company_id"), table_name="import_row")
    op.drop_table("import_row")
    op.drop_index(op.f("ix_field_change_import_id"), table_name="field_change")
    op.drop_index("ix_field_change_contact_id_field_at", table_name="field_change")
    op.drop_index("ix_field_change_company_id_field_at", table_name="field_change")
    op.drop_table("field_change")
    op.drop_index(op.f("ix_contact_word_contact_id"), table_name="contact_word")
    op.drop_table("contact_word")
    op.drop_index("ix_contact_sort_key_id", table_name="contact")
    op.drop_index(op.f("ix_contact_phone"), table_name="contact")
    op.drop_index("ix_contact_pending_import_id", table_name="contact")
    op.drop_index("ix_contact_owner_id_checked_at", table_name="contact")
    op.drop_index("ix_contact_group_sort_key_id", table_name="contact")
    op.drop_index(op.f("ix_contact_email"), table_name="contact")
    op.drop_index(op.f("ix_contact_company_id"), table_name="contact")
    op.drop_table("contact")
    op.drop_index(op.f("ix_company_word_company_id"), table_name="company_word")
    op.drop_table("company_word")
    op.drop_index(op.f("ix_company_switchboard"), table_name="company")
    op.drop_index("ix_company_sort_key_id", table_name="company")
    op.drop_index(op.f("ix_company_person_id"), table_name="company")
    op.drop_index("ix_company_pending_import_id", table_name="company")
    op.drop_index("ix_company_group_sort_key_id", table_name="company")
    op.drop_index(op.f("ix_company_business_id"), table_name="company")
    op.drop_table("company")
    op.drop_index(op.f("ix_user_session_user_id"), table_name="user_session")
    op.drop_table("user_session")
    op.drop_index("ix_role_grant_user_id_valid_to", table_name="role_grant")
    op.drop_table("role_grant")
    op.drop_table("log_subject")
    op.drop_table("import_job")
    op.drop_table("user_account")
    op.drop_index(op.f("ix_sign_in_attempt_source"), table_name="sign_in_attempt")
    op.drop_index(op.f("ix_sign_in_attempt_name_hash"), table_name="sign_in_attempt")
    op.drop_table("sign_in_attempt")
    op.drop_table("purpose")
    op.drop_table("log_checkpoint")
    op.drop_table("log_head")
    op.drop_index("ix_log_entry_request_id", table_name="log_entry")
    op.drop_index("ix_log_entry_at", table_name="log_entry")
    op.drop_index("ix_log_entry_actor_id_at", table_name="log_entry")
    op.drop_table("log_entry")
    op.drop_table("form_token")
