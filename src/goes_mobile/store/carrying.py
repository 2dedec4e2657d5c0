"""Parcels: what waits leaves as a file, and what came as a file is kept, opened and delivered like everything else.

A parcel may say anything, so nothing in it counts but what bears its author's own signature. Entries of streams that
this device reads go the way of all arrivals. Others are *carried*: they lie here sealed, are sent to the server, and
are forgotten when it has confirmed them. An author whose certificate has not come yet makes an entry *unproven*: it
waits here, and is judged when the control log grows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from goes_mobile.protocol import clear, parcel, wire
from goes_mobile.protocol.entry import CLEAR, Entry, decode
from goes_mobile.protocol.problems import Malformed
from goes_mobile.store.arrivals import CARRIED, UNPROVEN
from goes_mobile.store.exchange import Exchange
from goes_mobile.store.model import Parcel, Received, Unpacked


@dataclass
class _Sorted:
    """A parcel's entries by what becomes of them."""

    ours: list[Entry] = field(default_factory=list)
    carried: list[Entry] = field(default_factory=list)
    unproven: list[Entry] = field(default_factory=list)
    known: int = 0
    refused: int = 0


class Carrying(Exchange):
    """Works while locked: what is sealed is sent and taken sealed, and opened when somebody unlocks."""

    def make_parcel(self) -> Parcel:
        """All that waits for delivery here, written by this device or carried for others. It goes on waiting: only the
        server's receipt ends that."""
        raws: list[bytes] = []
        last = 0
        while batch := self.waiting(after_seq=last):
            raws += [waiting.raw for waiting in batch]
            last = batch[-1].seq
        return Parcel(parcel.make(self.organisation, raws), len(raws))

    def take_parcel(self, content: bytes) -> Unpacked:
        """Keep what is new in a parcel; see :func:`goes_mobile.protocol.parcel.read` for what is none. Taken twice it
        changes nothing, and one that a power cut interrupted is simply taken again."""
        told = self._take(parcel.read(content, self.organisation))
        if told.refused:
            with self.journal.transaction():
                self.find("parcel_forged", {})
        return told

    def receive(
        self, entries: Sequence[wire.RemoteEntry], heads: Sequence[wire.Head], cursor: wire.Cursor | None
    ) -> Received:
        version = self.ledger.version
        received = super().receive(entries, heads, cursor)
        if self.ledger.version != version:
            self._take_unproven()
        return received

    def carries(self) -> bool:
        """Whether anything waits here that others wrote."""
        return self.journal.count("SELECT EXISTS (SELECT 1 FROM outbox CROSS JOIN entry USING (seq) WHERE own=0)") > 0

    # -- taking in --------------------------------------------------------------------------------------------------

    def _take(self, raws: Sequence[bytes]) -> Unpacked:
        """The control log first: it says who the authors of the rest are."""
        version = self.ledger.version
        entries, refused = self._decode(raws)
        control = self._sort([entry for entry in entries if entry.header.stream == self.control])
        held = self._take_sorted(control)
        rest = self._sort([entry for entry in entries if entry.header.stream != self.control])
        held += self._take_sorted(rest)
        if self.ledger.version != version:
            self._take_unproven()
        reasons = self._receiver.places.reasons([entry.hash for entry in [*control.unproven, *rest.unproven]])
        held += sum(reason == UNPROVEN for reason in reasons.values())
        doubled = len(raws) - refused - len(entries)
        known, carried = control.known + rest.known + doubled, len(rest.carried)
        refused += control.refused + rest.refused
        return Unpacked(len(raws), len(raws) - known - carried - held - refused, known, carried, held, refused)

    def _take_unproven(self) -> None:
        """The control log has grown: there may be a certificate for what waited for one."""
        waiting = [row.raw for row in self.journal.held_rows((UNPROVEN,))]
        if waiting:
            self._take(waiting)

    def _decode(self, raws: Sequence[bytes]) -> tuple[list[Entry], int]:
        """Each entry once. A body that nobody ordered away was taken out by whoever had the parcel in hand; the
        author's device still has the whole, so nothing is lost by leaving it."""
        entries: dict[bytes, Entry] = {}
        refused = 0
        for raw in raws:
            try:
                entry = decode(raw)
            except Malformed:
                refused += 1
                continue
            stripped = entry.body is None and not self.ledger.removed(entry.header.stream, entry.hash)
            if stripped or entry.header.organisation != self.organisation:
                refused += 1
            else:
                entries[entry.hash] = entry
        return [*entries.values()], refused

    def _sort(self, entries: Sequence[Entry]) -> _Sorted:
        found = _Sorted()
        here = self._receiver.places.reasons([entry.hash for entry in entries])
        readable = self._readable(entries)
        for entry in entries:
            stream, held = entry.header.stream, here.get(entry.hash, "")
            key = self.ledger.signing_key(entry)
            if held not in ("", CARRIED, UNPROVEN):
                found.known += 1
            elif key is None:
                found.unproven.append(entry)
            elif not entry.signed_by(key):
                found.refused += 1
                if held == UNPROVEN:
                    self._receiver.places.forget([entry.hash])
            elif stream in readable:
                found.ours.append(entry)
            elif held == CARRIED:
                found.known += 1
            else:
                found.carried.append(entry)
        return found

    def _readable(self, entries: Sequence[Entry]) -> set[bytes]:
        """Of these entries' streams those that were ever opened to this device; the records that say so are signed, not
        secret, so this is known while locked too."""
        mine = {self.device, *self.ledger.ever_in(self.device)}
        readable = {self.control}
        for stream in {entry.header.stream for entry in entries} - readable:
            here = [row.raw for row in self.journal.clear_rows(stream)]
            came = [e.raw for e in entries if e.header.stream == stream and e.header.suite == CLEAR]
            if any(_opens(raw, mine) for raw in [*here, *came]):
                readable.add(stream)
        return readable

    def _take_sorted(self, found: _Sorted) -> int:
        """How many of those that this device reads are held."""
        with self.journal.transaction():
            self._receiver.places.keep(found.carried, CARRIED)
            self._receiver.places.keep(found.unproven, UNPROVEN)
        return self.take_unplaced([entry.raw for entry in found.ours]).held if found.ours else 0


def _opens(raw: bytes, mine: set[bytes]) -> bool:
    """Whether a key record of a stream grants to one of these."""
    try:
        record = clear.decode(decode(raw).body or b"")
    except Malformed:
        return False
    return isinstance(record, clear.Epoch | clear.Grant) and any(grant.to in mine for grant in record.grants)
