"""Figures kept ready for reports, and indexes for the figures of this moment."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
LIVE = "status in ('new', 'on hold', 'open', 'pending')"
OPEN = "met_at is null and dropped_at is null"
PARTIAL = (
    ("ix_tickets_waiting_since", "tickets", "waiting_since", "status = 'new'"),
    ("ix_tickets_live_age", "tickets", "created_at", LIVE),
    ("ix_tickets_escalated", "tickets", "escalated_at", "escalated_at is not null"),
    (
        "ix_ticket_targets_risk",
        "ticket_targets",
        "due_at",
        f"{OPEN} and breached_at is null and warned > 0",
    ),
    (
        "ix_ticket_targets_late",
        "ticket_targets",
        "breached_at",
        f"{OPEN} and breached_at is not null",
    ),
    ("ix_deliveries_dead", "deliveries", "id", "progress = 'dead'"),
)


def upgrade() -> None:
    op.create_table(
        "report_tallies",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("figure", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=120), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "day", "figure", "channel", "team_id", "part", name="pk_report_tallies"
        ),
    )
    op.create_index("ix_report_tallies_figure", "report_tallies", ["figure", "day"], unique=False)
    op.create_table(
        "report_counted",
        sa.Column("of", sa.String(length=8), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.PrimaryKeyConstraint("of", "number", name="pk_report_counted"),
    )
    op.create_table(
        "report_position",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("gaps", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_report_position"),
    )
    op.create_table(
        "report_digests",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("posted_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("week", name="pk_report_digests"),
    )
    for name, table, column, where in PARTIAL:
        op.create_index(
            name,
            table,
            [column],
            unique=False,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
