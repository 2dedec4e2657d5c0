"""Alembic's entry: always on a connection that is handed in, inside its transaction."""

from alembic import context

from sync_server.tables import Table

context.configure(connection=context.config.attributes["connection"], target_metadata=Table.metadata)
context.run_migrations()
