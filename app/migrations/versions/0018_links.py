"""How tickets belong together, and who watches them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    links = sa.Column("links", sa.Integer(), nullable=False, server_default="0")
    op.add_column("tickets", links)
    no: Any = sa.false()
    op.add_column("tickets", sa.Column("watched", sa.Boolean(), nullable=False, server_default=no))
    _links()
    _watchers()


def _links() -> None:
    op.create_table(
        "ticket_links",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("tie", sa.String(length=20), nullable=False),
        sa.CheckConstraint("ticket_id != other_id", name="ck_ticket_links_itself"),
        sa.CheckConstraint("tie = 'child' or ticket_id < other_id", name="ck_ticket_links_once"),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name="fk_ticket_links_ticket_id_tickets"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["tickets.id"], name="fk_ticket_links_other_id_tickets"
        ),
        sa.PrimaryKeyConstraint("ticket_id", "other_id", name="pk_ticket_links"),
    )
    op.create_index("ix_ticket_links_other_id", "ticket_links", ["other_id"], unique=False)
    is_child = sa.text("tie = 'child'")
    op.create_index(
        "uq_ticket_links_parent",
        "ticket_links",
        ["ticket_id"],
        unique=True,
        sqlite_where=is_child,
        postgresql_where=is_child,
    )


def _watchers() -> None:
    op.create_table(
        "watchers",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("digests", sa.Integer(), nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name="fk_watchers_ticket_id_tickets"
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_watchers_agent_id_agents"),
        sa.PrimaryKeyConstraint("ticket_id", "agent_id", name="pk_watchers"),
    )
    op.create_index("ix_watchers_agent_id", "watchers", ["agent_id"], unique=False)
