"""The migrations make exactly the tables that the classes describe."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from sync_server.database import Database
from sync_server.tables import Table


def test_migrations_and_classes_agree(database_url: str) -> None:
    database = Database(database_url)
    database.migrate()
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []
        assert context.get_current_revision() is not None
    database.close()


def test_migrating_again_changes_nothing(database_url: str) -> None:
    database = Database(database_url)
    database.migrate()
    database.migrate()
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []
    database.close()


def test_every_key_begins_with_the_organisation() -> None:
    """So that a distributed PostgreSQL can shard by it; only the server's own rows have none."""
    first = {table.name: next(iter(table.primary_key)).name for table in Table.metadata.sorted_tables}
    others = {name: column for name, column in first.items() if column != "organisation"}
    assert others == {"organisation": "id", "server_key": "id", "setup_token": "hash"}
