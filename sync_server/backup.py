"""Backup and restore. A backup is one SQLite file, whatever the server runs on, so it moves between the two."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, func, inspect, select

from goes_mobile.protocol.problems import CannotWrite, Damaged, GoesError
from sync_server.bulk import insert_rows
from sync_server.core import now_ms
from sync_server.database import Database, explained
from sync_server.installation import is_initialised
from sync_server.organisations import restart, write_down
from sync_server.settings import SQLITE_FILE
from sync_server.tables import BlobChunk, EntryRow, Organisation, Session, Table, table

_PAGE = 1000
_LARGE_PAGE = 16  # of rows of a quarter of a MiB
_session = table(Session)


def backup(database: Database, to: Path, clock: Callable[[], int] = now_ms) -> dict[str, Any]:
    """A consistent copy while the server runs; replaces ``to`` only when the copy is complete and on disk. The audit
    log says so, in the copy too."""
    part = to.with_name(to.name + ".part")
    with explained(), _fresh(part):
        with suppress(CannotWrite):  # a full disk is when a copy is needed most
            _write_down(database, clock())
        if database.shared:
            _export(database, part)
        else:
            _copy(Path(str(database.url.database)), part)
        counted = _counted(part)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(to)
        _sync_directory(to.parent)
    return {"file": str(to), "bytes": to.stat().st_size, **counted}


def restore(database: Database, source: Path, data: Path, clock: Callable[[], int] = now_ms,
            random: Callable[[int], bytes] = os.urandom) -> dict[str, Any]:  # fmt: skip
    """Into an empty data directory or database. Every feed starts again: nothing is served until an administrator's
    device has sent the control log, so that revocations and erasures made since the backup hold."""
    if not source.is_file():
        raise GoesError("no_such_file")
    part = data / f"{SQLITE_FILE}.part"
    with explained():
        if _occupied(database):
            raise GoesError("not_empty")
        with _fresh(part):
            _copy(source, part)
            _begin_again(part, clock(), random)
            counted = _counted(part)
            if database.shared:
                _import(part, database)
            else:
                with part.open("rb+") as file:
                    os.fsync(file.fileno())
                part.replace(data / SQLITE_FILE)
                _sync_directory(data)
    return counted


@contextmanager
def _fresh(part: Path) -> Iterator[None]:
    """The file does not exist yet, is for this user alone, and does not stay behind."""
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield
    except OSError as error:
        raise CannotWrite("cannot_write", reason=type(error).__name__) from None
    finally:
        if part.parent.is_dir():
            for left in (part, *(part.with_name(part.name + end) for end in ("-wal", "-shm", "-journal"))):
                left.unlink(missing_ok=True)


def _copy(source: Path, to: Path) -> None:
    """SQLite's online copy: one moment's state, also while another process writes."""
    try:
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as read,
            closing(sqlite3.connect(to)) as write,
        ):
            read.backup(write)
            write.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorname in ("SQLITE_CORRUPT", "SQLITE_NOTADB"):
            raise Damaged("damaged", reason=error.sqlite_errorname) from None
        raise CannotWrite("cannot_write", reason=error.sqlite_errorname) from None


def _write_down(database: Database, now: int) -> None:
    with explained(), database.write() as connection:
        for (organisation,) in connection.execute(select(table(Organisation).c.id)).all():
            write_down(connection, organisation, "backed_up", now)


def _export(database: Database, to: Path) -> None:
    """All tables of a PostgreSQL as of one moment."""
    with closing(Database(f"sqlite:///{to}")) as file:
        file.migrate()
        with database.read(one_moment=True) as read, file.write() as write:
            _copy_tables(read, write)
    _settle(to)


def _import(source: Path, database: Database) -> None:
    """All tables, or none, into an empty PostgreSQL."""
    database.migrate()
    with closing(Database(f"sqlite:///{source}")) as file, file.read() as read, database.write() as write:
        _copy_tables(read, write)


def _copy_tables(read: Connection, write: Connection) -> None:
    for copied in Table.metadata.sorted_tables:
        page = _LARGE_PAGE if copied.name == BlobChunk.__tablename__ else _PAGE
        for rows in read.execute(select(copied).execution_options(yield_per=page)).mappings().partitions(page):
            insert_rows(write, copied, [dict(row) for row in rows])


def _begin_again(part: Path, now: int, random: Callable[[int], bytes]) -> None:
    with closing(Database(f"sqlite:///{part}")) as file:
        if not is_initialised(file):
            raise Damaged("no_backup")
        file.migrate()
        with file.write() as connection:
            connection.execute(delete(_session))
            for row in connection.execute(select(table(Organisation))).all():
                restart(connection, row, random(16))
                write_down(connection, row.id, "restored", now)
    _settle(part)


def _settle(file: Path) -> None:
    """One file without a write-ahead log beside it."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def _counted(file: Path) -> dict[str, Any]:
    with closing(Database(f"sqlite:///{file}", read_only=True)) as opened, opened.read() as connection:
        organisations = connection.scalar(select(func.count()).select_from(table(Organisation)))
        entries = connection.scalar(select(func.count()).select_from(table(EntryRow)))
    return {"organisations": organisations, "entries": entries}


def _occupied(database: Database) -> bool:
    if not database.shared:
        return Path(str(database.url.database)).exists()
    with database.read() as connection:
        return bool(inspect(connection).get_table_names())


def _sync_directory(directory: Path) -> None:
    """The new name is on disk too, where the system lets us say so."""
    if os.name == "posix":
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
