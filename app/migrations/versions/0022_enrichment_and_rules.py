"""Enrichment and rules: what intake makes of a ticket, and what leads say that it gets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.add_column("tickets", sa.Column("enriched", JSON, nullable=False, server_default="{}"))
    op.create_index(
        "ix_customers_vip",
        "customers",
        ["id"],
        unique=False,
        sqlite_where=sa.text("is_vip"),
        postgresql_where=sa.text("is_vip"),
    )
    op.create_table(
        "rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("team", sa.String(length=60), nullable=True),
        sa.Column("category", sa.String(length=60), nullable=True),
        sa.Column("priority", sa.SmallInteger(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=True),
        sa.Column("skill", sa.String(length=40), nullable=True),
        sa.Column("tier", sa.Integer(), nullable=True),
        sa.Column("tags", JSON, nullable=False),
        sa.Column("stops", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=160), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_broken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules")),
        sa.UniqueConstraint("name", name=op.f("uq_rules_name")),
    )
    op.create_index("ix_rules_place", "rules", ["place", "id"], unique=False)
