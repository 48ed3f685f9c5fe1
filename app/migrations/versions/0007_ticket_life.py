"""A ticket's life: on hold."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("tickets", sa.Column("waits_for", sa.String(length=200), nullable=True))
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
