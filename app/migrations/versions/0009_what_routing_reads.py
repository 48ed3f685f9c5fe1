"""What routing reads of a ticket: its language, how hard it is, and when an answer is due."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "tickets", sa.Column("language", sa.String(length=12), nullable=False, server_default="")
    )
    op.add_column(
        "tickets", sa.Column("complexity", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("tickets", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_tickets_due",
        "tickets",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("due_at is not null"),
        postgresql_where=sa.text("due_at is not null"),
    )
