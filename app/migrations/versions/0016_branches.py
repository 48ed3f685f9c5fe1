"""A ticket that is split off another one, in a branch of its conversation."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
LIVE = sa.text("status != 'closed'")


def upgrade() -> None:
    for table in ("tickets", "messages"):
        branch = sa.Column("branch", sa.Integer(), nullable=False, server_default="0")
        op.add_column(table, branch)
    op.drop_index("uq_tickets_live", "tickets")
    op.create_index(
        "uq_tickets_live",
        "tickets",
        ["channel", "workspace", "conversation", "branch"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    op.create_table(
        "splits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("split_at", MOMENT, nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["from_id"], ["tickets.id"], name="fk_splits_from_id_tickets"),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name="fk_splits_message_id_messages"
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_splits_ticket_id_tickets"),
        sa.PrimaryKeyConstraint("id", name="pk_splits"),
    )
    for column in ("from_id", "ticket_id"):
        op.create_index(f"ix_splits_{column}", "splits", [column], unique=False)
