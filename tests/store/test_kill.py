"""Power cuts: a process that writes is killed at any moment, again and again; what it acknowledged is never missing."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from goes_mobile.protocol.entry import ChainEnd, by_chain, decode, verified_length
from goes_mobile.store import snapshot
from goes_mobile.store.store import Store
from tests.bench.profiles import SECRET, clock, found

ROUNDS = 60
pytestmark = [pytest.mark.processes, pytest.mark.timeout(300)]


class Writer:
    """The forking process and its lines."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.store.killing"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._rest = b""

    def lines(self, wait_s: float) -> Iterator[list[str]]:
        """What is said from now on, until nothing more is said for a while."""
        assert self._process.stdout is not None
        while select.select([self._process.stdout], [], [], wait_s)[0]:
            said = os.read(self._process.stdout.fileno(), 65536)
            if not said:
                return
            *whole, self._rest = (self._rest + said).split(b"\n")
            yield from (line.decode().split() for line in whole)

    def begin(self, home: Path) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{home}\n".encode())
        self._process.stdin.flush()

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.kill()
        self._process.wait()


def one_round(writer: Writer, home: Path, dice: random.Random) -> list[str]:
    """Let it write, kill it after a random number of words, in the middle of what comes then; what it acknowledged."""
    writer.begin(home)
    acknowledged: list[str] = []
    pid, left = 0, dice.randrange(0, 12)
    for line in writer.lines(wait_s=60):
        if line[0] == "open":
            pid = int(line[1])
        elif line[0] == "saved":
            acknowledged += line[1:]
            left -= 1
        if line[0] == "ended":
            return acknowledged
        if pid and left <= 0:
            os.kill(pid, signal.SIGKILL)  # it goes on writing until this moment, whatever we have read
            pid = 0
    raise AssertionError("the writer fell silent")


def picture(store: Store) -> list[tuple[object, ...]]:
    return store.projection.db.execute("SELECT * FROM encounter ORDER BY id").fetchall()


def test_nothing_acknowledged_is_missing_after_sixty_kills(tmp_path: Path) -> None:
    home, dice = tmp_path / "tablet", random.Random(20)
    found(home).close()
    acknowledged: list[str] = []
    writer = Writer()
    try:
        for _ in range(ROUNDS):
            acknowledged += one_round(writer, home, dice)
    finally:
        writer.close()
    store = Store.open(home, clock)
    store.unlock(SECRET)
    shown = picture(store)
    assert len(acknowledged) > ROUNDS
    assert set(acknowledged) <= {str(row[0]) for row in shown}
    assert store.held() == []

    entries = [decode(raw) for (raw,) in store.journal.db.execute("SELECT raw FROM entry WHERE own=1 ORDER BY seq")]
    for chain, part in by_chain(entries).items():
        author = store.ledger.principals[chain.device]
        assert verified_length(ChainEnd(), part, author.sign) == len(part)

    store.close()
    snapshot.drop(home)
    again = Store.open(home, clock)
    again.unlock(SECRET)
    assert picture(again) == shown
    again.close()
