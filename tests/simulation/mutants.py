"""Planted bugs: each a mistake that real synchronisation has been shipped with, each to be found by the simulation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from goes_mobile.protocol import wire
from goes_mobile.protocol.clock import join
from goes_mobile.protocol.entry import Entry
from goes_mobile.protocol.ledger import Principal
from tests.fakes.server import Feed, Judged, Stored
from tests.simulation.disk import Disk, Row
from tests.simulation.local import MemoryLocal, Random, Received


class ForgetfulFeed(Feed):
    """No idempotency: an entry that comes a second time is taken a second time."""

    def _take_part(self, part: list[Entry], now_ms: int, judged: Judged) -> bool:
        again = [entry for entry in part if self._known(entry)]
        judged.receipts += [self._append(entry, now_ms).receipt() for entry in again]
        rest = [entry for entry in part if entry not in again]
        return super()._take_part(rest, now_ms, judged) if rest else True

    def _known(self, entry: Entry) -> bool:
        chain = self.chains.get(entry.header.chain, [])
        return entry.header.n <= len(chain) and chain[entry.header.n - 1].entry.hash == entry.hash


class GappyFeed(Feed):
    """A cursor gap: a number is given out before its row can be seen, and the cursor moves past it."""

    COMMIT_MS = 150

    def scan(self, after: int, limit: int, principal: Principal) -> tuple[list[Stored], int]:
        found, upto = super().scan(after, limit, principal)
        now = self.clock()  # type: ignore[attr-defined]
        return [stored for stored in found if stored.received_ms + self.COMMIT_MS <= now], upto


class WallClockLocal(MemoryLocal):
    """The device's own time instead of the hybrid clock."""

    def tick(self, now_ms: int) -> int:
        return join(self._wall())


class HastyLocal(MemoryLocal):
    """Says "saved" and flushes the journal a moment later: a crash in between loses what was promised."""

    FLUSH_MS = 1000

    def __init__(self, disk: Disk, clock: Callable[[], int], random: Random) -> None:
        self._flushed: Disk | None = None
        super().__init__(disk, clock, random)
        self._flush()

    def _flush(self) -> None:
        self._flushed, self._flushed_at = self.disk.copy(), self._wall()

    def _store(self, entry: Entry, *, own: bool, held: str = "") -> Row:
        if abs(self._wall() - self._flushed_at) > self.FLUSH_MS:
            self._flush()
        return super()._store(entry, own=own, held=held)

    def receive(self, remote: Sequence[wire.RemoteEntry], heads: Sequence[wire.Head],
                cursor: wire.Cursor | None) -> Received:  # fmt: skip
        received = super().receive(remote, heads, cursor)
        self._flush()
        return received

    def after_power_cut(self) -> Disk:
        assert self._flushed is not None
        return self._flushed


@dataclass(frozen=True)
class Mutant:
    """Which parts are replaced by faulty ones."""

    feed: type[Feed] = Feed
    local: Any = MemoryLocal
    base: Any = MemoryLocal  # what the organisation is set up with


NONE = Mutant()
MUTANTS = {
    "no_idempotency": Mutant(feed=ForgetfulFeed),
    "wall_clock": Mutant(local=WallClockLocal),
    "acknowledge_before_flush": Mutant(local=HastyLocal),
    "cursor_gap": Mutant(feed=GappyFeed),
}
