"""Kinds of tickets are rows, so that a desk can have its own."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BUILT_IN = (
    ("question", "Somebody wants to know something."),
    ("problem", "Something does not work."),
    ("return", "Something that was bought goes back."),
    ("other", "Anything else."),
)


def upgrade() -> None:
    kinds = op.create_table(
        "ticket_kinds",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_ticket_kinds"),
    )
    op.create_index("ix_ticket_kinds_place", "ticket_kinds", ["place", "name"], unique=False)
    op.create_index("ix_tickets_kind", "tickets", ["kind", "id"], unique=False)
    op.bulk_insert(
        kinds,
        [
            {"name": name, "about": about, "place": place}
            for place, (name, about) in enumerate(BUILT_IN)
        ],
    )
