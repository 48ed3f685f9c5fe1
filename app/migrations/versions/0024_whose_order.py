"""Orders are proved by e-mail: codes that went out, and who may speak of which order."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "order_proofs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=90), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_order_proofs_customer_id_customers"
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name="fk_order_proofs_order_id_orders"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_order_proofs"),
    )
    op.create_index("ix_order_proofs_number", "order_proofs", ["number"])
    op.create_index("ix_order_proofs_customer_id", "order_proofs", ["customer_id"])
    op.create_table(
        "order_grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_order_grants_customer_id_customers"
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name="fk_order_grants_order_id_orders"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_order_grants"),
    )
    op.create_index("ix_order_grants_order_id", "order_grants", ["order_id"])
    op.create_index("ix_order_grants_customer_id", "order_grants", ["customer_id"])
