"""Files, edits, deletions and reactions of messages; customers who are one on several channels."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WAITING = ["channel", "workspace", "conversation", "lane", "id"]


def upgrade() -> None:
    _messages()
    _deliveries()
    _people()


def _messages() -> None:
    for column in (
        sa.Column("edited_at", MOMENT, nullable=True),
        sa.Column("edits", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("files", sa.Integer(), nullable=False, server_default="0"),
    ):
        op.add_column("messages", column)
    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("holding", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String(length=32), nullable=True),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name="fk_attachments_message_id_messages"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
        sa.UniqueConstraint("public_id", name="uq_attachments_public_id"),
    )
    op.create_index("ix_attachments_message_id", "attachments", ["message_id"], unique=False)
    op.create_index(
        "ix_attachments_awaited",
        "attachments",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("holding = 'awaited'"),
        postgresql_where=sa.text("holding = 'awaited'"),
    )
    op.create_table(
        "wordings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name="fk_wordings_message_id_messages"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_wordings"),
    )
    op.create_index("ix_wordings_message_id", "wordings", ["message_id"], unique=False)
    op.create_table(
        "reactions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("emoji", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=230), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("conversation", sa.String(length=160), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name="fk_reactions_message_id_messages"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reactions"),
        sa.UniqueConstraint("message_id", "emoji", "by", name="uq_reactions_message_id_emoji_by"),
    )
    op.create_table(
        "early_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("external_id", sa.String(length=160), nullable=False),
        sa.Column("by", sa.String(length=230), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_early_changes"),
        sa.UniqueConstraint(
            "channel",
            "workspace",
            "external_id",
            name="uq_early_changes_channel_workspace_external_id",
        ),
    )
    op.create_index("ix_early_changes_received_at", "early_changes", ["received_at"], unique=False)


def _deliveries() -> None:
    for column in (
        sa.Column("act", sa.String(length=20), nullable=False, server_default="say"),
        sa.Column("lane", sa.String(length=20), nullable=False, server_default=""),
        sa.Column("files", JSON, nullable=False, server_default="[]"),
        sa.Column("tracks_key", sa.String(length=120), nullable=True),
        sa.Column("mark", sa.String(length=20), nullable=True),
        sa.Column("on_post", sa.String(length=160), nullable=True),
        sa.Column("emoji", sa.String(length=40), nullable=True),
        sa.Column("rest", JSON, nullable=False, server_default="[]"),
    ):
        op.add_column("deliveries", column)
    # In one statement, which both databases take; Alembic would make two of it.
    op.execute(
        "ALTER TABLE deliveries ADD COLUMN message_id INTEGER "
        "CONSTRAINT fk_deliveries_message_id_messages REFERENCES messages (id)"
    )
    op.create_index("ix_deliveries_message_id", "deliveries", ["message_id"], unique=False)
    op.create_index("ix_deliveries_tracks_key", "deliveries", ["tracks_key"], unique=False)
    op.drop_index("ix_deliveries_waiting", "deliveries")
    op.create_index(
        "ix_deliveries_waiting",
        "deliveries",
        WAITING,
        unique=False,
        sqlite_where=sa.text("progress = 'waiting'"),
        postgresql_where=sa.text("progress = 'waiting'"),
    )


def _people() -> None:
    for column in (
        sa.Column("picture", sa.String(length=500), nullable=False, server_default=""),
        sa.Column("wrong_codes", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("wrong_since", MOMENT, nullable=True),
    ):
        op.add_column("identities", column)
    op.create_table(
        "link_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_link_codes_customer_id_customers"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_link_codes"),
        sa.UniqueConstraint("code_hash", name="uq_link_codes_code_hash"),
    )
