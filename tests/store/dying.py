"""What is done by a process that is killed in the middle of it (:mod:`tests.killed`)."""

from __future__ import annotations

from pathlib import Path

import msgpack

from goes_mobile.protocol import wire
from goes_mobile.store.store import Store
from tests.devices import SECRET


def hand_over(file: Path, now_ms: int, entries: list[wire.RemoteEntry]) -> None:
    """Leave what the server would give."""
    file.write_bytes(msgpack.packb([now_ms, entries]))


def hear(home: str, file: str) -> None:
    """An unlocked device hears of what the server has: a release among it."""
    now_ms, entries = msgpack.unpackb(Path(file).read_bytes())
    store = Store.open(Path(home), lambda: int(now_ms))
    if store.revoked is None:
        store.unlock(SECRET)
    store.receive([tuple(entry) for entry in entries], [], None)
    store.close()


def end(home: str, file: str) -> None:
    """A device that knows it is revoked erases itself."""
    now_ms, _ = msgpack.unpackb(Path(file).read_bytes())
    store = Store.open(Path(home), lambda: int(now_ms))
    store.erase()
