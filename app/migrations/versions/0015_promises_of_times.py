"""Promises of times: business hours, SLA policies, and the targets that run on tickets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "business_hours",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("week", JSON, nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("subdivision", sa.String(length=40), nullable=False),
        sa.Column("days_off", JSON, nullable=False),
        sa.UniqueConstraint("name", name="uq_business_hours_name"),
    )
    op.create_table(
        "team_hours",
        sa.Column("team_id", sa.Integer(), sa.ForeignKey("teams.id"), primary_key=True),
        sa.Column("hours_id", sa.Integer(), sa.ForeignKey("business_hours.id"), nullable=False),
    )
    op.create_index("ix_team_hours_hours_id", "team_hours", ["hours_id"])
    op.create_table(
        "sla_edition",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
    )
    op.create_table(
        "sla_policies",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *(
            sa.Column(name, JSON, nullable=False)
            for name in ("priorities", "kinds", "channels", "teams", "customer_tags")
        ),
        sa.Column("vip", sa.Boolean(), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=True)
            for name in ("first_response", "next_response", "resolution")
        ),
        sa.Column("hours_id", sa.Integer(), sa.ForeignKey("business_hours.id"), nullable=True),
        sa.Column("pauses", JSON, nullable=False),
        sa.Column("warnings", JSON, nullable=False),
        sa.UniqueConstraint("name", name="uq_sla_policies_name"),
    )
    op.create_index("ix_sla_policies_position", "sla_policies", ["position"])
    _targets()
    _warnings()


def _targets() -> None:
    op.create_table(
        "ticket_targets",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "ticket_id",
            sa.Integer(),
            sa.ForeignKey("tickets.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("policy", sa.String(length=40), nullable=False),
        sa.Column(
            "policy_id",
            sa.Integer(),
            sa.ForeignKey("sla_policies.id", ondelete="SET NULL"),
            nullable=True,
        ),
        sa.Column(
            "hours_id",
            sa.Integer(),
            sa.ForeignKey("business_hours.id", ondelete="SET NULL"),
            nullable=True,
        ),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("allowed", sa.BigInteger(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ran", sa.BigInteger(), nullable=False),
        sa.Column("running_since", MOMENT, nullable=True),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("paused_at", MOMENT, nullable=True),
        sa.Column("stretches", JSON, nullable=False),
        sa.Column("next_at", MOMENT, nullable=True),
        sa.Column("warned", sa.Integer(), nullable=False),
        sa.Column("met_at", MOMENT, nullable=True),
        sa.Column("breached_at", MOMENT, nullable=True),
        sa.Column("dropped_at", MOMENT, nullable=True),
        sa.UniqueConstraint(
            "ticket_id", "kind", "ordinal", name="uq_ticket_targets_ticket_id_kind_ordinal"
        ),
    )
    _partial("ix_ticket_targets_next", "ticket_targets", "next_at", "next_at is not null")
    _partial(
        "ix_ticket_targets_breached", "ticket_targets", "breached_at", "breached_at is not null"
    )
    op.create_index("ix_ticket_targets_started", "ticket_targets", ["started_at"])


def _warnings() -> None:
    op.create_table(
        "target_warnings",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "target_id",
            sa.Integer(),
            sa.ForeignKey("ticket_targets.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.UniqueConstraint("target_id", "share", name="uq_target_warnings_target_id_share"),
    )
    _partial("ix_target_warnings_untold", "target_warnings", "at", "told_at is null")


def _partial(name: str, table: str, column: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, [column], sqlite_where=condition, postgresql_where=condition)
