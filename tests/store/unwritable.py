"""What happens to a profile on a disk that takes nothing, line by line; see test_unwritable.py.

In a process of its own: root may write everywhere, and a limit on the size of files ends with its process.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from goes_mobile.protocol.ids import new_id
from goes_mobile.protocol.problems import GoesError
from goes_mobile.store.change import Change
from goes_mobile.store.store import Store
from tests.devices import SECRET, SITE

NOBODY = 65534


def shut(home: Path, kind: str, closed: bool) -> None:
    if kind == "full":
        most = 0 if closed else resource.RLIM_INFINITY
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
        return
    home.chmod(0o755)
    for file in home.iterdir():
        file.chmod(0o444 if closed else 0o644)
    home.chmod(0o555 if closed else 0o755)


def told(action: Callable[..., Any], *arguments: Any) -> str:
    try:
        action(*arguments)
    except GoesError as error:
        return f"{error.code}/{error.exit_code}"
    return "ok"


def notes(store: Store) -> list[str]:
    rows = store.projection.db.execute("SELECT note FROM encounter ORDER BY note").fetchall()
    return [note for (note,) in rows]


def save(store: Store, text: str) -> None:
    set_ = {"site": SITE, "at": "2026-11-23T14:00:00+01:00", "note": text}
    store.write([Change("encounter", new_id(store.now_ms()), set_)])


def main(home: Path, kind: str, note: str) -> None:
    clock = [1_795_500_000_000]
    shut(home, kind, closed=True)
    store = Store.open(home, lambda: clock[0])
    print("status", store.counts().waiting, store.locked)
    print("unlock", told(store.unlock, SECRET))
    found = [hit.id == note for hit in store.search("Bahnhof")]
    print("notes", notes(store), found, store.delivery("encounter", note).state)
    refused = [told(save, store, "verloren"), told(store.drafts.save, "d", {}), told(store.set_personal, "k", 1)]
    print("save", *refused, store.cannot_write)
    print("still", notes(store), store.idle(), store.idle())
    store.lock()
    wrong = told(store.unlock, "eine falsche Phrase")
    print("wrong", wrong, store.gate.attempts.wait_ms(clock[0]), told(store.unlock, SECRET))
    clock[0] += 61_000
    shut(home, kind, closed=False)
    print("again", told(store.unlock, SECRET), told(save, store, "danach"), repr(store.cannot_write), notes(store))
    store.close()
    store = Store.open(home, lambda: clock[0])
    store.unlock(SECRET)
    print("kept", notes(store), store.gate.attempts.failed)
    store.close()


if __name__ == "__main__":
    if os.getuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    main(Path(sys.argv[1]), *sys.argv[2:])
