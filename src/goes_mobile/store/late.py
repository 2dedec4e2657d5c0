"""Entries of an author whose authority had ended: kept apart until a supervisor has decided about them.

Where the sharing of a file has ended, what the others wrote there before the record that says so counts.
What a revocation's positions cover counts. Of a stream that it does not name, what the server had before it had the
revocation. All else is late, and so is what has no place yet. Judged without keys, locked or not; only when something
about it has moved, because what counted once must go on counting after a restart of the feed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from goes_mobile.protocol.epochs import StreamEpochs
from goes_mobile.protocol.ledger import Ledger
from goes_mobile.store import closing
from goes_mobile.store.journal import Journal, Row

LATE = "late"
DECLINED = "late_declined"
NOTHING_NEW = 2**62
"""The first of what arrived, where nothing did."""
_JUDGED = "(held IS NULL OR held IN ('late', 'late_declined', 'no_key', 'not_allowed', 'undecodable'))"
"""Entries that are good as far as their chain goes."""
_COLUMNS = "seq, hash, device, stream, position, number, suite, held"


@dataclass(slots=True)
class Mark:
    """What the ledger said before something arrived."""

    ended: frozenset[bytes]
    decided: Mapping[bytes, bool]

    @classmethod
    def of(cls, ledger: Ledger) -> Mark:
        return cls(frozenset(ledger.ended), dict(ledger.late))


@dataclass(slots=True)
class Moved:
    """Entries that count no longer, and those that count now; ``keys``: streams whose key records are among them."""

    withdrawn: set[int] = field(default_factory=set)
    restored: set[int] = field(default_factory=set)
    keys: set[bytes] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.withdrawn or self.restored)


def judge(journal: Journal, ledger: Ledger, before: Mark, own: bytes, control: bytes, first_seq: int,
          others: Collection[int]) -> Moved:  # fmt: skip
    """Judge, inside a transaction, what arrived (from ``first_seq`` on, and ``others`` that moved), and everything of
    whom a revocation or a decision is about that was not known ``before``."""
    ended = ledger.ended.keys() - {own}
    shares = _Shares(journal, ledger, closing.newly_ended(journal, ledger, control, first_seq, others))
    came = f"(seq >= {first_seq:d}" + (f" OR seq IN ({','.join(map(str, others))}))" if others else ")")
    rows = _select(journal, "device", ended, came)
    rows += _select(journal, "device", ended - before.ended, "1")
    rows += _select(journal, "stream", shares.streams, came)
    rows += _select(journal, "stream", shares.new, "1")
    if ledger.late != before.decided:
        changed = {h for h, accept in ledger.late.items() if before.decided.get(h) != accept}
        rows += _select(journal, "hash", changed, "1")
    moved = Moved()
    numbers = {device: _number(journal, ledger.ended[device]) for device in {row[2] for row in rows} & ended}
    for row in dict.fromkeys(rows):
        if row[3] != control and row[2] != own:
            revoked = row[2] in ended and _after_authority(ledger, row, numbers[row[2]])
            _hold(journal, row, _reason(ledger, row, revoked or shares.over(row)), moved)
    if any(seq < first_seq for seq in moved.withdrawn):
        journal.put("snapshot", b"")  # it has them
    return moved


Found = tuple[int, bytes, bytes, bytes, int | None, int | None, int, str | None]


class _Shares:
    """The files that somebody was let out of; ``new``: with what has just come."""

    def __init__(self, journal: Journal, ledger: Ledger, new: set[bytes]) -> None:
        if new:
            closing.note(journal, new)
        self.new = new
        self.streams = closing.streams(journal)
        self._journal = journal
        self._ledger = ledger
        self._epochs: dict[bytes, StreamEpochs] = {}
        self._names: dict[bytes, frozenset[bytes]] = {}

    def over(self, row: Found) -> bool:
        """Whether this was written after the author had been let out of the file."""
        _, _, device, stream, position, _, _, _ = row
        if stream not in self.streams:
            return False
        if stream not in self._epochs:
            self._epochs[stream] = closing.epochs_of(self._journal, self._ledger, stream)
        if device not in self._names:
            self._names[device] = frozenset({device, *self._ledger.ever_in(device)})
        ended, at = closing.ended_at(self._epochs[stream], self._names[device])
        return ended and (position is None or (at is not None and position > at))


def _select(journal: Journal, column: str, wanted: Iterable[bytes], which: str) -> list[Found]:
    listed, found = sorted(wanted), []
    for start in range(0, len(listed), 500):
        part = listed[start : start + 500]
        sql = f"SELECT {_COLUMNS} FROM entry WHERE {column} IN ({','.join('?' * len(part))}) AND {which} AND {_JUDGED}"
        found += journal.db.execute(sql, part).fetchall()
    return found


def _number(journal: Journal, entry_hash: bytes) -> int | None:
    """The number in the feed of what ended somebody's authority."""
    row = journal.db.execute("SELECT number FROM entry WHERE hash=?", (entry_hash,)).fetchone()
    return row[0] if row else None


def _reason(ledger: Ledger, row: Found, over: bool) -> str | None:
    if row[1] in ledger.late:
        return None if ledger.late[row[1]] else DECLINED
    return LATE if over else None


def _after_authority(ledger: Ledger, row: Found, ended_at: int | None) -> bool:
    """Whether a revoked device wrote this after its authority had ended, or nobody can tell yet."""
    _, _, device, stream, position, number, _, _ = row
    if position is None or number is None:
        return True
    revoked = ledger.principals[device].revoked
    if revoked is not None and stream in revoked.positions:
        return position > revoked.positions[stream]
    return ended_at is not None and number >= ended_at


def _hold(journal: Journal, row: Found, reason: str | None, moved: Moved) -> None:
    seq, _, _, stream, _, _, suite, held = row
    apart = held in (LATE, DECLINED)
    if reason == held or (reason is None and not apart):
        return
    journal.hold(seq, reason)
    if suite == 0:
        moved.keys.add(stream)
    if reason is None:
        moved.restored.add(seq)
        journal.db.execute("INSERT OR IGNORE INTO again VALUES (?)", (seq,))
    elif not apart:
        moved.withdrawn.add(seq)


def waiting(journal: Journal, control: bytes) -> list[tuple[Row, bytes, bytes]]:
    """(entry, its hash, its author) of what waits for a decision, in the order it came."""
    found = journal.db.execute(
        "SELECT seq, raw, received, number, held, hash, device FROM entry WHERE held=? AND stream<>? ORDER BY seq",
        (LATE, control),
    )
    return [(Row(*row[:5]), row[5], row[6]) for row in found]
