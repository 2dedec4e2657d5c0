"""What the doctor looks at: pages, entries, chains, streams, projection."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from goes_mobile.protocol.entry import ChainEnd, Entry, decode, running, verified_length
from goes_mobile.protocol.problems import GoesError, Malformed
from goes_mobile.records import registry
from goes_mobile.store.projection import Projection
from goes_mobile.store.store import Store

SUPERSEDED = ("sealed_again", "reseal")
"""Entries that were written anew in another chain; what stands there is not used."""
Told = Callable[[str], None]


@dataclass
class Examination:
    """What was found. ``projection``: ``same``, ``differs`` or ``locked``."""

    entries: int = 0
    chains: int = 0
    streams: int = 0
    records: int = 0
    projection: str = "locked"
    held: dict[str, int] = field(default_factory=dict)
    problems: list[dict[str, Any]] = field(default_factory=list)

    def problem(self, what: str, **facts: Any) -> None:
        self.problems.append({"what": what, **facts})

    def document(self) -> dict[str, Any]:
        return {
            "ok": not self.problems, "entries": self.entries, "chains": self.chains, "streams": self.streams,
            "records": self.records, "projection": self.projection, "held": self.held, "problems": self.problems,
        }  # fmt: skip


def examine(store: Store, told: Told = lambda text: None) -> Examination:
    """Everything; reads only."""
    found = Examination()
    try:
        store.journal.check()
    except GoesError as error:
        found.problem(error.code)
    _entries(store, found, told)
    _streams(store, found)
    for (reason,) in store.journal.db.execute("SELECT held FROM entry WHERE held IS NOT NULL"):
        found.held[reason] = found.held.get(reason, 0) + 1
    if not store.locked:
        told("replaying")
        _projection(store, found)
        for blob in store.blobs.damaged():
            found.problem("damaged_blob", blob=blob.hex())
    return found


def _entries(store: Store, found: Examination, told: Told) -> None:
    """Each entry's bytes against its hash, each chain against its author's signatures."""
    rows = store.journal.db.execute(
        "SELECT seq, hash, held, raw, stream, device, run FROM entry ORDER BY stream, device, run, n"
    )
    part: list[tuple[int, Entry]] = []
    chain: tuple[bytes, ...] = ()
    broken = False
    for seq, entry_hash, held, raw, *names in rows:
        found.entries += 1
        if found.entries % 5000 == 0:
            told(f"{found.entries} entries")
        if tuple(names) != chain:
            _chain(store, part, found)
            part, chain, broken = [], tuple(names), False
            found.chains += 1
        entry = _entry(raw, entry_hash)
        if entry is None:
            broken = True
            if held not in SUPERSEDED:
                found.problem("damaged_entry", seq=seq)
        elif held is None and not broken:
            part.append((seq, entry))
    _chain(store, part, found)


def _entry(raw: bytes, entry_hash: bytes) -> Entry | None:
    try:
        entry = decode(raw)
    except Malformed:
        return None
    return entry if entry.hash == entry_hash else None


def _chain(store: Store, part: Sequence[tuple[int, Entry]], found: Examination) -> None:
    """Entries that count must be linked and signed. A chain may begin late: what came before was held or redacted."""
    if not part:
        return
    first = part[0][1]
    author = store.ledger.signing_key(first)
    if author is None:
        found.problem("unknown_author", seq=part[0][0])
        return
    before = ChainEnd(first.header.n - 1, first.header.previous)
    for piece in _linked(part):
        good = verified_length(before, [entry for _, entry in piece], author)
        if good < len(piece):
            found.problem("bad_signature", seq=piece[good][0])
        last = piece[-1][1]
        before = ChainEnd(last.header.n, last.hash)


def _linked(part: Sequence[tuple[int, Entry]]) -> Iterator[Sequence[tuple[int, Entry]]]:
    """One verification for up to a thousand entries; each carries the end of the one before."""
    for start in range(0, len(part), 1000):
        yield part[start : start + 1000]


def _streams(store: Store, found: Examination) -> None:
    """The running hash of each stream, computed again."""
    for stream, (known, _) in store.journal.feeds().items():
        found.streams += 1
        position, hashed = 0, b""
        for place, entry_hash in store.journal.stream_rows(stream, 0):
            if place != position + 1 or place > known.position:
                break
            position, hashed = place, running(hashed, entry_hash, place)
        if (position, hashed) != (known.position, known.running):
            found.problem("stream_differs", position=position)


def _projection(store: Store, found: Examination) -> None:
    """The whole journal replayed into a second projection must make the same rows."""
    fresh = Projection(store.opener.reopen, store.member_of)
    try:
        for rows in store.journal.rows():
            opened, held = store.opener.open_all(row for row in rows if row.held is None)
            fresh.apply(opened)
            for item in held:
                found.problem(f"not_readable_{item.reason}", seq=item.seq)
        found.projection = "same"
        for kind in registry.kinds():
            ask = f'SELECT * FROM "{kind.name}" ORDER BY id'  # noqa: S608 - a name of the registry
            now, again = (projection.db.execute(ask).fetchall() for projection in (store.projection, fresh))
            found.records += len(again)
            if now != again:
                found.projection = "differs"
                found.problem("projection_differs", kind=kind.name)
    finally:
        fresh.close()
