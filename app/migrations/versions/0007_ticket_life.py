"""A ticket's life: on hold; how satisfied its customer was."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _tickets()
    _surveys()
    _merges()


def _tickets() -> None:
    op.add_column("tickets", sa.Column("waits_for", sa.String(length=200), nullable=True))
    op.add_column("tickets", sa.Column("article", sa.String(length=120), nullable=True))
    op.add_column("tickets", sa.Column("snoozed_at", MOMENT, nullable=True))
    op.add_column("tickets", sa.Column("snoozed_until", MOMENT, nullable=True))
    op.add_column(
        "agents", sa.Column("time_zone", sa.String(length=64), nullable=False, server_default="")
    )
    op.create_index(
        "ix_tickets_snoozed",
        "tickets",
        ["snoozed_until"],
        unique=False,
        sqlite_where=sa.text("snoozed_until is not null"),
        postgresql_where=sa.text("snoozed_until is not null"),
    )
    for column in ("merged_into_id", "looks_like_id"):
        # In one statement, which both databases take; Alembic would make two of it.
        op.execute(
            f"ALTER TABLE tickets ADD COLUMN {column} INTEGER "
            f"CONSTRAINT fk_tickets_{column}_tickets REFERENCES tickets (id)"
        )
    op.create_index(
        "ix_tickets_merged",
        "tickets",
        ["channel", "workspace", "conversation"],
        unique=False,
        sqlite_where=sa.text("merged_into_id is not null"),
        postgresql_where=sa.text("merged_into_id is not null"),
    )
    live = sa.text("status in ('new', 'on hold', 'open', 'pending')")
    op.drop_index("ix_tickets_live_list", "tickets")
    op.create_index(
        "ix_tickets_live_list",
        "tickets",
        [sa.text("priority DESC"), "id"],
        unique=False,
        sqlite_where=live,
        postgresql_where=live,
    )


def _surveys() -> None:
    op.create_table(
        "surveys",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("article", sa.String(length=120), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.CheckConstraint("score between 1 and 5", name="ck_surveys_score"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_surveys_ticket_id_tickets"),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_surveys_agent_id_agents"),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_surveys"),
    )
    for column in ("agent_id", "asked_at"):
        op.create_index(f"ix_surveys_{column}", "surveys", [column], unique=False)


def _merges() -> None:
    op.create_table(
        "merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("messages", JSON, nullable=False),
        sa.Column("returns", JSON, nullable=False),
        sa.Column("enquiries", JSON, nullable=False),
        sa.Column("merged_at", MOMENT, nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_merges_ticket_id_tickets"),
        sa.ForeignKeyConstraint(["into_id"], ["tickets.id"], name="fk_merges_into_id_tickets"),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_merges_agent_id_agents"),
        sa.PrimaryKeyConstraint("id", name="pk_merges"),
    )
    op.create_index("ix_merges_ticket_id", "merges", ["ticket_id"], unique=False)
