"""Transcripts that were promised, and the deliveries that carry them."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "transcripts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("with_notes", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name="fk_transcripts_ticket_id_tickets"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_transcripts"),
        sa.UniqueConstraint("public_id", name="uq_transcripts_public_id"),
    )
    op.create_index("ix_transcripts_ticket_id", "transcripts", ["ticket_id"], unique=False)
    # In one statement, which both databases take; Alembic would make two of it.
    op.execute(
        "ALTER TABLE deliveries ADD COLUMN transcript_id INTEGER "
        "CONSTRAINT fk_deliveries_transcript_id_transcripts REFERENCES transcripts (id)"
    )
