"""What comes from elsewhere: verified, appended to the same journal; held, never dropped, where trust is missing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import msgpack

from goes_mobile.protocol import clear
from goes_mobile.protocol.entry import (
    CLEAR,
    ChainEnd,
    Entry,
    by_chain,
    decode,
    followed,
    verified_length,
)
from goes_mobile.protocol.ledger import Ledger
from goes_mobile.protocol.problems import Malformed
from goes_mobile.protocol.streams import CONTROL
from goes_mobile.store.arrivals import AGAIN, CARRIED, CHAIN_REASONS, UNPROVEN, Arrivals, Here, KeyRecord, Place, Remote
from goes_mobile.store.journal import Journal, Row
from goes_mobile.store.places import Places
from goes_mobile.store.witnesses import Witnesses

_PLACELESS = ("damaged", "withheld", "bad_tail")
_APPEND = (
    "INSERT INTO entry (seq, hash, stream, device, run, n, own, suite, number, position, received, held, raw)"
    " VALUES (?,?,?,?,?,?,0,?,?,?,?,?,?)"
)


class Receiver:
    """Verifies and appends. Works while locked too: it needs certificates, no keys."""

    def __init__(self, journal: Journal, organisation: bytes) -> None:
        self._journal = journal
        self._organisation = organisation
        self._control = CONTROL.id(organisation)
        self.places = Places(journal)
        self.witnesses = Witnesses(journal, self._control)

    def take(self, remote: Sequence[Remote], ledger: Ledger) -> Arrivals:
        """Append a batch inside a transaction. ``ledger`` is advanced by control entries in it."""
        arrivals = Arrivals()
        fresh = self._decode(self._learn_places(remote, ledger, arrivals), arrivals)
        arrivals.next_seq = arrivals.first_seq = self._journal.count("SELECT max(seq) FROM entry") + 1
        control = [(e, p) for e, p in fresh if e.header.stream == self._control]
        for entry, place in sorted(control, key=lambda item: item[1][1] or 0):
            self._take_control(entry, place, ledger, arrivals)
        places = {entry.hash: place for entry, place in fresh}
        for part in by_chain([stripped(e, ledger) for e, _ in fresh if e.header.stream != self._control]).values():
            self._take_part(sorted(part, key=lambda e: e.header.n), places, ledger, arrivals)
        self._journal.db.executemany(_APPEND, arrivals.rows)
        self._journal.db.executemany("INSERT INTO outbox VALUES (?)", arrivals.outgoing)
        return arrivals

    # -- taking -----------------------------------------------------------------------------------------------------

    def _learn_places(self, remote: Sequence[Remote], ledger: Ledger, arrivals: Arrivals) -> list[Remote]:
        """What is not here yet. Of the rest (our own entries come back to us): where it lies now, and its bytes if
        ours were damaged or incomplete."""
        hashes = [_identified(item[3]) for item in remote]
        known = self.places.of([entry_hash for entry_hash in hashes if entry_hash])
        if not known:
            return [*remote]
        unknown: list[Remote] = []
        apart: list[bytes] = []
        moved: list[tuple[Any, ...]] = []
        seen: set[int] = set()
        for item, entry_hash in zip(remote, hashes, strict=True):
            here = known.get(entry_hash)
            if here is None or here.held in (CARRIED, UNPROVEN):
                unknown.append(item)
                apart += [entry_hash] if here and entry_hash else []
                continue
            number, position, received, raw = item
            if number is not None and (here.seq in seen or here.place[1] not in (None, position)):
                arrivals.findings.append(("entry_replayed", {"number": number, "was": here.place[0] or 0}))
            if here.seq in seen:
                continue
            seen.add(here.seq)
            arrivals.streams.add(here.stream)
            if here.held in _PLACELESS and not self._mend(here, raw, (number, position, received), ledger, arrivals):
                continue
            if here.place != (number, position, received):
                moved.append((number, position, received, here.seq))
                if here.held == "late":
                    arrivals.late.add(here.seq)
                if here.place[2] != received or here.held in AGAIN:
                    arrivals.stale.append(here.seq)
        self.places.set(moved)
        self.places.forget(apart)
        return unknown

    def _mend(self, here: Here, raw: bytes, place: Place, ledger: Ledger, arrivals: Arrivals) -> bool:
        """Whether what came may take its place in the stream now."""
        if here.held == "bad_tail":
            return False
        try:
            entry = stripped(decode(raw), ledger)
        except Malformed as error:
            self._keep_unread(raw, place, error, arrivals)
            return False
        complete = entry.body is not None or ledger.removed(entry.header.stream, entry.hash)
        if complete:
            self._journal.mend(entry)
            self._accepted(entry, here.seq, place, arrivals)
            arrivals.stale.append(here.seq)
        return complete or here.held == "damaged"

    def _decode(self, remote: Sequence[Remote], arrivals: Arrivals) -> list[tuple[Entry, Place]]:
        placed: dict[bytes, tuple[Entry, Place]] = {}
        for number, position, received, raw in remote:
            try:
                entry = decode(raw)
            except Malformed as error:
                self._keep_unread(raw, (number, position, received), error, arrivals)
                continue
            if entry.header.organisation != self._organisation:
                arrivals.findings.append(("foreign_entry", {"number": number or 0}))
                continue
            if placed.setdefault(entry.hash, (entry, (number, position, received)))[1][1] != position:
                arrivals.findings.append(("entry_replayed", {"number": number or 0}))
            arrivals.streams.add(entry.header.stream)
            arrivals.devices.add(entry.header.device)
        return [*placed.values()]

    def _append(self, entry: Entry, place: Place, held: str | None, arrivals: Arrivals) -> int:
        """Add to what is written at the end of the batch; the seq it will have."""
        header = entry.header
        seq = arrivals.next_seq
        arrivals.next_seq += 1
        if place[0] is None and held in (None, "gap"):  # the server may well have what is missing before it
            arrivals.outgoing.append((seq,))
        arrivals.rows.append(
            (seq, entry.hash, header.stream, header.device, header.run, header.n, header.suite, *place, held, entry.raw)
        )
        return seq

    def _keep_unread(self, raw: bytes, place: Place, error: Malformed, arrivals: Arrivals) -> None:
        """A format of a later version is kept until this program is renewed; what is nobody's entry is not."""
        if error.code != "unknown_format":
            arrivals.findings.append(("malformed_entry", {"number": place[0] or 0}))
            return
        kept = self._journal.db.execute(
            "INSERT OR IGNORE INTO entry"
            " (hash, stream, device, run, n, own, suite, number, position, received, held, raw)"
            " VALUES (?, x'', x'', x'', 0, 0, -1, ?, ?, ?, 'unknown_format', ?)",
            (hashlib.sha256(raw).digest(), *place, raw),
        )
        arrivals.held += kept.rowcount

    def _take_control(self, entry: Entry, place: Place, ledger: Ledger, arrivals: Arrivals) -> None:
        key = ledger.signing_key(entry)
        end = self._journal.end(entry.header.chain)
        if key is None:
            self._hold(entry, place, "unknown_author", arrivals)
        elif (entry.header.n, entry.header.previous) != (end.n + 1, end.hash):
            self._hold(entry, place, _why(entry, end), arrivals)
        elif not entry.signed_by(key):
            self._hold(entry, place, "bad_tail", arrivals)
        else:
            self._accept(entry, place, ledger, arrivals)
            self._journal.set_end(entry.header.chain, ChainEnd(entry.header.n, entry.hash))

    def _take_part(self, part: list[Entry], places: dict[bytes, Place], ledger: Ledger, arrivals: Arrivals) -> None:
        chain = part[0].header.chain
        author = ledger.principals.get(chain.device)
        if author is None:
            for entry in part:
                self._hold(entry, places[entry.hash], "unknown_author", arrivals)
            return
        end = self._journal.end(chain)
        path = followed(end, part, author.sign)
        good = path[: verified_length(end, path, author.sign)]
        for entry in good:
            self._accept(entry, places[entry.hash], ledger, arrivals)
        if good:
            end = ChainEnd(good[-1].header.n, good[-1].hash)
            self._journal.set_end(chain, end)
        if len(good) < len(part):
            counted = {entry.hash for entry in good}
            for entry in part:
                if entry.hash not in counted:
                    self._hold(entry, places[entry.hash], _why(entry, end), arrivals)

    def _accept(self, entry: Entry, place: Place, ledger: Ledger, arrivals: Arrivals) -> None:
        """A verified entry, in its place in its chain. A body that nobody ordered away was withheld: that is told."""
        withheld = entry.body is None and not ledger.removed(entry.header.stream, entry.hash)
        if withheld:
            place = _elsewhere(place)
        seq = self._append(entry, place, "withheld" if withheld else None, arrivals)
        if withheld:
            arrivals.held += 1
            arrivals.findings.append(("body_withheld", {"number": place[0] or 0}))
        else:
            self._accepted(entry, seq, place, arrivals, ledger)

    def _accepted(self, entry: Entry, seq: int, place: Place, arrivals: Arrivals, ledger: Ledger | None = None) -> None:
        """What follows from an entry that counts: the ledger, keys, or something to open."""
        number, position, received = place
        self.witnesses.hear(entry)
        if entry.header.stream == self._control:
            arrivals.control = arrivals.certified = True
            verdict = ledger.apply(entry, position) if ledger else "ok"
            if verdict not in ("ok", "unknown_type"):
                arrivals.findings.append(("control_refused", {"reason": verdict}))
        elif entry.header.suite == CLEAR:
            self._note_keys(entry, seq, arrivals)
        else:
            arrivals.fresh.append(Row(seq, entry.raw, received, number, None))

    def _note_keys(self, entry: Entry, seq: int, arrivals: Arrivals) -> None:
        """Noted on disk until the key is open: it may be granted to a group whose own key has yet to come."""
        try:
            record = clear.decode(entry.body or b"")
        except Malformed:
            return
        if isinstance(record, clear.Epoch | clear.Grant) and record.owner == entry.header.stream:
            arrivals.keys.append(KeyRecord(seq, entry.header.stream, record))
            self._journal.db.execute("INSERT OR IGNORE INTO pending_key VALUES (?)", (seq,))

    def _hold(self, entry: Entry, place: Place, reason: str, arrivals: Arrivals) -> None:
        """What is forged takes nobody's place: the gap is asked for again, until the true entry comes."""
        self._append(entry, _elsewhere(place) if reason == "bad_tail" else place, reason, arrivals)
        arrivals.held += 1
        if reason == "fork":
            arrivals.findings.append(("fork", {"n": entry.header.n}))
        elif place[0] is None:
            return  # by parcel: the server has no part in it
        elif reason == "bad_tail":
            arrivals.findings.append(("entry_forged", {"number": place[0]}))
        elif reason == "unknown_author":
            arrivals.findings.append(("unknown_device", {"number": place[0]}))

    # -- judging again ------------------------------------------------------------------------------------------

    def rejudge(self, ledger: Ledger, again: Arrivals) -> bool:
        """Held for their author, their chain or their body: verify again, in order, with what is known now. Whether
        anything was lifted; then more may be. What the control log gains comes first, and alone."""
        decoded: dict[bytes, tuple[Entry, Row]] = {}
        lifted = False
        for row in self._journal.held_rows(CHAIN_REASONS):
            if row.held == "unknown_format":
                lifted = self._read_at_last(row, ledger, again) or lifted
                continue
            entry = decode(row.raw)
            if row.held != "withheld":
                decoded[entry.hash] = (entry, row)
            elif ledger.removed(entry.header.stream, entry.hash):
                self._journal.hold(row.seq, None)
        parts = by_chain([entry for entry, _ in decoded.values()])
        for chain, part in sorted(parts.items(), key=lambda item: item[0].stream != self._control):
            if again.certified and chain.stream != self._control:
                return True
            lifted = self._rejudge_part(sorted(part, key=lambda e: e.header.n), decoded, ledger, again) or lifted
        return lifted

    def _rejudge_part(self, part: list[Entry], decoded: dict[bytes, tuple[Entry, Row]], ledger: Ledger,
                      again: Arrivals) -> bool:  # fmt: skip
        chain = part[0].header.chain
        key = ledger.signing_key(part[0])
        if key is None:
            return False
        end = self._journal.end(chain)
        path = followed(end, [entry for entry in part if entry.header.n > end.n], key)
        good = path[: verified_length(end, path, key)]
        for entry in good:
            row = decoded[entry.hash][1]
            place = (row.number, None, row.received)
            self._journal.set_end(chain, ChainEnd(entry.header.n, entry.hash))
            if entry.body is None and not ledger.removed(chain.stream, entry.hash):
                self._journal.hold(row.seq, "withheld")
                again.findings.append(("body_withheld", {"number": row.number or 0}))
                continue
            self._journal.hold(row.seq, None)
            self._journal.db.execute("INSERT OR IGNORE INTO again VALUES (?)", (row.seq,))
            self._accepted(entry, row.seq, place, again)
        if not good:
            for entry in part:
                row = decoded[entry.hash][1]
                if row.held == "unknown_author":
                    self._journal.hold(row.seq, _why(entry, end))
        return bool(good)

    def _read_at_last(self, row: Row, ledger: Ledger, again: Arrivals) -> bool:
        """An entry of a format that this program has learnt since."""
        try:
            decode(row.raw)
        except Malformed:
            return False
        [position] = self._journal.db.execute("DELETE FROM entry WHERE seq=? RETURNING position", (row.seq,)).fetchone()
        taken = self.take([(row.number or 0, position or 0, row.received or 0, row.raw)], ledger)
        again.fresh += taken.fresh
        again.keys += taken.keys
        again.findings += taken.findings
        again.control = again.control or taken.control
        again.certified = again.certified or taken.certified
        return True


def stripped(entry: Entry, ledger: Ledger) -> Entry:
    """What comes after an order that takes its body away never reaches the disk whole."""
    if entry.body is None or not ledger.removed(entry.header.stream, entry.hash):
        return entry
    return decode(entry.redacted())


def _identified(raw: bytes) -> bytes | None:
    """The hash of an entry, if these bytes could be one: enough to tell whether it is here already, and a third of
    the work of decoding it."""
    try:
        header_bytes, nonce, body, _, *rest = msgpack.unpackb(raw, raw=False)
        body_hash = hashlib.sha256(body).digest() if body is not None else rest[0]
        return hashlib.sha256(header_bytes + nonce + body_hash).digest()
    except Exception:  # msgpack raises half a dozen unrelated types
        return None


def _elsewhere(place: Place) -> Place:
    """Without its position, which is still wanting."""
    return (place[0], None, place[2])


def _why(entry: Entry, end: ChainEnd) -> str:
    if entry.header.n > end.n + 1:
        return "gap"
    if entry.header.n <= end.n or entry.header.previous != end.hash:
        return "fork"
    return "bad_tail"
