"""The database: one SQLite file with one writer, or a PostgreSQL shared with other workers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, make_url
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DatabaseError, OperationalError

from goes_mobile.protocol.problems import CannotWrite, Damaged, NotReachable

MIGRATIONS = Path(__file__).parent / "migrations"
_SYNTAX = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA busy_timeout=10000",
    "PRAGMA cache_size=-65536",
)


class Database:
    """Transactions on an engine. All calls come from one thread (see ``lane``), so one connection is enough."""

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        self.url = make_url(url)
        self.shared = self.url.get_backend_name() == "postgresql"
        self.engine = _postgres(url) if self.shared else _sqlite(url, read_only)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is durable when this returns."""
        with self.engine.connect().execution_options(goes_begin="BEGIN IMMEDIATE") as connection, connection.begin():
            yield connection

    @contextmanager
    def read(self, *, one_moment: bool = False) -> Iterator[Connection]:
        """A transaction to read in; ``one_moment``: all statements see the same state (SQLite always does)."""
        with self.engine.connect() as connection:
            if one_moment and self.shared:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    def migrate(self) -> None:
        """Bring the tables to this version, from nothing or from any earlier one."""
        if not self.shared:  # it holds the server's key: nobody else on this machine reads it
            Path(str(self.url.database)).touch(mode=0o600)
        with self.write() as connection:
            migrate(connection)

    def close(self) -> None:
        self.engine.dispose()


def migrate(connection: Connection) -> None:
    from alembic import command  # slow to import, and only needed where tables may change
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@contextmanager
def explained() -> Iterator[None]:
    """What a database says about its disk, as one of our errors. Never its text: that could carry parameters."""
    try:
        yield
    except DatabaseError as error:
        reason = _sqlite_reason(error.orig)
        if reason in ("SQLITE_CORRUPT", "SQLITE_NOTADB"):
            raise Damaged("damaged", reason=reason) from None
        if reason.startswith(("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_PERM")):
            raise CannotWrite("cannot_write", reason=reason) from None
        if isinstance(error, OperationalError):
            state = (
                getattr(error.orig, "sqlstate", None) or "08000"
            )  # PostgreSQL's classes: 08 connection, 53 resources
            if state.startswith("53"):
                raise CannotWrite("cannot_write", reason=state) from None
            raise NotReachable("database", reason=state) from None
        raise


def _sqlite_reason(error: BaseException | None) -> str:
    return getattr(error, "sqlite_errorname", "") if isinstance(error, sqlite3.Error) else ""


def _postgres(url: str) -> Engine:
    return create_engine(url, hide_parameters=True, pool_size=2, max_overflow=2, pool_pre_ping=True)


def _sqlite(url: str, read_only: bool) -> Engine:
    """Transactions begin where we say so, not where Python's driver guesses."""
    if read_only:
        file = make_url(url).database
        engine = create_engine(
            "sqlite://",
            creator=lambda: sqlite3.connect(f"file:{file}?mode=ro", uri=True, check_same_thread=False),
            hide_parameters=True,
        )
    else:
        engine = create_engine(url, hide_parameters=True, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for statement in _SYNTAX[3:] if read_only else _SYNTAX:
            connection.execute(statement)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("goes_begin", "BEGIN"))

    return engine
