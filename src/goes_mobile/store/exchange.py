"""The store's side of synchronisation: what waits, what was confirmed, what came. Most of it works while locked."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from goes_mobile.protocol import wire
from goes_mobile.protocol.clock import TOLERANCE_MS
from goes_mobile.protocol.entry import NO_HASH, ChainId, Witness, decode
from goes_mobile.protocol.entry import running as step
from goes_mobile.protocol.ledger import Ledger
from goes_mobile.protocol.packing import pack, unpack
from goes_mobile.protocol.problems import GoesError
from goes_mobile.protocol.streams import CONTROL
from goes_mobile.store.calm import undisturbed
from goes_mobile.store.chains import Chains
from goes_mobile.store.identity import Clock, Identity
from goes_mobile.store.journal import Journal, Row
from goes_mobile.store.model import ClockSlip, Counts, Finding, Held, Received, Waiting
from goes_mobile.store.receiving import Arrivals, Receiver
from goes_mobile.store.settings import Settings


class Exchange:
    """Everything that needs no open key. :class:`~goes_mobile.store.store.Store` adds the people's side."""

    def __init__(self, journal: Journal, identity: Identity, clock: Clock) -> None:
        self.journal = journal
        self.identity = identity
        self.organisation = identity.organisation
        self.device = identity.device
        self.control = CONTROL.id(identity.organisation)
        self.ledger = Ledger(identity.organisation)
        self.chains = Chains(journal, identity.organisation)
        self._clock = clock
        self._offset_ms = int(journal.get("clock_offset", 0))
        self.settings = Settings(journal)
        self._receiver = Receiver(journal, identity.organisation)
        self.read_control()

    # -- time ---------------------------------------------------------------------------------------------------

    def now_ms(self) -> int:
        """The best this device knows: its clock, corrected by what the server taught it."""
        return self._clock() + self._offset_ms

    def learn_time(self, server_ms: int, round_trip_ms: int) -> None:
        """The server's time. Beyond five minutes our clock counts as wrong, and what it wrote is remembered."""
        offset = server_ms + round_trip_ms // 2 - self._clock()
        offset = offset if abs(offset) > TOLERANCE_MS else 0
        slipped = offset - self._offset_ms
        last = self.journal.count("SELECT max(seq) FROM entry WHERE own=1")
        with self.journal.transaction():
            self.journal.put("last_contact", server_ms)
            if abs(slipped) > TOLERANCE_MS:
                slips = self.journal.get("clock_slips", [])
                after = self.journal.get("clock_good_until", 0)
                if last > after:
                    slips.append([after, last, slipped])
                self.journal.put("clock_slips", slips)
                self.journal.put("clock_offset", offset)
            self.journal.put("clock_good_until", last)
        if abs(slipped) > TOLERANCE_MS:
            self._offset_ms = offset
            self.clock_restarted()

    def clock_restarted(self) -> None:
        """The hybrid clock starts anew from the true time (the store's open half has it)."""

    def clock_slips(self) -> list[ClockSlip]:
        """Spans of own entries written by a wrong clock, whose times people are asked to correct."""
        return [ClockSlip(*slip) for slip in self.journal.get("clock_slips", [])]

    def settle_clock_slips(self) -> None:
        """The times have been corrected, or are right as they are."""
        self.journal.put("clock_slips", [])

    # -- sending ------------------------------------------------------------------------------------------------

    def waiting(self, max_entries: int = 500, max_bytes: int = 1 << 20, after_seq: int = 0) -> list[Waiting]:
        """The next entries to deliver, in the order they were written."""
        batch: list[Waiting] = []
        size = 0
        for seq, entry_hash, raw in self.journal.outbox(max_entries, after_seq):
            size += len(raw)
            if batch and size > max_bytes:
                break
            batch.append(Waiting(seq, entry_hash, raw))
        return batch

    def confirm(self, receipts: wire.Receipts, blob: bytes) -> None:
        """The server has these, and signed for it."""
        stale: list[int] = []
        with self.journal.transaction():
            self.journal.db.execute("INSERT INTO receipt (signed) VALUES (?)", (blob,))
            believed = self._latest_believed()
            for entry_hash, number, position, received in receipts.items:
                seq = self.journal.place(entry_hash, number, position, received)
                if seq is not None and received < believed:
                    stale.append(seq)
            streams = self._streams_of([item[0] for item in receipts.items])
            self._receiver.advance(dict.fromkeys(streams, (0, b"")))
            for stream in streams:
                self.chains.seen(stream)
            self._mark_again(stale)
        self.project_again(stale)

    def _streams_of(self, hashes: Sequence[bytes]) -> set[bytes]:
        found: set[bytes] = set()
        for start in range(0, len(hashes), 500):
            part = hashes[start : start + 500]
            sql = f"SELECT DISTINCT stream FROM entry WHERE hash IN ({','.join('?' * len(part))})"
            found.update(row[0] for row in self.journal.db.execute(sql, part))
        return found

    def _latest_believed(self) -> int:
        """A receipt before this corrects what was sealed with a clock that ran ahead (ms); after a slip, any may."""
        return sys.maxsize if self.journal.get("clock_slips") else self._clock() - TOLERANCE_MS

    def _mark_again(self, seqs: Sequence[int]) -> None:
        self.journal.db.executemany("INSERT OR IGNORE INTO again VALUES (?)", [(seq,) for seq in seqs])

    def project_again(self, seqs: Sequence[int]) -> None:
        """Receipt times of own entries became known (the store's open half projects them again)."""

    def gap(self, gap: wire.Gap) -> None:
        """The server lacks earlier entries of a chain: they wait again."""
        with self.journal.transaction():
            self.journal.requeue(
                "stream=? AND device=? AND run=? AND n>=? AND held IS NULL", (gap.stream, gap.device, gap.run, gap.n)
            )

    def refused(self, entry_hash: bytes, code: str) -> None:
        """The server can never take this entry. Its chain is closed and what it held is sealed again in a new one."""
        row = self.journal.db.execute("SELECT seq, raw, own FROM entry WHERE hash=?", (entry_hash,)).fetchone()
        if row is None:
            return
        with self.journal.transaction():
            self.journal.db.execute("DELETE FROM outbox WHERE seq=?", (row[0],))
            self._find("entry_refused", {"reason": code})
            if not row[2] or code == "size":
                self.journal.hold(row[0], f"refused_{code}")
                return
            header = decode(row[1]).header
            self._retire(header.chain, header.n, code)
        self.reseal()

    def _retire(self, chain: ChainId, n: int, reason: str) -> None:
        """Close a chain; its waiting entries from ``n`` on are held until they are sealed again."""
        self.chains.renew(chain, reason)
        rows = self.journal.db.execute(
            "SELECT seq FROM entry WHERE stream=? AND device=? AND run=? AND n>=? AND number IS NULL",
            (chain.stream, chain.device, chain.run, n),
        ).fetchall()
        for (seq,) in rows:
            self.journal.hold(seq, "reseal")
            self.journal.db.execute("DELETE FROM outbox WHERE seq=?", (seq,))

    def reseal(self) -> None:
        """Seal held own entries again (needs keys; the store's open half does it, at unlock at the latest)."""

    # -- receiving ----------------------------------------------------------------------------------------------

    def cursor(self) -> wire.Cursor:
        incarnation, number, running = self.journal.get("cursor", [b"", 0, b""])
        return wire.Cursor(incarnation=incarnation, number=number, hash=running)

    def _set_cursor(self, cursor: wire.Cursor) -> None:
        self.journal.put("cursor", [cursor.incarnation, cursor.number, cursor.hash])

    def receive(self, entries: Sequence[wire.RemoteEntry], heads: Sequence[wire.Head],
                cursor: wire.Cursor | None) -> Received:  # fmt: skip
        """Verify and append what was pulled or back-filled; the cursor moves in the same transaction."""
        with undisturbed():
            return self._receive(entries, heads, cursor)

    def _receive(self, entries: Sequence[wire.RemoteEntry], heads: Sequence[wire.Head],
                 cursor: wire.Cursor | None) -> Received:  # fmt: skip
        version = self.ledger.version
        try:
            with self.journal.transaction():
                arrivals = self._receiver.take(entries, self.ledger)
                if arrivals.control:
                    self.read_control()
                again = self._receiver.rejudge_chains(self.ledger) if self._worth_rejudging(arrivals) else Arrivals()
                claims = {head.stream: (head.position, head.running) for head in heads}
                missing, findings = self._receiver.advance(claims)
                if cursor is not None:
                    self._set_cursor(cursor)
                for code, facts in [*arrivals.findings, *findings]:
                    self._find(code, facts)
                for stream in claims:
                    self.chains.seen(stream)
                self._mark_again(arrivals.stale)
                self.keep_keys(arrivals, again, self.ledger.version != version)
        except BaseException:
            self.chains.forget()
            self.read_control()
            raise
        changed = self.take_in(arrivals, again)
        return Received(
            new=len(arrivals.fresh) + len(arrivals.keys), held=arrivals.held,
            changed={kind: frozenset(ids) for kind, ids in changed.items()},
            gaps=tuple((stream, self.journal.feed(stream).position) for stream in missing),
            findings=tuple(Finding(self.now_ms(), code, facts) for code, facts in [*arrivals.findings, *findings]),
        )  # fmt: skip

    def _worth_rejudging(self, arrivals: Arrivals) -> bool:
        return bool(arrivals.control or arrivals.fresh or arrivals.keys) and bool(
            self.journal.count("SELECT count(*) FROM entry WHERE held IS NOT NULL")
        )

    def keep_keys(self, arrivals: Arrivals, again: Arrivals, ledger_changed: bool) -> None:
        """Open and keep granted keys, inside the transaction (open half)."""

    def take_in(self, arrivals: Arrivals, again: Arrivals) -> Mapping[str, set[str]]:
        """Open and apply what was appended (open half); while locked it is done at unlock."""
        return {}

    def read_control(self) -> None:
        """The ledger, from the journal: placed entries in the server's order, then what has not yet been placed."""
        ledger = Ledger(self.organisation)
        for row in self.journal.stream_raw(self.control):
            if row.held is None:
                ledger.apply(decode(row.raw))
        self.ledger = ledger

    def control_entries(self) -> list[bytes]:
        """The whole control log as known here, to send again after a restart of the feed."""
        return [row.raw for row in self.journal.stream_raw(self.control) if row.held is None]

    def missing(self) -> list[tuple[bytes, int]]:
        """Streams with a gap, and the position after which to back-fill."""
        return [(s, known.position) for s, (known, head) in self.journal.feeds().items() if head > known.position]

    def heads(self) -> dict[bytes, Witness]:
        """Per stream how far this device knows it without a gap."""
        return {stream: known for stream, (known, _) in self.journal.feeds().items()}

    def feed_restarted(self, cursor: wire.Cursor, heads: Sequence[wire.Head]) -> None:
        """The server starts its feed anew from an older state: what it lacks, own or others', waits again."""
        theirs = {head.stream: head for head in heads}
        with self.journal.transaction():
            for stream, (known, _) in self.journal.feeds().items():
                self._resend_beyond(stream, known, theirs.get(stream))
            self.journal.db.execute("UPDATE entry SET number=NULL")
            self._set_cursor(cursor)
            self._find("feed_restarted", {})
        self.chains.forget()

    def _resend_beyond(self, stream: bytes, known: Witness, head: wire.Head | None) -> None:
        """Keep the part that both have alike; send again all that lies behind it."""
        same = head.position if head and self._running_at(stream, head.position) == head.running else 0
        self.journal.requeue("stream=? AND held IS NULL AND (position IS NULL OR position > ?)", (stream, same))
        self.journal.db.execute("UPDATE entry SET position=NULL WHERE stream=? AND position > ?", (stream, same))
        if known.position > same:
            running = self._running_at(stream, same)
            self.journal.db.execute(
                "UPDATE feed SET position=?, running=?, head=? WHERE stream=?", (same, running or b"", same, stream)
            )

    def _running_at(self, stream: bytes, position: int) -> bytes | None:
        """Our own running hash of a stream at an earlier position."""
        at = Witness()
        for place, entry_hash in self.journal.stream_rows(stream, 0):
            if place > position or place != at.position + 1:
                break
            at = Witness(place, step(at.running, entry_hash, place))
        return at.running if at.position == position else None

    # -- telling ------------------------------------------------------------------------------------------------

    def counts(self) -> Counts:
        count = self.journal.count
        return Counts(
            waiting=count("SELECT count(*) FROM outbox"),
            confirmed=count("SELECT count(*) FROM entry WHERE own=1 AND number IS NOT NULL"),
            held=count("SELECT count(*) FROM entry WHERE held IS NOT NULL"),
            conflicts=self.conflicts(),
            last_contact_ms=self.journal.get("last_contact"),
            clock_offset_ms=self._offset_ms,
        )

    def conflicts(self) -> int:
        """Records with two versions; known only while unlocked."""
        return 0

    def held(self) -> list[Held]:
        held = []
        for row in self.journal.held_rows():
            device = _device(row)
            principal = self.ledger.principals.get(device)
            held.append(Held(row.seq, device, principal.member.hex() if principal else "", row.held or ""))
        return held

    def findings(self) -> list[Finding]:
        """What was noticed, newest first."""
        rows = self.journal.db.execute("SELECT at, code, facts FROM finding ORDER BY id DESC LIMIT 200").fetchall()
        return [Finding(at, code, unpack(facts)) for at, code, facts in rows]

    def _find(self, code: str, facts: Mapping[str, int | str]) -> None:
        self.journal.db.execute(
            "INSERT INTO finding (at, code, facts) VALUES (?,?,?)", (self.now_ms(), code, pack(dict(facts)))
        )


def _device(row: Row) -> bytes:
    try:
        return decode(row.raw).header.device
    except GoesError:
        return NO_HASH[:16]
