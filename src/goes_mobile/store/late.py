"""Entries of an author whose authority had ended: kept apart until a supervisor has decided about them.

What the revocation's positions cover counts. Of a stream that it does not name, what the server had before it had the
revocation. All else is late, and so is what has no place yet. Judged without keys, locked or not; only when something
about it has moved, because what counted once must go on counting after a restart of the feed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from goes_mobile.protocol.ledger import Ledger
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
    if not ended:
        return Moved()
    rows = _select(journal, ended, f"seq >= {first_seq:d}")
    rows += _select(journal, ended - before.ended, "1")
    if others:
        rows += _select(journal, ended, f"seq IN ({','.join(map(str, others))})")
    if ledger.late != before.decided:
        changed = {h for h, accept in ledger.late.items() if before.decided.get(h) != accept}
        rows += [row for row in _select(journal, ended, "1") if row[1] in changed]
    moved = Moved()
    numbers = {device: _number(journal, ledger.ended[device]) for device in {row[2] for row in rows}}
    for row in dict.fromkeys(rows):
        if row[3] != control:
            _hold(journal, row, _reason(ledger, row, numbers[row[2]]), moved)
    if any(seq < first_seq for seq in moved.withdrawn):
        journal.put("snapshot", b"")  # it has them
    return moved


Found = tuple[int, bytes, bytes, bytes, int | None, int | None, int, str | None]


def _select(journal: Journal, devices: Iterable[bytes], which: str) -> list[Found]:
    wanted = sorted(devices)
    if not wanted:
        return []
    sql = f"SELECT {_COLUMNS} FROM entry WHERE device IN ({','.join('?' * len(wanted))}) AND {which} AND {_JUDGED}"
    return journal.db.execute(sql, wanted).fetchall()


def _number(journal: Journal, entry_hash: bytes) -> int | None:
    """The number in the feed of what ended somebody's authority."""
    row = journal.db.execute("SELECT number FROM entry WHERE hash=?", (entry_hash,)).fetchone()
    return row[0] if row else None


def _reason(ledger: Ledger, row: Found, ended_at: int | None) -> str | None:
    _, entry_hash, device, stream, position, number, _, _ = row
    if entry_hash in ledger.late:
        return None if ledger.late[entry_hash] else DECLINED
    if position is None or number is None:
        return LATE
    revoked = ledger.principals[device].revoked
    if revoked is not None and stream in revoked.positions:
        return None if position <= revoked.positions[stream] else LATE
    return None if ended_at is None or number < ended_at else LATE


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
