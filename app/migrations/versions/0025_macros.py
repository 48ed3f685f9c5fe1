"""Macros: saved replies with actions, and what they say in other languages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "macros",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("does", JSON, nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_macros_agent_id_agents"),
        sa.PrimaryKeyConstraint("id", name="pk_macros"),
        sa.UniqueConstraint("agent_id", "name", name="uq_macros_agent_id_name"),
    )
    shared = sa.text("agent_id is null")
    op.create_index(
        "uq_macros_shared",
        "macros",
        ["name"],
        unique=True,
        sqlite_where=shared,
        postgresql_where=shared,
    )
    op.create_table(
        "macro_translations",
        sa.Column("macro_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["macro_id"],
            ["macros.id"],
            name="fk_macro_translations_macro_id_macros",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("macro_id", "language", name="pk_macro_translations"),
    )
