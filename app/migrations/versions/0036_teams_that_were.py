"""Teams that were removed stay as rows."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("teams", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
