"""What comes from elsewhere: verified, appended to the same journal; held, never dropped, where trust is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from goes_mobile.protocol import clear, wire
from goes_mobile.protocol.entry import CLEAR, ChainEnd, Entry, Witness, by_chain, decode, running, verified_length
from goes_mobile.protocol.ledger import Ledger
from goes_mobile.protocol.problems import Malformed
from goes_mobile.protocol.streams import CONTROL
from goes_mobile.store.journal import Journal, Row

REJUDGED = ("unknown_author", "gap", "bad_tail", "no_key", "not_allowed", "undecodable")
"""Reasons that a certificate, a grant, an entry or a newer program can lift."""


@dataclass
class Arrivals:
    """One batch on its way in."""

    fresh: list[Row] = field(default_factory=list)
    """Good and new, to be opened."""
    held: int = 0
    control: bool = False
    keys: list[tuple[bytes, clear.Epoch | clear.Grant]] = field(default_factory=list)
    findings: list[tuple[str, dict[str, int | str]]] = field(default_factory=list)
    stale: list[int] = field(default_factory=list)
    """Own entries whose receipt time has become known from the feed."""


class Receiver:
    """Verifies and appends. Works while locked too: it needs certificates, no keys."""

    def __init__(self, journal: Journal, organisation: bytes) -> None:
        self._journal = journal
        self._organisation = organisation
        self._control = CONTROL.id(organisation)

    def take(self, remote: Sequence[wire.RemoteEntry], ledger: Ledger) -> Arrivals:
        """Append a batch inside a transaction. ``ledger`` is advanced by control entries in it."""
        arrivals = Arrivals()
        placed = self._decode(remote, arrivals)
        known = self._known([entry.hash for entry, _ in placed])
        fresh = [(entry, place) for entry, place in placed if entry.hash not in known]
        self._place([(*place, entry.hash) for entry, place in placed if entry.hash in known], arrivals)
        control = [(e, p) for e, p in fresh if e.header.stream == self._control]
        for entry, place in sorted(control, key=lambda item: item[1][1]):
            self._take_control(entry, place, ledger, arrivals)
        places = {entry.hash: place for entry, place in fresh}
        for part in by_chain([e for e, _ in fresh if e.header.stream != self._control]).values():
            self._take_part(sorted(part, key=lambda e: e.header.n), places, ledger, arrivals)
        return arrivals

    def _decode(
        self, remote: Sequence[wire.RemoteEntry], arrivals: Arrivals
    ) -> list[tuple[Entry, tuple[int, int, int]]]:
        placed = []
        for number, position, received, raw in remote:
            try:
                entry = decode(raw)
            except Malformed:
                arrivals.findings.append(("malformed_entry", {"number": number}))
                continue
            if entry.header.organisation != self._organisation:
                arrivals.findings.append(("foreign_entry", {"number": number}))
                continue
            placed.append((entry, (number, position, received)))
        return placed

    def _known(self, hashes: Sequence[bytes]) -> set[bytes]:
        known: set[bytes] = set()
        for start in range(0, len(hashes), 500):
            part = hashes[start : start + 500]
            sql = f"SELECT hash FROM entry WHERE hash IN ({','.join('?' * len(part))})"
            known.update(row[0] for row in self._journal.db.execute(sql, part))
        return known

    def _place(self, places: Iterable[tuple[int, int, int, bytes]], arrivals: Arrivals) -> None:
        for number, position, received, entry_hash in places:
            row = self._journal.db.execute(
                "SELECT seq, received, number FROM entry WHERE hash=?", (entry_hash,)
            ).fetchone()
            if row[2] == number:
                continue
            if row[1] != received:
                arrivals.stale.append(row[0])
            self._journal.place(entry_hash, number, position, received)

    def _take_control(self, entry: Entry, place: tuple[int, int, int], ledger: Ledger, arrivals: Arrivals) -> None:
        key = ledger.signing_key(entry)
        end = self._journal.end(entry.header.chain)
        if key is None:
            self._hold(entry, place, "unknown_author", arrivals)
        elif (entry.header.n, entry.header.previous) != (end.n + 1, end.hash):
            self._hold(entry, place, "gap" if entry.header.n > end.n + 1 else "fork", arrivals)
        elif not entry.signed_by(key):
            self._hold(entry, place, "bad_tail", arrivals)
        else:
            verdict = ledger.apply(entry)
            self._append(entry, place, None)
            self._journal.set_end(entry.header.chain, ChainEnd(entry.header.n, entry.hash))
            arrivals.control = True
            if verdict not in ("ok", "unknown_type"):
                arrivals.findings.append(("control_refused", {"reason": verdict}))

    def _take_part(self, part: list[Entry], places: dict[bytes, tuple[int, int, int]], ledger: Ledger,
                   arrivals: Arrivals) -> None:  # fmt: skip
        chain = part[0].header.chain
        author = ledger.principals.get(chain.device)
        if author is None:
            for entry in part:
                self._hold(entry, places[entry.hash], "unknown_author", arrivals)
            return
        end = self._journal.end(chain)
        good = verified_length(end, part, author.sign)
        for entry in part[:good]:
            self._accept(entry, places[entry.hash], arrivals)
            end = ChainEnd(entry.header.n, entry.hash)
        if good:
            self._journal.set_end(chain, end)
        for entry in part[good:]:
            self._hold(entry, places[entry.hash], _why(entry, end), arrivals)

    def _accept(self, entry: Entry, place: tuple[int, int, int], arrivals: Arrivals) -> None:
        seq = self._append(entry, place, None)
        if seq is None:
            return
        if entry.header.suite == CLEAR:
            self._note_keys(entry, arrivals)
        else:
            arrivals.fresh.append(Row(seq, entry.raw, place[2], place[0], None))

    def _note_keys(self, entry: Entry, arrivals: Arrivals) -> None:
        try:
            record = clear.decode(entry.body or b"")
        except Malformed:
            return
        if isinstance(record, clear.Epoch | clear.Grant) and record.owner == entry.header.stream:
            arrivals.keys.append((entry.header.stream, record))

    def _hold(self, entry: Entry, place: tuple[int, int, int], reason: str, arrivals: Arrivals) -> None:
        if self._append(entry, place, reason) is not None:
            arrivals.held += 1
            if reason == "fork":
                arrivals.findings.append(("fork", {"n": entry.header.n}))

    def _append(self, entry: Entry, place: tuple[int, int, int], held: str | None) -> int | None:
        return self._journal.append(entry, own=False, held=held, place=place)

    # -- judging again ------------------------------------------------------------------------------------------

    def rejudge_chains(self, ledger: Ledger) -> Arrivals:
        """Held for their author or their chain: verify again, in order, with what is known now."""
        arrivals = Arrivals()
        rows = [row for row in self._journal.held_rows() if row.held in ("unknown_author", "gap", "bad_tail")]
        decoded = {}
        for row in rows:
            entry = decode(row.raw)
            decoded[entry.hash] = (entry, row)
        for part in by_chain([entry for entry, _ in decoded.values()]).values():
            self._rejudge_part(sorted(part, key=lambda e: e.header.n), decoded, ledger, arrivals)
        return arrivals

    def _rejudge_part(self, part: list[Entry], decoded: dict[bytes, tuple[Entry, Row]], ledger: Ledger,
                      arrivals: Arrivals) -> None:  # fmt: skip
        chain = part[0].header.chain
        key = ledger.signing_key(part[0])
        if key is None:
            return
        end = self._journal.end(chain)
        part = [entry for entry in part if entry.header.n > end.n]
        for entry in part[: verified_length(end, part, key)]:
            row = decoded[entry.hash][1]
            self._journal.hold(row.seq, None)
            self._journal.db.execute("INSERT OR IGNORE INTO again VALUES (?)", (row.seq,))
            end = ChainEnd(entry.header.n, entry.hash)
            self._journal.set_end(chain, end)
            if entry.header.stream == self._control:
                ledger.apply(entry)
                arrivals.control = True
            elif entry.header.suite == CLEAR:
                self._note_keys(entry, arrivals)
            else:
                arrivals.fresh.append(Row(row.seq, row.raw, row.received, row.number, None))

    # -- feeds --------------------------------------------------------------------------------------------------

    def advance(
        self, heads: dict[bytes, tuple[int, bytes]]
    ) -> tuple[list[bytes], list[tuple[str, dict[str, int | str]]]]:
        """Walk each stream on from where it is known without a gap, recomputing its running hash.

        ``heads`` are (position, running hash) as the server claims; where we stand at that position and it differs, the
        server has shown somebody another history. Returns the streams with gaps and the findings.
        """
        gaps: list[bytes] = []
        findings: list[tuple[str, dict[str, int | str]]] = []
        for stream, (head, claimed) in heads.items():
            at = before = self._journal.feed(stream)
            for position, entry_hash in self._journal.stream_rows(stream, at.position):
                if position != at.position + 1:
                    break
                at = Witness(position, running(at.running, entry_hash, position))
            if at != before or head:
                self._journal.set_feed(stream, at, max(head, at.position))
            if head > at.position:
                gaps.append(stream)
            elif head == at.position and head and claimed and claimed != at.running:
                findings.append(("running_mismatch", {"position": head}))
        return gaps, findings


def _why(entry: Entry, end: ChainEnd) -> str:
    if entry.header.n > end.n + 1:
        return "gap"
    if entry.header.n <= end.n or entry.header.previous != end.hash:
        return "fork"
    return "bad_tail"
