"""A process that changes a PIN, enrols or recovers a device, and is killed before a durable step of it.

Reads `pin STEP HOME OLD NEW`, `enrol STEP HOME URL CODE` or `recover STEP HOME URL SHEET` a line; a forked child does
it and dies before its STEP-th durable step, as a tablet whose battery is taken out. Answers `done`, `killed` or
`failed`.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from goes_mobile.app import desktop, make_profile
from goes_mobile.protocol.codes import RecoverySheet
from goes_mobile.state.doorway import Doorway
from goes_mobile.store import disk
from goes_mobile.store.store import Store
from goes_mobile.sync import recovery
from goes_mobile.vault.lock import FLOOR

SECRET, BOUND = "eine lange Passphrase", b"d" * 32


def die_before(step: int) -> None:
    """From now on each commit, each write outside a transaction and each renaming is a step."""
    taken = 0

    def count() -> None:
        nonlocal taken
        taken += 1
        if taken == step:
            os.kill(os.getpid(), signal.SIGKILL)

    execute, rename = disk.Cursor.execute, os.replace

    def executed(self: disk.Cursor, sql: str, parameters: Any = ()) -> disk.Cursor:
        word = sql.split(None, 1)[0].upper()
        if word == "COMMIT" or (word in ("INSERT", "UPDATE", "DELETE") and not self.connection.in_transaction):
            count()
        return execute(self, sql, parameters)

    def renamed(*places: Any, **more: Any) -> None:
        count()
        rename(*places, **more)

    disk.Cursor.execute = executed  # type: ignore[method-assign]
    os.replace = renamed


def change_pin(step: int, home: str, old: str, new: str) -> None:
    store = Store.open(Path(home), desktop().clock)
    store.unlock(old, BOUND)
    die_before(step)
    store.gate.change(old, new, BOUND, FLOOR)


def enrol(step: int, home: str, url: str, code: str) -> None:
    parts = replace(desktop(), lock_cost=FLOOR)

    async def go() -> None:
        profile = make_profile(Path(home), parts)
        await Doorway(parts).enrol(profile, url, code, SECRET)
        await profile.close()

    die_before(step)
    asyncio.run(go())


def recover(step: int, home: str, url: str, sheet: str) -> None:
    """Dies once the server has its certificate (0), before the keys are handed out (1), or before that is sent (2)."""
    parts = replace(desktop(), lock_cost=FLOOR)
    push_of, hand_out = recovery.push_of, recovery.hand_out

    def die(*_: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    async def pushed(*arguments: Any) -> None:
        await push_of(*arguments)
        die()

    def handed_out(*arguments: Any) -> None:
        hand_out(*arguments)
        die()

    name, instead = (("push_of", pushed), ("hand_out", die), ("hand_out", handed_out))[step]
    setattr(recovery, name, instead)
    profile = make_profile(Path(home), parts)
    asyncio.run(Doorway(parts).recover(profile, url, RecoverySheet(bytes.fromhex(sheet)), SECRET))


WORK: dict[str, Callable[..., None]] = {"pin": change_pin, "enrol": enrol, "recover": recover}


def main() -> None:
    for line in sys.stdin:
        what, step, *rest = line.split()
        child = os.fork()
        if child == 0:
            try:
                WORK[what](int(step), *rest)
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print("killed" if os.WIFSIGNALED(status) else "failed" if status else "done", flush=True)


if __name__ == "__main__":
    main()
