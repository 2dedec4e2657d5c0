"""Where entries lie: here, apart, at the server; receipts and what came back say so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from goes_mobile.protocol import wire
from goes_mobile.protocol.entry import Entry
from goes_mobile.store.arrivals import CARRIED, UNPROVEN, Here
from goes_mobile.store.journal import Journal

_PLACE = (
    "UPDATE entry SET number=?, position=?, received=?,"
    " held=CASE WHEN held IN ('reseal', 'sealed_again') THEN NULL ELSE held END WHERE seq=?"
)


class Places:
    """Of the entries of one journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def confirmed(self, receipts: Sequence[wire.Receipt]) -> list[tuple[Here, int]]:
        """Where the server has put entries, which wait no longer; those of them that are here, with the receipt's time.

        An entry that was to be sealed again because it seemed refused is there after all, and counts like any other.
        """
        known = self.of([receipt[0] for receipt in receipts])
        self.forget([receipt[0] for receipt in receipts if receipt[0] in known and known[receipt[0]].held == CARRIED])
        found = [(here, r) for r in receipts if (here := known.get(r[0])) is not None and here.held != CARRIED]
        self.set([(*receipt[1:], here.seq) for here, receipt in found])
        return [(here, receipt[3]) for here, receipt in found]

    def set(self, places: Sequence[tuple[Any, ...]]) -> None:
        """Number, position, time of receipt and seq of entries that the server has."""
        self._journal.db.executemany(_PLACE, places)
        self._journal.db.executemany("DELETE FROM outbox WHERE seq=?", [(place[3],) for place in places])

    def of(self, hashes: Sequence[bytes]) -> dict[bytes | None, Here]:
        """Those of these entries that are in the journal."""
        found: dict[bytes | None, Here] = {}
        for start in range(0, len(hashes), 500):
            part = hashes[start : start + 500]
            sql = (
                "SELECT hash, seq, stream, held, own, number, position, received FROM entry"
                f" WHERE hash IN ({','.join('?' * len(part))})"
            )
            for entry_hash, seq, stream, held, own, *place in self._journal.db.execute(sql, part).fetchall():
                found[entry_hash] = Here(seq, stream, held, bool(own), tuple(place))
        return found

    # -- what came by parcel ----------------------------------------------------------------------------------------

    def reasons(self, hashes: Sequence[bytes]) -> dict[bytes | None, str | None]:
        """Why entries that are here are held, ``None`` for those that count."""
        return {entry_hash: here.held for entry_hash, here in self.of(hashes).items()}

    def keep(self, entries: Sequence[Entry], held: str) -> None:
        """Lay entries apart, inside a transaction; those to be carried wait for delivery."""
        self.forget([entry.hash for entry in entries])
        for entry in entries:
            self._journal.append(entry, own=False, held=held)
        if held == UNPROVEN:
            self._journal.db.execute("DELETE FROM outbox WHERE seq IN (SELECT seq FROM entry WHERE held=?)", (held,))

    def forget(self, hashes: Sequence[bytes]) -> None:
        """Entries that lay apart: they come another way, are handed over, or turned out to be nobody's."""
        rows = [(entry_hash, CARRIED, UNPROVEN) for entry_hash in hashes]
        which = "hash=? AND held IN (?, ?)"
        execute = self._journal.db.executemany
        execute(f"DELETE FROM outbox WHERE seq=(SELECT seq FROM entry WHERE {which})", rows)
        execute(f"DELETE FROM entry WHERE {which}", rows)
