"""A data directory has one owner at a time."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from goes_mobile.protocol.problems import CannotWrite, InUse

LOCK = "lock"


@contextmanager
def held(data: Path) -> Iterator[None]:
    """Owns the directory (made if it is missing) until the end, whatever that is: the system lets go of the lock."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = (data / LOCK).open("a+b")
    except OSError as error:
        raise CannotWrite("cannot_write", reason=type(error).__name__) from None
    with file:
        if not _lock(file):
            raise InUse("data_directory_in_use")
        yield


def _lock(file: IO[Any]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    os.set_inheritable(file.fileno(), False)
    return True
