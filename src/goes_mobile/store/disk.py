"""Opening a profile's directory and its database: exclusively, durably, and with errors a person understands."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from goes_mobile.protocol.problems import CannotWrite, Damaged, InUse

DATABASE = "journal.db"
LOCK = "profile.lock"
_READING = ("temp_store=MEMORY", "cache_size=-4096")
_READING_LOG = ("locking_mode=EXCLUSIVE", *_READING)
_SETTINGS = ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", *_READING)


@contextlib.contextmanager
def disk_errors() -> Iterator[None]:
    """Turns what the operating system and SQLite say into our errors; their texts are not passed on."""
    try:
        yield
    except sqlite3.Error as error:
        raise _ours(error) from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise CannotWrite("disk_full") from None
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise CannotWrite("read_only") from None
        raise


def _ours(error: sqlite3.Error) -> Exception:
    if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError | sqlite3.InterfaceError):
        return error  # our own mistake
    text = str(error).lower() if isinstance(error, sqlite3.OperationalError) else ""
    if "full" in text:
        return CannotWrite("disk_full")
    if "readonly" in text or "read-only" in text or "unable to open" in text:
        return CannotWrite("read_only")
    if "locked" in text or "busy" in text:
        return InUse("profile_in_use")
    if "disk i/o" in text:
        return CannotWrite("disk_error")
    return Damaged("journal_damaged")


def take(home: Path) -> IO[bytes]:
    """The exclusive right to a profile's directory; raises :class:`InUse` if another process has it."""
    with disk_errors():
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = _lock_handle(home / LOCK)
    try:
        _lock_file(handle)
    except OSError:
        handle.close()
        raise InUse("profile_in_use") from None
    return handle


def _lock_handle(path: Path) -> IO[bytes]:
    try:
        return path.open("a+b")
    except OSError:
        if path.exists():  # read-only; two readers could not be told from a reader and a writer without it
            return path.open("rb")
        raise


def _lock_file(handle: IO[bytes]) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        return
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Cursor(sqlite3.Cursor):
    """A damaged page can show itself at any statement and at any row: each says it with our errors."""

    def execute(self, sql: str, parameters: Any = ()) -> Cursor:
        try:
            super().execute(sql, parameters)
        except sqlite3.Error as error:
            raise _ours(error) from None
        return self

    def executemany(self, sql: str, parameters: Any) -> Cursor:
        try:
            super().executemany(sql, parameters)
        except sqlite3.Error as error:
            raise _ours(error) from None
        return self

    def fetchone(self) -> Any:
        try:
            return super().fetchone()
        except sqlite3.Error as error:
            raise _ours(error) from None

    def fetchall(self) -> list[Any]:
        try:
            return super().fetchall()
        except sqlite3.Error as error:
            raise _ours(error) from None

    def __next__(self) -> Any:
        try:
            return super().__next__()
        except sqlite3.Error as error:
            raise _ours(error) from None


class Connection(sqlite3.Connection):
    """Hands out such cursors. ``writable`` is false where the disk let it be opened for reading alone."""

    writable = True

    def execute(self, sql: str, parameters: Any = ()) -> Cursor:
        return self.cursor(Cursor).execute(sql, parameters)

    def executemany(self, sql: str, parameters: Any) -> Cursor:
        return self.cursor(Cursor).executemany(sql, parameters)


def connect(path: Path) -> Connection:
    """A durable connection: a commit that returned has been fsynced. Where nothing can be written, one to read with."""
    try:
        return _connected(str(path), _SETTINGS)
    except CannotWrite:
        if not path.exists():
            raise
        return _reading(path)


def _reading(path: Path) -> Connection:
    """Without a write-ahead log nothing but the file is needed. One that a power cut left behind holds what was
    confirmed last: it is read through a file system layer without locks, since a lock needs a file that can be written.
    The profile's own lock keeps others away.
    """
    how: str = "immutable=1"
    settings: Sequence[str] = _READING
    if path.with_name(path.name + "-wal").exists():
        how = "vfs=win32-none" if os.name == "nt" else "vfs=unix-none"
        settings = _READING_LOG
    connection = _connected(f"{path.absolute().as_uri()}?mode=ro&{how}", settings)
    connection.writable = False
    return connection


def _connected(name: str, settings: Sequence[str]) -> Connection:
    with disk_errors():
        connection = sqlite3.connect(
            name, isolation_level=None, check_same_thread=False, timeout=5, factory=Connection, uri=name[:5] == "file:"
        )
    try:
        for setting in settings:
            connection.execute(f"PRAGMA {setting}")
    except BaseException:
        connection.close()
        raise
    return connection


def remove(home: Path) -> None:
    """The database that nothing was ever written to."""
    with disk_errors():
        for rest in ("-wal", "-shm", ""):
            (home / f"{DATABASE}{rest}").unlink(missing_ok=True)
    settle(home)


def settle(directory: Path) -> None:
    """A file that was renamed is there under its new name even after a power cut."""
    with contextlib.suppress(OSError):  # Windows opens no directories, and needs none
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
