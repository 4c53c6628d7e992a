"""Run by Alembic: migrate on the connection, and inside the transaction, that the caller opened."""

from __future__ import annotations

from alembic import context

from tidemill.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
