"""What came, on its way to the screen while the profile is open: opened with the keys, projected, told to listeners."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TypeVar

from goes_mobile.protocol.clock import TOLERANCE_MS, HybridClock, millis
from goes_mobile.protocol.problems import Locked
from goes_mobile.store import snapshot
from goes_mobile.store.arrivals import Arrivals
from goes_mobile.store.carrying import Carrying
from goes_mobile.store.identity import Clock, Identity
from goes_mobile.store.journal import Journal
from goes_mobile.store.keys import KeyStore
from goes_mobile.store.late import Moved
from goes_mobile.store.opening import BODY_REASONS, Held, Opener
from goes_mobile.store.projection import Opened, Projection
from goes_mobile.store.search import Search
from goes_mobile.vault.boxes import Box
from goes_mobile.vault.keyring import Keyring

Part = TypeVar("Part")
Listener = Callable[[Mapping[str, frozenset[str]]], None]


class Intake(Carrying):
    """The open half of what arrives; :class:`~goes_mobile.store.store.Store` opens, locks, replays, writes and asks."""

    def __init__(self, journal: Journal, identity: Identity, clock: Clock) -> None:
        self._listeners: list[Listener] = []
        self._box: Box | None = None
        self._keys: KeyStore | None = None
        self._projection: Projection | None = None
        self._search: Search | None = None
        self._opener: Opener | None = None
        self._hlc = HybridClock()
        self._tail = 0
        self._whole = True
        """The projection has everything that was handed to it."""
        super().__init__(journal, identity, clock)

    # -- parts that exist only while open -----------------------------------------------------------------------------

    @property
    def locked(self) -> bool:
        return self._box is None

    @property
    def box(self) -> Box:
        return self._need(self._box)

    @property
    def keyring(self) -> Keyring | None:
        """The opened keys; ``None`` while locked."""
        return self._keys.ring if self._keys is not None else None

    @property
    def keys(self) -> Keyring:
        return self._need(self._keys).ring

    @property
    def projection(self) -> Projection:
        return self._need(self._projection)

    @property
    def opener(self) -> Opener:
        return self._need(self._opener)

    @staticmethod
    def _need(part: Part | None) -> Part:
        if part is None:
            raise Locked("locked")
        return part

    # -- keys and arrivals --------------------------------------------------------------------------------------------

    def keep_keys(self, arrivals: Arrivals, again: Arrivals, ledger_changed: bool) -> None:
        if self._keys is None:
            return  # noted in the journal, opened at unlock
        self._keys.learn([*arrivals.keys, *again.keys], self.ledger)
        if ledger_changed:
            self.opener.trust(self.ledger)
            if self._keys.open_groups(self.ledger):
                self._keys.open_pending(self.ledger)

    def take_in(self, arrivals: Arrivals, again: Arrivals) -> Mapping[str, set[str]]:
        if self._projection is None:
            return {}
        rows = [*arrivals.fresh, *again.fresh]
        if arrivals.carried_out.seqs:
            return self.project_anew([*arrivals.carried_out.seqs, *(row.seq for row in rows)])
        opened, held = self.opener.open_all(rows)
        self._hold(held)
        arrivals.held += len(held)
        changed = self._apply(opened)
        if arrivals.keys or again.keys or arrivals.control or again.control:
            for kind, ids in self._rejudge_unopened().items():
                changed.setdefault(kind, set()).update(ids)
        if arrivals.stale:
            self.project_again(arrivals.stale)
        self._tail += len(rows)
        self._announce(changed)
        self.reseal()
        self.hand_on({item.stream for item in (*arrivals.keys, *again.keys)})
        return changed

    def hand_on(self, streams: Collection[bytes]) -> None:
        """Our keys of files that turn out to be closed to us go to those who keep them (the store does it)."""

    def judge_keys(self, streams: Collection[bytes]) -> None:
        if self._keys is not None and streams:
            self._keys.open_pending(self.ledger)
            for stream in streams:
                self._keys.judge(stream, self.ledger)

    def late_moved(self, late: Moved) -> None:
        if self._projection is None or not late:
            return
        changed: dict[str, set[str]] = {}
        if late.withdrawn:
            changed = self._projection.withdraw(sorted(late.withdrawn))
            for kind, records in changed.items():
                self._need(self._search).note(kind, records)
            self._tail += snapshot.TAIL  # the old one was given up
        opened, held = self.opener.open_all(self.journal.by_seq(sorted(late.restored)).values())
        self._hold(held)
        for kind, records in self._apply(opened).items():
            changed.setdefault(kind, set()).update(records)
        self._announce(changed)

    def _rejudge_unopened(self) -> dict[str, set[str]]:
        """Entries held for a key, a role or a newer program: try again with what is known now."""
        opened, _ = self.opener.open_all(self.journal.held_rows(BODY_REASONS))
        if not opened:
            return {}
        with self.journal.noting():
            for item in opened:
                self.journal.hold(item.seq, None)
            self.mark_again([item.seq for item in opened])
        return self._apply(opened)

    def _apply(self, opened: Sequence[Opened]) -> dict[str, set[str]]:
        """The one way into the projection. If it fails half-way, no snapshot is made of what came of it."""
        whole, self._whole = self._whole, False
        changed = self.projection.apply(opened)
        self._witnesses(opened)
        self.blobs.learn(changed)
        for kind, records in changed.items():
            self._need(self._search).note(kind, records)
        now = self.now_ms()
        for item in opened:
            self._hlc.observe(item.operation.hlc, now)
        self._whole = whole
        return changed

    def project_again(self, seqs: Sequence[int]) -> None:
        if self._projection is not None and seqs:
            self._announce(self._apply(self.opener.reopen(seqs)))

    def project_anew(self, seqs: Sequence[int]) -> Mapping[str, set[str]]:
        """After bodies and keys were taken: what is in memory is made again from what is left (the store does it)."""
        return {}

    def _hold(self, held: Sequence[Held]) -> None:
        if held:
            with self.journal.noting():
                for item in held:
                    self.journal.hold(item.seq, item.reason)
                self.examine(item.seq for item in held if item.reason == "damaged")

    def _witnesses(self, opened: Sequence[Opened]) -> None:
        """What colleagues' devices say they have seen; the newest entry of each (stream, device) tells."""
        newest: dict[tuple[bytes, bytes], int] = {}
        for item in opened:
            if item.seen and item.device != self.device:
                key = (item.stream, item.device)
                newest[key] = max(item.seen, newest.get(key, 0))
        for (stream, device), position in newest.items():
            self.projection.witness(stream, device, position)

    # -- a wrong clock ------------------------------------------------------------------------------------------------

    def clock_restarted(self) -> None:
        self._hlc.restart(self.now_ms())

    def _clock_wrong(self, last_seq: int) -> None:
        highest = 2**48 if self.locked else millis(self._hlc.last)
        self.journal.put("hlc_from", last_seq)
        self.journal.put("hlc_high", max(highest, self.journal.get("hlc_high", 0)))

    def _written_off(self, after_seq: int, truth_ms: int) -> int | None:
        """An operation's id tells what the clock said when it was made."""
        if self._projection is None:
            return None
        own = {row[0] for row in self.journal.db.execute("SELECT seq FROM entry WHERE own=1 AND seq>?", (after_seq,))}
        made = [
            int.from_bytes(op[:6], "big")
            for op, seq in self._projection.db.execute("SELECT op, seq FROM op_ref WHERE seq>?", (after_seq,))
            if seq in own
        ]
        if made and max(made) > truth_ms + TOLERANCE_MS:
            return truth_ms - max(made)
        if made and self._contact_ms is not None and min(made) < self._contact_ms - TOLERANCE_MS:
            return self._contact_ms - min(made)
        return 0

    def ahead_of(self, received: int) -> bool:
        if self.locked:
            return True
        return max(millis(self._hlc.last), int(self.journal.get("hlc_high", 0))) > received + TOLERANCE_MS

    def _all_confirmed(self) -> None:
        if self.journal.get("hlc_high", 0) and not self.journal.outbox(1):
            self.journal.put("hlc_high", 0)

    # -- telling others ---------------------------------------------------------------------------------------------

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Called in the lane after each change with the changed records per kind; returns how to stop it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _announce(self, changed: Mapping[str, Iterable[str]]) -> None:
        if changed:
            told = {kind: frozenset(ids) for kind, ids in changed.items()}
            for listener in list(self._listeners):
                listener(told)
