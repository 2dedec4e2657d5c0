"""The journal: every entry this device wrote or received, byte for byte, and the little it needs to know while locked.

One SQLite file, write-ahead log, ``synchronous=FULL``. What lies here in clear is what the server knows too (ids,
sizes, times) and how to unlock; everything else is sealed.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from goes_mobile.protocol.entry import ChainEnd, ChainId, Entry, Witness
from goes_mobile.protocol.packing import pack, unpack
from goes_mobile.protocol.problems import CannotWrite, Damaged, GoesError
from goes_mobile.store.disk import connect, disk_errors

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
  seq INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, stream BLOB NOT NULL, device BLOB NOT NULL,
  run BLOB NOT NULL, n INTEGER NOT NULL, own INTEGER NOT NULL, suite INTEGER NOT NULL,
  number INTEGER, position INTEGER, received INTEGER, held TEXT, raw BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS entry_position ON entry (stream, position) WHERE position IS NOT NULL;
CREATE INDEX IF NOT EXISTS entry_held ON entry (held) WHERE held IS NOT NULL;
CREATE INDEX IF NOT EXISTS entry_clear ON entry (stream) WHERE suite = 0;
CREATE TABLE IF NOT EXISTS outbox (seq INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS trace (seq INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS chain (
  stream BLOB, device BLOB, run BLOB, n INTEGER NOT NULL, hash BLOB NOT NULL, closed TEXT,
  PRIMARY KEY (stream, device, run)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS feed (
  stream BLOB PRIMARY KEY, position INTEGER NOT NULL, running BLOB NOT NULL, head INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS receipt (id INTEGER PRIMARY KEY, signed BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS opened_key (
  owner BLOB, epoch BLOB, is_group INTEGER NOT NULL, replaced INTEGER NOT NULL DEFAULT 0, sealed BLOB NOT NULL,
  PRIMARY KEY (owner, epoch)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pending_key (seq INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS draft (key TEXT PRIMARY KEY, at INTEGER NOT NULL, sealed BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS again (seq INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS finding (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, code TEXT NOT NULL, facts BLOB);
CREATE TABLE IF NOT EXISTS blob (
  stream BLOB, id BLOB, count INTEGER NOT NULL, here INTEGER NOT NULL, sent INTEGER NOT NULL,
  PRIMARY KEY (stream, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS blob_open ON blob (count) WHERE here < count OR sent < count;
CREATE INDEX IF NOT EXISTS blob_id ON blob (id);
CREATE TABLE IF NOT EXISTS chunk (blob BLOB, number INTEGER, sealed BLOB NOT NULL, PRIMARY KEY (blob, number));
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
"""
_LOG_BYTES = 5 * 1024 * 1024
"""A little more than SQLite lets the log grow before it starts anew (1,000 pages)."""


@dataclass(slots=True)
class Row:
    """An entry as it lies in the journal. ``received`` is the server's receipt time in ms, once known."""

    seq: int
    raw: bytes
    received: int | None
    number: int | None
    held: str | None


@dataclass(frozen=True, slots=True)
class ClearRow:
    """A certificate, a key record, an order: as it lies in the journal, with its place in its stream."""

    seq: int
    hash: bytes
    raw: bytes
    position: int | None


class Journal:
    """SQLite as an append-only log. Synchronous; used from the store's one lane only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.db = connect(path)
        self.refused = "" if self.db.writable else "read_only"
        """Why the disk took nothing when it was last asked to; empty: it did."""
        try:
            with disk_errors():
                self.db.executescript(_SCHEMA)
        except BaseException:
            self.db.close()
            raise

    def close(self) -> None:
        self.db.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; durable when it is left without an error."""
        with self._asking():
            self.db.execute("BEGIN IMMEDIATE" if self.db.writable else "BEGIN")
            try:
                yield
                self.db.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error, GoesError):
                    self.db.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def noting(self) -> Iterator[None]:
        """A transaction for what is found out again if the disk does not take it: that must keep nobody from reading
        what is there."""
        with contextlib.suppress(CannotWrite), self.transaction():
            yield

    @contextlib.contextmanager
    def _asking(self) -> Iterator[None]:
        """A disk that took nothing a moment ago may have been made writable since."""
        if not self.db.writable and not self.db.in_transaction:
            again = connect(self.path)
            self.db.close()
            self.db = again
        before = self.db.total_changes
        try:
            yield
        except CannotWrite as error:
            self.refused = error.code
            raise
        if self.db.total_changes != before:
            self.refused = ""

    def stretch(self) -> None:
        """Lay out the write-ahead log's file once, so that a commit need not make it grow: a third off each fsync.

        SQLite ignores what follows the last valid frame. The log is ours alone: the database is locked exclusively.
        """
        log = self.path.with_name(self.path.name + "-wal")
        with disk_errors(), log.open("r+b") as file:
            missing = _LOG_BYTES - file.seek(0, 2)
            if missing > 0:
                file.write(bytes(missing))
                file.flush()
                os.fsync(file.fileno())

    # -- meta ---------------------------------------------------------------------------------------------------

    def get(self, key: str, default: Any = None, *, must: bool = False) -> Any:
        """A value, or the default. A damaged one counts as not there, unless without it nothing goes (``must``)."""
        row = self.db.execute("SELECT value FROM meta WHERE key=?", (key,)).fetchone()
        if row is None:
            return default
        packed, check = row[0][:-4], row[0][-4:]
        if zlib.crc32(packed).to_bytes(4, "big") == check:
            return unpack(packed)
        if must:
            raise Damaged("journal_damaged", reason=key)
        return default

    def put(self, key: str, value: Any) -> None:
        packed = pack(value)
        check = zlib.crc32(packed).to_bytes(4, "big")
        with self._asking():
            self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, packed + check))

    # -- entries ------------------------------------------------------------------------------------------------

    def append(self, entry: Entry, *, own: bool, held: str | None = None,
               place: tuple[int, int, int] | None = None) -> int | None:  # fmt: skip
        """Append; ``place`` is (number, position, received) if it came from the server, else it waits in the outbox.

        ``None`` if the entry was there already (its place is learnt if it was not known).
        """
        header = entry.header
        number, position, received = place or (None, None, None)
        cursor = self.db.execute(
            "INSERT OR IGNORE INTO entry"
            " (hash, stream, device, run, n, own, suite, number, position, received, held, raw)"
            " VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            (entry.hash, header.stream, header.device, header.run, header.n, own, header.suite, number, position,
             received, held, entry.raw),
        )  # fmt: skip
        if cursor.rowcount:
            seq = cursor.lastrowid
            if place is None:
                self.db.execute("INSERT INTO outbox VALUES (?)", (seq,))
            return seq
        if place is not None:
            self.place(entry.hash, *place)
        return None

    def place(self, entry_hash: bytes, number: int, position: int, received: int) -> int | None:
        """Where the server has put an entry; it waits no longer. The seq, if we have it.

        An entry that was to be sealed again because it seemed refused is there after all, and counts like any other.
        """
        row = self.db.execute(
            "UPDATE entry SET number=?, position=?, received=?,"
            " held=CASE WHEN held IN ('reseal', 'sealed_again') THEN NULL ELSE held END WHERE hash=? RETURNING seq",
            (number, position, received, entry_hash),
        ).fetchone()
        if row is None:
            return None
        self.db.execute("DELETE FROM outbox WHERE seq=?", row)
        return int(row[0])

    def mend(self, entry: Entry) -> None:
        """The bytes of an entry that was damaged, or came without its body, have come (again)."""
        self.db.execute("UPDATE entry SET raw=?, held=NULL WHERE hash=?", (entry.raw, entry.hash))

    def end(self, chain: ChainId) -> ChainEnd:
        """The last good entry of a chain."""
        row = self.db.execute(
            "SELECT n, hash FROM chain WHERE stream=? AND device=? AND run=?", (chain.stream, chain.device, chain.run)
        ).fetchone()
        return ChainEnd(row[0], row[1]) if row else ChainEnd()

    def set_end(self, chain: ChainId, end: ChainEnd) -> None:
        self.db.execute(
            "INSERT INTO chain (stream, device, run, n, hash) VALUES (?,?,?,?,?)"
            " ON CONFLICT DO UPDATE SET n=excluded.n, hash=excluded.hash WHERE excluded.n > n",
            (chain.stream, chain.device, chain.run, end.n, end.hash),
        )

    def open_chain(self, stream: bytes, device: bytes) -> tuple[bytes, ChainEnd] | None:
        """The chain this device appends to: its newest one not closed by damage or refusal."""
        row = self.db.execute(
            "SELECT run, n, hash FROM chain WHERE stream=? AND device=? AND closed IS NULL ORDER BY n DESC LIMIT 1",
            (stream, device),
        ).fetchone()
        return (row[0], ChainEnd(row[1], row[2])) if row else None

    def close_chain(self, chain: ChainId, end: ChainEnd, reason: str) -> None:
        """Nothing is appended to it any more; ``end`` is its last good entry."""
        self.db.execute(
            "UPDATE chain SET closed=?, n=?, hash=? WHERE stream=? AND device=? AND run=?",
            (reason, end.n, end.hash, chain.stream, chain.device, chain.run),
        )

    def closed_chain(self, stream: bytes, device: bytes) -> tuple[bytes, str] | None:
        """(hash of the last good entry, reason) of a chain that was closed before its successor had an entry."""
        row = self.db.execute(
            "SELECT hash, closed FROM chain WHERE stream=? AND device=? AND closed IS NOT NULL ORDER BY n DESC LIMIT 1",
            (stream, device),
        ).fetchone()
        return (row[0], row[1]) if row else None

    def entry_at(self, chain: ChainId, n: int) -> tuple[bytes, str | None] | None:
        """(hash, why held) of a chain's entry in this place; the good one if there are several."""
        row = self.db.execute(
            "SELECT hash, held FROM entry WHERE stream=? AND device=? AND run=? AND n=?"
            " ORDER BY held IS NOT NULL LIMIT 1",
            (chain.stream, chain.device, chain.run, n),
        ).fetchone()
        return (row[0], row[1]) if row else None

    def rows(self, after: int = 0, batch: int = 2000) -> Iterator[Sequence[Row]]:
        """All sealed and clear entries in order, in batches; used by replay."""
        while True:
            found = self.db.execute(
                "SELECT seq, raw, received, number, held FROM entry WHERE seq > ? ORDER BY seq LIMIT ?",
                (after, batch),
            ).fetchall()
            if not found:
                return
            yield [Row(*row) for row in found]
            after = found[-1][0]

    def by_seq(self, seqs: Iterable[int]) -> dict[int, Row]:
        """Some entries by their number here."""
        wanted = list(seqs)
        found: dict[int, Row] = {}
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            sql = f"SELECT seq, raw, received, number, held FROM entry WHERE seq IN ({','.join('?' * len(part))})"
            found.update((row[0], Row(*row)) for row in self.db.execute(sql, part))
        return found

    def stream_rows(self, stream: bytes, after: int) -> Iterator[tuple[int, bytes]]:
        """(position, hash) of a stream's known entries beyond a position, in order."""
        yield from self.db.execute(
            "SELECT position, hash FROM entry WHERE stream=? AND position > ? ORDER BY position, seq", (stream, after)
        )

    def clear_rows(self, stream: bytes) -> list[ClearRow]:
        """A stream's entries that are signed but not secret, in the server's order; those not placed yet come last."""
        found = self.db.execute(
            "SELECT seq, hash, raw, position FROM entry WHERE stream=? AND suite=0 AND held IS NULL"
            " ORDER BY position IS NULL, position, seq",
            (stream,),
        )
        return [ClearRow(*row) for row in found]

    def held_rows(self, reasons: Collection[str] = (), which: str = "held IS NOT NULL") -> list[Row]:
        """What is held, all or for these reasons."""
        which = f"held IN ({','.join('?' * len(reasons))})" if reasons else which
        sql = f"SELECT seq, raw, received, number, held FROM entry WHERE {which} ORDER BY seq"
        return [Row(*row) for row in self.db.execute(sql, tuple(reasons))]

    def any_held(self) -> bool:
        return self.db.execute("SELECT 1 FROM entry WHERE held IS NOT NULL LIMIT 1").fetchone() is not None

    def streams_of(self, seqs: Sequence[int]) -> list[bytes]:
        """The streams of these entries, the newest one's last."""
        found: dict[bytes, int] = {}
        for start in range(0, len(seqs), 500):
            part = seqs[start : start + 500]
            sql = f"SELECT stream, max(seq) FROM entry WHERE seq IN ({','.join('?' * len(part))}) GROUP BY stream"
            for stream, seq in self.db.execute(sql, part):
                found[stream] = max(seq, found.get(stream, 0))
        return sorted(found, key=lambda stream: found[stream])

    def hash_of(self, seq: int) -> bytes:
        row = self.db.execute("SELECT hash FROM entry WHERE seq=?", (seq,)).fetchone()
        return bytes(row[0]) if row else b""

    def last(self) -> int:
        """The newest entry that is here to stay: what lies apart for others is forgotten some day."""
        return self.count(
            "SELECT (SELECT seq FROM entry WHERE held IS NOT 'carried' AND held IS NOT 'unproven'"
            " ORDER BY seq DESC LIMIT 1)"
        )

    def hold(self, seq: int, reason: str | None) -> None:
        self.db.execute("UPDATE entry SET held=? WHERE seq=?", (reason, seq))

    # -- outbox -------------------------------------------------------------------------------------------------

    def outbox(self, limit: int, after: int = 0) -> list[tuple[int, bytes, bytes, int]]:
        """(seq, hash, raw, own) of what waits for delivery, in the order it was written."""
        return self.db.execute(
            "SELECT e.seq, e.hash, e.raw, e.own FROM outbox o JOIN entry e USING (seq)"
            " WHERE o.seq > ? ORDER BY o.seq LIMIT ?",
            (after, limit),
        ).fetchall()

    def trace(self, seq: int) -> None:
        """An entry that nobody saved: the program noted it. It is delivered like any other, and not counted, which must
        be told apart while locked too."""
        self.db.execute("INSERT INTO trace VALUES (?)", (seq,))

    def requeue(self, where: str, values: Sequence[Any]) -> None:
        """Entries that the server turned out to lack wait again."""
        self.db.execute(f"INSERT OR IGNORE INTO outbox SELECT seq FROM entry WHERE {where}", values)

    def count(self, sql: str, *values: Any) -> int:
        row = self.db.execute(sql, values).fetchone()
        return int(row[0] or 0)

    # -- feeds --------------------------------------------------------------------------------------------------

    def feed(self, stream: bytes) -> Witness:
        """Up to where a stream is known without a gap, and its running hash there."""
        row = self.db.execute("SELECT position, running FROM feed WHERE stream=?", (stream,)).fetchone()
        return Witness(row[0], row[1]) if row else Witness()

    def set_feed(self, stream: bytes, witness: Witness, head: int) -> None:
        self.db.execute(
            "INSERT INTO feed VALUES (?,?,?,?) ON CONFLICT DO UPDATE SET position=excluded.position,"
            " running=excluded.running, head=max(head, excluded.head)",
            (stream, witness.position, witness.running, head),
        )

    def feeds(self) -> dict[bytes, tuple[Witness, int]]:
        """Per stream what is known without a gap, and the highest position heard of."""
        return {
            row[0]: (Witness(row[1], row[2]), row[3])
            for row in self.db.execute("SELECT stream, position, running, head FROM feed")
        }

    # -- health -------------------------------------------------------------------------------------------------

    def check(self) -> None:
        """SQLite's own integrity check; raises :class:`Damaged`."""
        answers = [row[0] for row in self.db.execute("PRAGMA quick_check")]
        if answers != ["ok"]:
            raise Damaged("journal_damaged", pages=len(answers))
