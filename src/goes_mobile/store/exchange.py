"""The store's side of synchronisation: what waits, what was confirmed, what came. Most of it works while locked."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from goes_mobile.protocol import wire
from goes_mobile.protocol.entry import CLEAR, NO_HASH, Witness, decode, intact
from goes_mobile.protocol.problems import CannotWrite, GoesError
from goes_mobile.store import redaction
from goes_mobile.store.arrivals import AGAIN, CARRIED, Arrivals, Remote
from goes_mobile.store.calm import undisturbed
from goes_mobile.store.feeds import advance
from goes_mobile.store.identity import Clock, Identity
from goes_mobile.store.journal import Journal, Row
from goes_mobile.store.late import DECLINED, LATE, NOTHING_NEW, Mark, Moved, judge
from goes_mobile.store.mending import Mending
from goes_mobile.store.model import Counts, Finding, Held, Received, Waiting
from goes_mobile.store.receiving import Receiver

_PUT_ASIDE = "('sealed_again', 'reseal', 'damaged', 'fork')"
"""Held for reasons that make an entry useless to anybody else."""
_SETTLED = ("sealed_again", CARRIED, DECLINED)
"""Held for reasons that ask nothing of anybody."""
_HELD = f"held IS NOT NULL AND held NOT IN {_SETTLED} AND NOT (held = '{LATE}' AND suite = {CLEAR})"
"""What people wait for: not what is settled, and not the keys that come along with late work."""


class Exchange(Mending):
    """Everything that needs no open key. :class:`~goes_mobile.store.store.Store` adds the people's side."""

    def __init__(self, journal: Journal, identity: Identity, clock: Clock) -> None:
        super().__init__(journal, identity, clock)
        self._receiver = Receiver(journal, identity.organisation)
        self._counted: tuple[tuple[int, ...], Counts] | None = None

    # -- sending ------------------------------------------------------------------------------------------------

    def waiting(self, max_entries: int = 500, max_bytes: int = 1 << 20, after_seq: int = 0) -> list[Waiting]:
        """The next entries to deliver, in the order they were written; none that the disk has damaged meanwhile."""
        batch: list[Waiting] = []
        damaged: list[int] = []
        size = 0
        for seq, entry_hash, raw, own in self.journal.outbox(max_entries, after_seq):
            if not intact(raw, entry_hash):
                damaged.append(seq)
                continue
            size += len(raw)
            if batch and size > max_bytes:
                break
            batch.append(Waiting(seq, entry_hash, raw, bool(own)))
        if damaged:
            self.examine(damaged)
            return self.waiting(max_entries, max_bytes, after_seq)
        return batch

    def confirm(self, receipts: wire.Receipts, blob: bytes) -> None:
        """The server has these, and signed for it."""
        with self.journal.transaction():
            self.journal.db.execute("INSERT INTO receipt (signed) VALUES (?)", (blob,))
            confirmed = self._receiver.places.confirmed(receipts.items)
            ahead = {received: self.ahead_of(received) for received in {received for _, received in confirmed}}
            stale = [here.seq for here, received in confirmed if ahead[received] or here.held in AGAIN or not here.own]
            streams = {here.stream for here, _ in confirmed}
            advance(self.journal, self._receiver.witnesses, dict.fromkeys(streams, (0, b"")))
            for stream in streams:
                self.chains.seen(stream)
            self.mark_again(stale)
            late = self._placed_late([here.seq for here, _ in confirmed if here.held == LATE])
            self._all_confirmed()
        self.project_again(stale)
        self.late_moved(late)

    def _placed_late(self, seqs: Collection[int]) -> Moved:
        """What came by parcel is late while it has no place; the server may have had it long before the revocation."""
        if not seqs:
            return Moved()
        late = self.judge_late(Mark.of(self.ledger), NOTHING_NEW, seqs)
        self.judge_keys(late.keys)
        return late

    def ahead_of(self, received: int) -> bool:
        """Whether what was sealed here may carry a time that the server's receipt corrects."""
        return True  # nobody can tell while locked

    def _all_confirmed(self) -> None:
        """Forget, inside the transaction, how far ahead the clock once was, when nothing of that time waits."""

    def mark_again(self, seqs: Sequence[int]) -> None:
        """A snapshot that reaches beyond these entries was written before they became what they are."""
        self.journal.db.executemany("INSERT OR IGNORE INTO again VALUES (?)", [(seq,) for seq in seqs])

    def project_again(self, seqs: Sequence[int]) -> None:
        """Receipt times of own entries became known (the store's open half projects them again)."""

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

    def take_unplaced(self, raws: Sequence[bytes]) -> Received:
        """The same for entries that did not come from the server: it has to be sent them too."""
        with undisturbed():
            return self._receive([(None, None, None, raw) for raw in raws], (), None)

    def _receive(self, entries: Sequence[Remote], heads: Sequence[wire.Head],
                 cursor: wire.Cursor | None) -> Received:  # fmt: skip
        version, before = self.ledger.version, Mark.of(self.ledger)
        try:
            with self.journal.transaction():
                arrivals = self._receiver.take(entries, self.ledger)
                if arrivals.control:
                    self.read_control()
                again = self._judge_again(arrivals)
                late = self._judge_late(before, arrivals, again)
                claims = {head.stream: (head.position, head.running) for head in heads}
                missing, findings = advance(self.journal, self._receiver.witnesses, claims, arrivals.streams)
                findings = [*arrivals.findings, *again.findings, *findings]
                if (claims or cursor) and arrivals.streams - claims.keys():
                    findings.append(("head_withheld", {}))  # else nobody could tell what was left out there
                if cursor is not None:
                    self._set_cursor(cursor)
                for code, facts in findings:
                    self.find(code, facts)
                self.mark_again(arrivals.stale)
                ledger_changed = self.ledger.version != version or arrivals.control or again.control
                self.keep_keys(arrivals, again, ledger_changed)
                self.judge_keys(late.keys)
                if ledger_changed:
                    arrivals.carried_out = redaction.carry_out(self.journal, self.ledger)
        except BaseException:
            self.undo()
            raise
        for stream in {*claims, *arrivals.streams}:
            self.chains.seen(stream)
        if self.device in arrivals.devices:
            self.chains.forget()  # a profile that was restored from an older copy learns what it wrote since
        self.scrub()
        changed = self.take_in(arrivals, again)
        self.late_moved(late)
        return Received(
            new=len(arrivals.fresh) + len(arrivals.keys), held=arrivals.held,
            changed={kind: frozenset(ids) for kind, ids in changed.items()},
            gaps=tuple((stream, self.journal.feed(stream).position) for stream in missing),
            findings=tuple(Finding(self.now_ms(), code, facts) for code, facts in findings),
        )  # fmt: skip

    def scrub(self) -> None:
        """What orders took away leaves the disk altogether. On a full one: at the next contact or start, and until then
        without a proof."""
        with contextlib.suppress(CannotWrite):
            redaction.scrub(self.journal)

    def _judge_again(self, arrivals: Arrivals) -> Arrivals:
        """What was held for its author or its chain, until nothing moves any more: a certificate may be among it."""
        again = Arrivals()
        if not (arrivals.news and self.journal.any_held()):
            return again
        while self._receiver.rejudge(self.ledger, again):
            if again.certified:
                again.certified = False
                self.read_control()
        return again

    def _judge_late(self, before: Mark, arrivals: Arrivals, again: Arrivals) -> Moved:
        """What came of whom is revoked is kept apart, before any of it is opened."""
        others = {row.seq for row in again.fresh} | {item.seq for item in again.keys} | arrivals.late
        late = self.judge_late(before, arrivals.first_seq, others)
        for batch in (arrivals, again):
            arrivals.held += sum(row.seq in late.withdrawn for row in batch.fresh)
            batch.fresh = [row for row in batch.fresh if row.seq not in late.withdrawn]
        late.withdrawn -= others | set(range(arrivals.first_seq, arrivals.next_seq))
        return late

    def judge_late(self, before: Mark, first_seq: int, others: Collection[int] = ()) -> Moved:
        """See :mod:`goes_mobile.store.late`; inside a transaction."""
        return judge(self.journal, self.ledger, before, self.device, self.control, first_seq, others)

    def judge_keys(self, streams: Collection[bytes]) -> None:
        """Which keys of these streams count has changed (open half; inside the transaction)."""

    def late_moved(self, late: Moved) -> None:
        """Entries count no longer, or again (open half; while locked it is done at unlock)."""

    def undo(self) -> None:
        """A transaction was rolled back: what is in memory must not know more than the disk."""
        self.chains.forget()
        self._receiver.witnesses.forget()
        self.read_control()

    def keep_keys(self, arrivals: Arrivals, again: Arrivals, ledger_changed: bool) -> None:
        """Open and keep granted keys, inside the transaction (open half)."""

    def take_in(self, arrivals: Arrivals, again: Arrivals) -> Mapping[str, set[str]]:
        """Open and apply what was appended (open half); while locked it is done at unlock."""
        return {}

    def missing(self) -> list[tuple[bytes, int]]:
        """Streams with a gap, and the position after which to back-fill."""
        return self.journal.db.execute("SELECT stream, position FROM feed WHERE head > position").fetchall()

    def reached(self, stream: bytes) -> Witness:
        """How far this device knows a stream without a gap."""
        return self.journal.feed(stream)

    def feed_restarted(self, cursor: wire.Cursor, heads: Sequence[wire.Head]) -> None:
        """The server starts its feed anew from an older state: what it lacks, own or others', waits again."""
        theirs = {head.stream: head for head in heads}
        with self.journal.transaction():
            feeds = self.journal.feeds()
            for (stream,) in self.journal.db.execute("SELECT DISTINCT stream FROM entry").fetchall():
                self._resend_beyond(stream, feeds.get(stream, (Witness(), 0))[0], theirs.get(stream))
            self.journal.db.execute("UPDATE entry SET number=NULL")
            self.blobs.feed_restarted()
            self._set_cursor(cursor)
            self.find("feed_restarted", {})
        self.chains.forget()
        self._receiver.witnesses.forget()

    def _resend_beyond(self, stream: bytes, known: Witness, head: wire.Head | None) -> None:
        """Keep the part that both have alike; send again all that lies behind it."""
        same = min(head.position, known.position) if head else 0
        running = self.running_at(stream, same)
        if head is None or running is None or (same == head.position and running != head.running):
            same, running = 0, b""
        self.journal.requeue(
            f"stream=? AND (held IS NULL OR held NOT IN {_PUT_ASIDE} AND held NOT LIKE 'refused%')"
            " AND (position IS NULL OR position > ?)",
            (stream, same),
        )
        self.journal.db.execute("UPDATE entry SET position=NULL WHERE stream=? AND position > ?", (stream, same))
        self.journal.db.execute(
            "UPDATE feed SET position=?, running=?, head=? WHERE stream=?", (same, running, same, stream)
        )

    # -- telling ------------------------------------------------------------------------------------------------

    def counts(self) -> Counts:
        """Counted again only after something was written. What waits and what is confirmed is what people saved: keys,
        certificates and what the program notes by itself go along with it."""
        moved = self._moved()
        if self._counted is None or self._counted[0] != moved:
            self._counted = (moved, self._count())
        return replace(self._counted[1], last_contact_ms=self._contact_ms, clock_offset_ms=self._offset_ms)

    def _moved(self) -> tuple[int, ...]:
        """Changes with every row that is written."""
        return (self.journal.db.total_changes,)

    def _count(self) -> Counts:
        count = self.journal.count
        return Counts(
            waiting=count(
                f"SELECT count(*) FROM outbox CROSS JOIN entry USING (seq) WHERE own=1 AND suite <> {CLEAR}"
                " AND seq NOT IN (SELECT seq FROM trace)"
            ),
            confirmed=count(f"SELECT count(*) FROM entry WHERE own=1 AND suite <> {CLEAR} AND number IS NOT NULL")
            - count("SELECT count(*) FROM trace CROSS JOIN entry USING (seq) WHERE number IS NOT NULL"),
            held=count(f"SELECT count(*) FROM entry WHERE {_HELD}"),
            conflicts=self.conflicts(),
            last_contact_ms=None,
            clock_offset_ms=0,
            carried=count(f"SELECT count(*) FROM outbox CROSS JOIN entry USING (seq) WHERE own=0 AND suite <> {CLEAR}"),
        )

    def at_server(self) -> bool:
        """Whether the server has anything of this device: a key and a certificate are enough."""
        return self.journal.count("SELECT EXISTS (SELECT 1 FROM entry WHERE own=1 AND number IS NOT NULL)") > 0

    def conflicts(self) -> int:
        """Records with two versions; known only while unlocked."""
        return 0

    def held(self) -> list[Held]:
        """What is kept apart, and why."""
        return [self._told(row) for row in self.journal.held_rows(which=_HELD)]

    def _told(self, row: Row) -> Held:
        device = _device(row)
        principal = self.ledger.principals.get(device)
        return Held(row.seq, device, principal.member.hex() if principal else "", row.held or "")


def _device(row: Row) -> bytes:
    try:
        return decode(row.raw).header.device
    except GoesError:
        return NO_HASH[:16]
