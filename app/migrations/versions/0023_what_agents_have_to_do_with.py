"""Indexes: who had a customer's latest tickets, and what is due next of an agent's."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, columns, condition in (
        ("ix_tickets_helped", ["customer_id", "id"], "assignee_id is not null"),
        ("ix_tickets_risk", ["assignee_id", "due_at"], "due_at is not null"),
    ):
        op.create_index(
            name,
            "tickets",
            columns,
            unique=False,
            sqlite_where=sa.text(condition),
            postgresql_where=sa.text(condition),
        )
