"""Articles with translations, revisions, tags and readers; what customers made of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("audience", sa.String(length=20), nullable=False, server_default="public"),
        sa.Column("tags", JSON, nullable=False, server_default="[]"),
        sa.Column("related", JSON, nullable=False, server_default="[]"),
        sa.Column("path", sa.String(length=250), nullable=True),
        sa.Column("extra", JSON, nullable=False, server_default="{}"),
        sa.Column("writer_id", sa.Integer(), nullable=True),
        sa.Column("helpful", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("unhelpful", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("offered_only", sa.Boolean(), nullable=False, server_default=sa.false()),
    ):
        op.add_column("articles", column)
    op.add_column(
        "phrasings", sa.Column("language", sa.String(length=12), nullable=False, server_default="")
    )
    op.add_column("tickets", sa.Column("advice", JSON, nullable=False, server_default="[]"))

    op.create_table(
        "translations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name="fk_translations_article_id_articles",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_translations"),
        sa.UniqueConstraint("article_id", "language", name="uq_translations_article_id_language"),
    )
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=160), nullable=False),
        sa.Column("change", sa.String(length=20), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name="fk_revisions_article_id_articles",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_revisions"),
        sa.UniqueConstraint("article_id", "number", name="uq_revisions_article_id_number"),
    )
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=160), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name="fk_proposals_article_id_articles",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_proposals"),
        sa.UniqueConstraint("article_id", "text", name="uq_proposals_article_id_text"),
    )
    op.create_index("ix_proposals_decision", "proposals", ["decision", "id"], unique=False)
    op.create_table(
        "offered_articles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enquiry_id", sa.Integer(), nullable=False),
        sa.Column("offer", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("article", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("is_answer", sa.Boolean(), nullable=False),
        sa.Column("fate", sa.String(length=20), nullable=False),
        sa.Column("is_learned", sa.Boolean(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enquiry_id"], ["enquiries.id"], name="fk_offered_articles_enquiry_id_enquiries"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_offered_articles"),
        sa.UniqueConstraint(
            "enquiry_id", "offer", "place", name="uq_offered_articles_enquiry_id_offer_place"
        ),
    )
    op.create_index(
        "ix_offered_articles_article", "offered_articles", ["article", "offered_at"], unique=False
    )
    op.create_index(
        "ix_offered_articles_learned",
        "offered_articles",
        ["is_learned", "fate", "id"],
        unique=False,
    )
    # The language of a customer was never asked: "en" was what everybody had.
    op.execute("UPDATE customers SET language = '' WHERE language = 'en'")
