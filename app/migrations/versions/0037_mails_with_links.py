"""Who asked for new secret links lately."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "link_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_link_mails"),
    )
    op.create_index("ix_link_mails_email_hash", "link_mails", ["email_hash"])
    op.create_index("ix_link_mails_created_at", "link_mails", ["created_at"])


def downgrade() -> None:
    op.drop_table("link_mails")
