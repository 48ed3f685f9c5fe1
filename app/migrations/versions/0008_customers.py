"""What is known of customers beside their name, and what agents note of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, length in (("email", 254), ("phone", 40), ("company", 120), ("time_zone", 40)):
        op.add_column(
            "customers",
            sa.Column(name, sa.String(length=length), nullable=False, server_default=""),
        )
    op.add_column("customers", sa.Column("tags", JSON, nullable=False, server_default="[]"))
    op.add_column(
        "customers",
        sa.Column("is_vip", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    for name in ("blocked_at", "told_blocked_at"):
        op.add_column("customers", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "customer_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_customer_notes_customer_id_customers"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_customer_notes"),
    )
    op.create_index(
        "ix_customer_notes_customer_id", "customer_notes", ["customer_id"], unique=False
    )
