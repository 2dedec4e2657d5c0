"""A process that ends somebody's authority, or writes after that, and dies at a given moment of it.

Reads a line of JSON for each try: a child does it and kills itself just before (odd) or just after (even) a commit; the
line that comes back says whether it was ``killed`` or is ``done``. Forked, so that a try costs no start of Python.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from goes_mobile.protocol.ids import new_id
from goes_mobile.store import disk
from goes_mobile.store.change import Change
from goes_mobile.store.revocation import revoke
from goes_mobile.store.store import Store
from tests.devices import SECRET, SITE


def die_at(moment: int) -> None:
    """Of all that this process commits from now on."""
    commit, seen = disk.Connection.execute, 0

    def execute(self: disk.Connection, sql: str, parameters: Any = ()) -> disk.Cursor:
        nonlocal seen
        if sql != "COMMIT":
            return commit(self, sql, parameters)
        for now in ("before", "after"):
            done = commit(self, sql, parameters) if now == "after" else None
            seen += 1
            if seen == moment:
                os.kill(os.getpid(), signal.SIGKILL)
        assert done is not None
        return done

    disk.Connection.execute = execute  # type: ignore[method-assign]


def work(told: dict[str, Any]) -> None:
    store = Store.open(Path(told["home"]), lambda: told["now"])
    store.unlock(SECRET)
    die_at(told["moment"])
    if told["what"] == "revoke":
        revoke(store, [bytes.fromhex(told["whom"])], "stolen")
    else:
        person = Change("young_person", told["person"], {"alias": "Reiher"})
        store.write([person, Change("encounter", new_id(told["now"]), {"site": SITE, "at": told["at"]})])


def main() -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            work(json.loads(line))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print("killed" if os.WIFSIGNALED(status) else "done" if status == 0 else "failed", flush=True)


if __name__ == "__main__":
    main()
