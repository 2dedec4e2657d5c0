"""The end of a profile: all of it leaves the disk, and a note stays that says why. No name, no key, no content."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from goes_mobile.store import disk

NOTE = "ended.json"
_CHUNK = bytes(1 << 20)


@dataclass(frozen=True, slots=True)
class Ended:
    """Why a profile is no more; ``reason`` is the revocation's."""

    reason: str
    at_ms: int

    @property
    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.at_ms / 1000, UTC)


def read(home: Path) -> Ended | None:
    """The note; a damaged one still says that the profile has ended."""
    try:
        told = json.loads((home / NOTE).read_text())
        return Ended(str(told["reason"]), int(told["at_ms"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        return Ended("", 0)


def begin(home: Path, ended: Ended) -> None:
    """From here on the profile is lost, whatever happens: who opens it next goes on erasing."""
    fresh = home / (NOTE + ".new")
    with disk.disk_errors():
        with fresh.open("w") as file:
            json.dump(asdict(ended), file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(home / NOTE)
    disk.settle(home)


def wipe(home: Path) -> None:
    """Overwrite and remove all but the note and the lock; the database goes last."""
    files = [path for path in home.rglob("*") if path.is_file() and path.name not in (NOTE, disk.LOCK)]
    for path in sorted(files, key=lambda path: path.name == disk.DATABASE):
        with disk.disk_errors():
            _overwrite(path)
            path.unlink()
    disk.settle(home)


def forget(home: Path) -> None:
    """Somebody sets the device up anew."""
    if read(home) is not None:
        wipe(home)
        with disk.disk_errors():
            (home / NOTE).unlink(missing_ok=True)
        disk.settle(home)


def _overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        left = file.seek(0, 2)
        file.seek(0)
        while left > 0:
            left -= file.write(_CHUNK[: min(left, len(_CHUNK))])
        file.flush()
        os.fsync(file.fileno())
