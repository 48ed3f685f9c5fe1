"""Figures of months, and of days over all teams, for reports of long spans."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_rollups",
        sa.Column("tier", sa.String(length=8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("figure", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=120), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tier", "day", "figure", "channel", "team_id", "part", name="pk_report_rollups"
        ),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    month = "date(day, 'start of month')" if sqlite else "date_trunc('month', day)::date"
    for tier, day, channel, team, part, where in (
        ("month", month, "channel", "team_id", "part", "1 = 1"),
        ("all", "day", "channel", "0", "''", "figure = 'opened'"),
        ("all", "day", "''", "0", "part", "figure in ('first response', 'resolution')"),
    ):
        op.execute(
            "insert into report_rollups (tier, day, figure, channel, team_id, part, count) "  # noqa: S608
            f"select '{tier}', {day}, figure, {channel}, {team}, {part}, sum(count) "
            f"from report_tallies where {where} group by 1, 2, 3, 4, 5, 6"
        )
