"""How Alembic reaches the database: by the connection that `app.migrate` hands it."""

from alembic import context

import app.slack_store
import core.model
import knowledge_base.article
from core.storage.base import Base

MAPPED = (app.slack_store, core.model, knowledge_base.article)  # imported for their tables

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
