"""When agents work: their hours and days off, when they were seen, and what put them where they are."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "agents", sa.Column("availability_since", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "agents",
        sa.Column(
            "availability_by", sa.String(length=20), nullable=False, server_default="command"
        ),
    )
    op.add_column(
        "agents",
        sa.Column("availability_why", sa.String(length=120), nullable=False, server_default=""),
    )
    op.add_column("agents", sa.Column("edge_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("agents", sa.Column("hand_back", sa.String(length=20), nullable=True))
    op.create_index("ix_agents_edge_at", "agents", ["edge_at"], unique=False)
    op.create_table(
        "working_hours",
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("begins", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.CheckConstraint("weekday between 0 and 6", name=op.f("ck_working_hours_weekday")),
        sa.CheckConstraint("begins between 0 and 1439", name=op.f("ck_working_hours_begins")),
        sa.CheckConstraint(
            "ends > begins and ends <= begins + 1440", name=op.f("ck_working_hours_ends")
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["agents.id"],
            name=op.f("fk_working_hours_agent_id_agents"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("agent_id", "weekday", "begins", name=op.f("pk_working_hours")),
    )
    op.create_table(
        "days_off",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("why", sa.String(length=120), nullable=False),
        sa.CheckConstraint("last >= first", name=op.f("ck_days_off_order")),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["agents.id"],
            name=op.f("fk_days_off_agent_id_agents"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_days_off")),
    )
    op.create_index(op.f("ix_days_off_agent_id"), "days_off", ["agent_id"], unique=False)
    op.create_table(
        "presence",
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["agents.id"],
            name=op.f("fk_presence_agent_id_agents"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("agent_id", name=op.f("pk_presence")),
    )
    op.create_index("ix_presence_seen_at", "presence", ["seen_at"], unique=False)
