"""The projection: ordinary SQLModel tables in an in-memory SQLite, rebuilt from opened entries. Never on a disk.

``apply`` is the one way in, for own and foreign, live and replayed operations. A record's row is a pure function of
the set of its operations, so nothing of the merging is stored: when a record gets another operation, the earlier
ones are read again from the journal.
"""

from __future__ import annotations

import contextlib
import functools
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import create_engine, create_mock_engine
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

from goes_mobile.protocol.clock import effective, millis
from goes_mobile.protocol.ids import to_bytes, to_text
from goes_mobile.protocol.merge import Dated, Registers, fingerprint, merge
from goes_mobile.protocol.operation import DELETED, Operation
from goes_mobile.records import registry
from goes_mobile.records.base import TABLES
from goes_mobile.records.reading import Row, assemble, row_of
from goes_mobile.records.refusals import DoesNotFit, Incomplete
from goes_mobile.records.tables import Cells, cells, replace_sql

_SCHEMA = """
CREATE TABLE IF NOT EXISTS op_ref (
  record BLOB, op BLOB, seq INTEGER NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (record, seq)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen_by (
  stream BLOB, device BLOB, position INTEGER, PRIMARY KEY (stream, device)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS misfit (
  seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, record BLOB NOT NULL, device BLOB NOT NULL);
"""


@functools.cache
def _tables() -> str:
    """The statements that make all kinds' tables: written once, because every unlock without a snapshot needs them."""
    made: list[str] = []

    def written(statement: Any, *_: Any, **__: Any) -> None:
        made.append(f"{statement.compile(dialect=engine.dialect)};\n")

    engine = create_mock_engine("sqlite://", written)
    TABLES.create_all(engine, checkfirst=False)
    return "".join(made)


@dataclass(slots=True)  # not frozen, like the operation in it: replay makes one for each entry
class Opened:
    """An operation out of its entry, with where it lies in the journal and when the server received it."""

    seq: int
    operation: Operation
    device: bytes
    received: int | None
    stream: bytes = b""
    seen: int = 0
    """The position of its stream that the author's device had seen."""
    row: Row | None = field(default=None, repr=False)
    """The row of a record that this operation just made here: saving has computed it already."""

    def dated(self) -> Dated:
        return Dated(self.operation, self.device, effective(self.operation.hlc, self.received))


@dataclass(slots=True)
class Followed:
    """A table that somebody made from the records of a kind, and which of them changed since it was looked at."""

    table: Any = field(default=None, repr=False)
    """None until it is made."""
    stale: set[str] = field(default_factory=set)


Reopen = Callable[[Sequence[int]], Iterable[Opened]]
Author = Callable[[bytes], str]


class Projection:
    """In memory, dropped at lock. ``reopen`` reads operations again from the journal, ``author`` names a member."""

    def __init__(self, reopen: Reopen, author: Author, image: bytearray | None = None) -> None:
        self._reopen = reopen
        self._author = author
        self._names: dict[bytes, str] = {}
        self._followed: dict[str, Followed] = {}
        self._replayed: set[bytes] | None = None
        """While a whole journal is replayed, the records it has brought: most bring one operation, nobody need look."""
        self.db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        if image is not None:
            self.db.deserialize(image)
        self.db.execute("PRAGMA temp_store=MEMORY")
        self.engine = create_engine("sqlite://", poolclass=StaticPool, creator=lambda: self.db, hide_parameters=True)
        registry.kinds()
        if image is None:
            self.db.executescript(_tables() + _SCHEMA)
        self._misfits = bool(self.misfits())

    def close(self) -> None:
        self.engine.dispose()
        self.db.close()

    def session(self) -> Session:
        """For queries; a session per question, closed after it."""
        return Session(self.engine, autoflush=False, expire_on_commit=False)

    @contextlib.contextmanager
    def bulk(self) -> Iterator[None]:
        """Replay of a whole journal: indexes are made at its end."""
        indexes = self.db.execute(
            "SELECT name, sql FROM sqlite_master WHERE type='index' AND sql IS NOT NULL"
        ).fetchall()
        for name, _ in indexes:
            self.db.execute(f'DROP INDEX "{name}"')
        self._replayed = set()
        yield
        self._replayed = None
        for _, sql in indexes:
            self.db.execute(sql)

    # -- applying ---------------------------------------------------------------------------------------------------

    def apply(self, opened: Sequence[Opened]) -> dict[str, set[str]]:
        """Take operations in any order, repeated or not. Returns the changed records per kind."""
        self._names.clear()  # certificates may have changed since
        fresh: dict[tuple[str, bytes], list[Opened]] = {}
        refs: list[tuple[bytes, bytes, int, str]] = []
        for item in opened:
            operation = item.operation
            key = to_bytes(operation.record)
            refs.append((key, operation.op, item.seq, operation.kind))
            fresh.setdefault((operation.kind, key), []).append(item)
        known = self._known([key for (_, key), items in fresh.items() if items[0].row is None])
        rows: dict[str, list[Cells]] = {}
        changed: dict[str, set[str]] = {}
        gone: list[tuple[str, str]] = []
        for place, items in fresh.items():
            kind, record = place[0], items[0].operation.record
            before = known.get(place)
            single = items[0] if before is None and len(items) == 1 else None
            everything = items if before is None else self._with_earlier(before, items)
            row = self._row(kind, record, single, everything)
            changed.setdefault(kind, set()).add(record)
            if row is None:
                gone.append((kind, record))
            else:
                rows.setdefault(kind, []).append(row)
        self._store(refs, rows, gone)
        self._went_stale(changed)
        return changed

    def withdraw(self, seqs: Sequence[int]) -> dict[str, set[str]]:
        """Entries that count no longer: their records become what the others make of them."""
        self._names.clear()
        gone: list[tuple[str, str]] = []
        rows: dict[str, list[Cells]] = {}
        changed: dict[str, set[str]] = {}
        for kind, key in self._forget(seqs):
            record = to_text(key)
            changed.setdefault(kind, set()).add(record)
            left = list(self._reopen(self._known([key]).get((kind, key), [])))
            row = self._row(kind, record, None, left)
            if row is None:
                gone.append((kind, record))
            else:
                rows.setdefault(kind, []).append(row)
        self._store([], rows, gone)
        self._went_stale(changed)
        return changed

    def follow(self, kind: str) -> Followed:
        """What is made of a kind's records and dropped with them at lock."""
        return self._followed.setdefault(kind, Followed())

    def _went_stale(self, changed: Mapping[str, set[str]]) -> None:
        for kind, followed in self._followed.items():
            followed.stale |= changed.get(kind, set())

    def _forget(self, seqs: Sequence[int]) -> list[tuple[str, bytes]]:
        """Drop operations; the records they were about."""
        records: dict[tuple[str, bytes], None] = {}
        for start in range(0, len(seqs), 500):
            part = seqs[start : start + 500]
            among = f"seq IN ({','.join('?' * len(part))})"
            records |= dict.fromkeys(self.db.execute(f"SELECT kind, record FROM op_ref WHERE {among}", part))
            self.db.execute(f"DELETE FROM op_ref WHERE {among}", part)
            self.db.execute(f"DELETE FROM misfit WHERE {among}", part)
        return list(records)

    def _known(self, keys: Sequence[bytes]) -> dict[tuple[str, bytes], list[int]]:
        """Where the operations on these records lie. One id under two kinds is two records."""
        if self._replayed is not None:
            keys, fresh = [key for key in keys if key in self._replayed], keys
            self._replayed.update(fresh)
        known: dict[tuple[str, bytes], list[int]] = {}
        for start in range(0, len(keys), 500):
            part = keys[start : start + 500]
            sql = f"SELECT kind, record, seq FROM op_ref WHERE record IN ({','.join('?' * len(part))})"
            for kind, record, seq in self.db.execute(sql, part):
                known.setdefault((kind, record), []).append(seq)
        return known

    def _with_earlier(self, before: list[int], items: list[Opened]) -> list[Opened]:
        here = {item.seq for item in items}
        return [*items, *self._reopen([seq for seq in before if seq not in here])]

    def _row(self, kind: str, record: str, single: Opened | None, everything: list[Opened]) -> Cells | None:
        """The record's cells; ``None`` while it does not make a row (kind unknown, incomplete, does not fit).

        Operations that fit no row even by themselves are held, each for itself, and the rest is shown.
        """
        if not registry.known(kind):
            return None
        row: Cells | None = None
        if single is None:
            unfit = [item for item in everything if not _fits(kind, item.operation)]
            rest = [item for item in everything if item not in unfit] if unfit else everything
        else:
            unfit, rest = [], everything
        try:
            row = self._cells(kind, record, single, rest) if rest else None
        except Incomplete:
            pass
        except DoesNotFit:
            unfit = everything
        if unfit or self._misfits:
            self._misfits = True
            self.db.execute("DELETE FROM misfit WHERE kind=? AND record=?", (kind, to_bytes(record)))
            self.db.executemany(
                "INSERT INTO misfit VALUES (?,?,?,?)",
                [(item.seq, kind, to_bytes(record), item.device) for item in unfit],
            )
        return row

    def _cells(self, kind: str, record: str, single: Opened | None, everything: list[Opened]) -> Cells:
        if single is not None:
            row = single.row if single.row is not None else row_of(kind, single.operation.set, record)
            row["deleted"] = bool(single.operation.set.get(DELETED))
            first = last = single.dated()
            row["version"] = single.operation.op.hex()
        else:
            registers = merge(item.dated() for item in everything)
            row = assemble(kind, registers)
            first, last = registers.first, registers.last
            row["version"] = fingerprint([item.operation.op for item in everything])
        made = (moment(first.hlc), self._name(first.device))
        row["created_at"], row["created_by"] = made
        row["changed_at"], row["changed_by"] = made if last is first else (moment(last.hlc), self._name(last.device))
        return cells(kind, row)

    def _name(self, device: bytes) -> str:
        """The author, asked for once in a batch: a few devices write most of it."""
        name = self._names.get(device)
        if name is None:
            name = self._names[device] = self._author(device)
        return name

    def misfits(self) -> list[tuple[int, bytes]]:
        """(seq, device) of operations that do not fit what this version knows of their kind."""
        return list(self.db.execute("SELECT seq, device FROM misfit ORDER BY seq"))

    def _store(self, refs: list[Any], rows: dict[str, list[Cells]], gone: list[tuple[str, str]]) -> None:
        self.db.execute("BEGIN")
        self.db.executemany("INSERT OR IGNORE INTO op_ref VALUES (?,?,?,?)", refs)
        for kind, table in rows.items():
            self.db.executemany(replace_sql(kind), table)
        for kind, record in gone:
            if registry.known(kind):
                self.db.execute(f'DELETE FROM "{kind}" WHERE id=?', (record,))
        self.db.execute("COMMIT")

    # -- asking -----------------------------------------------------------------------------------------------------

    def operations(self, kind: str, record: str) -> list[Opened]:
        """The operations that make a record, opened again from the journal; not those held because they do not fit."""
        unfit = {seq for seq, _ in self.misfits()} if self._misfits else set()
        seqs = [seq for _, seq in self.places(kind, record) if seq not in unfit]
        return list(self._reopen(seqs)) if seqs else []

    def places(self, kind: str, record: str) -> list[tuple[bytes, int]]:
        """(operation, where it lies in the journal) for all operations on a record."""
        return list(self.db.execute(
            "SELECT op, seq FROM op_ref WHERE record=? AND kind=? ORDER BY seq", (to_bytes(record), kind)
        ))  # fmt: skip

    def another_kind(self, kind: str, record: str) -> bool:
        """Whether this id is that of a record of another kind."""
        found = self.db.execute("SELECT 1 FROM op_ref WHERE record=? AND kind<>? LIMIT 1", (to_bytes(record), kind))
        return found.fetchone() is not None

    def registers(self, kind: str, record: str) -> Registers | None:
        """The merged registers of a record, or ``None`` if nothing is known of it."""
        operations = self.operations(kind, record)
        return merge(item.dated() for item in operations) if operations else None

    def witness(self, stream: bytes, device: bytes, position: int) -> None:
        """A colleague's device says how far it has seen a stream."""
        self.db.execute(
            "INSERT INTO seen_by VALUES (?,?,?) ON CONFLICT DO UPDATE SET position=max(position, excluded.position)",
            (stream, device, position),
        )

    def seen_by(self, stream: bytes, position: int, but: bytes) -> int:
        """How many other devices have seen this position of a stream."""
        row = self.db.execute(
            "SELECT count(*) FROM seen_by WHERE stream=? AND position>=? AND device<>?", (stream, position, but)
        ).fetchone()
        return int(row[0])


def _fits(kind: str, operation: Operation) -> bool:
    try:
        row_of(kind, operation.set, operation.record)
    except Incomplete:
        return True  # others bring the rest
    except DoesNotFit:
        return False
    return True


def moment(hlc: int) -> datetime:
    """The time of a clock value; a clock beyond the calendar shows its end."""
    return datetime.fromtimestamp(min(millis(hlc), 253402300799000) / 1000, UTC)
