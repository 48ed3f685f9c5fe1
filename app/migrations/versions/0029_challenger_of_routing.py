"""The challenger of the routing rules: how it is set, and what it learnt."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "routing_challenger",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("setting", sa.String(length=10), nullable=False),
        sa.Column("leads", sa.Boolean(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("weights", JSON, nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=160), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_routing_challenger_one")),
        sa.CheckConstraint("share between 0 and 1", name=op.f("ck_routing_challenger_share")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_challenger")),
    )


def downgrade() -> None:
    op.drop_table("routing_challenger")
