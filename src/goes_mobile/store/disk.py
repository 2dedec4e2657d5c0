"""Opening a profile's directory and its database: exclusively, durably, and with errors a person understands."""

from __future__ import annotations

import contextlib
import errno
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from goes_mobile.protocol.problems import CannotWrite, Damaged, GoesError, InUse

DATABASE = "journal.db"
LOCK = "profile.lock"


@contextlib.contextmanager
def disk_errors() -> Iterator[None]:
    """Turns what the operating system and SQLite say into our errors; their texts are not passed on."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise _named(str(error)) from None
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError | sqlite3.InterfaceError):
            raise
        raise Damaged("journal_damaged", reason=type(error).__name__) from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise CannotWrite("disk_full") from None
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise CannotWrite("read_only") from None
        raise


def _named(text: str) -> GoesError:
    text = text.lower()
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
        handle = (home / LOCK).open("a+b")
    try:
        _lock_file(handle)
    except OSError:
        handle.close()
        raise InUse("profile_in_use") from None
    return handle


def _lock_file(handle: IO[bytes]) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        return
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def connect(path: Path) -> sqlite3.Connection:
    """A durable connection: a commit that returned has been fsynced."""
    with disk_errors():
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("PRAGMA temp_store=MEMORY")
        connection.execute("PRAGMA cache_size=-4096")
    return connection
