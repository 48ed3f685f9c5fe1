"""A ticket's life: on hold; how satisfied its customer was."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _tickets()
    _surveys()


def _tickets() -> None:
    op.add_column("tickets", sa.Column("waits_for", sa.String(length=200), nullable=True))
    op.add_column("tickets", sa.Column("article", sa.String(length=120), nullable=True))
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
