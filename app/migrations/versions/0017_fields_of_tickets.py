"""Fields that a desk gives its tickets, and what is in them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    there = sa.text("removed_at is null")
    op.create_table(
        "ticket_fields",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=True),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("choices", JSON, nullable=False),
        sa.Column("smallest", sa.BigInteger(), nullable=True),
        sa.Column("largest", sa.BigInteger(), nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["kind"], ["ticket_kinds.name"], name="fk_ticket_fields_kind_ticket_kinds"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_fields"),
    )
    op.create_index(
        "uq_ticket_fields_name",
        "ticket_fields",
        ["name"],
        unique=True,
        sqlite_where=there,
        postgresql_where=there,
    )
    op.create_table(
        "ticket_field_values",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("field_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("folded", sa.String(length=300), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["tickets.id"],
            name="fk_ticket_field_values_ticket_id_tickets",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["field_id"],
            ["ticket_fields.id"],
            name="fk_ticket_field_values_field_id_ticket_fields",
        ),
        sa.PrimaryKeyConstraint("ticket_id", "field_id", name="pk_ticket_field_values"),
    )
    for column in ("folded", "number", "day"):
        op.create_index(
            f"ix_ticket_field_values_{column}",
            "ticket_field_values",
            ["field_id", column, "ticket_id"],
            unique=False,
        )
