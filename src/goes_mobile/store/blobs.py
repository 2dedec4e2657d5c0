"""Blobs on this device: sealed chunks in the journal's file, and how far each has come.

Which blobs there are, the records say (their fields marked ``blob``); an own one is written in the transaction of its
record. What lies here in clear (ids, counts, what the server has) is what the server knows too, so a locked device goes
on delivering. Fetched is what a living record names, small ones first: previews and letters always, of what is larger
the newest, the rest when somebody asks for it. A chunk is kept only if it opens.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from goes_mobile.protocol.blobs import BLOBS_AT_ONCE, BlobRef, SealedBlob
from goes_mobile.protocol.clear import Order
from goes_mobile.protocol.keys import ID
from goes_mobile.protocol.operation import Operation
from goes_mobile.protocol.problems import CannotWrite, Damaged, Malformed
from goes_mobile.records import registry
from goes_mobile.records.base import TABLES
from goes_mobile.store.journal import Journal
from goes_mobile.store.projection import Projection

BY_ITSELF = 50 * 2**20
"""Bytes of what is larger than a chunk that are fetched unasked, the newest first."""
_HERE = "(SELECT count(*) FROM chunk WHERE blob = ?)"


@dataclass(frozen=True, slots=True)
class OpenBlob:
    """A blob that is not yet both here and at the server. ``here`` are the numbers of its chunks on this device."""

    stream: bytes
    id: bytes
    count: int
    here: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BlobState:
    """How many of a blob's chunks there are, are here, are at the server as far as it is known. ``wanted``: it is
    fetched by itself, or somebody has asked for it."""

    count: int
    here: int
    sent: int
    wanted: bool


@dataclass(frozen=True, slots=True)
class Forged:
    """Chunks that the server gave and that are not what was sealed."""

    code: str = "chunk_forged"


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of chunks handed to the store."""

    new: int
    held: int = 0
    findings: tuple[Forged, ...] = ()


@dataclass(frozen=True, slots=True)
class _Named:
    """A blob as a record names it."""

    kind: str
    record: str
    stream: bytes
    ref: BlobRef = field(repr=False)
    made: datetime | None


Announce = Callable[[Mapping[str, Iterable[str]]], None]
Find = Callable[[str, Mapping[str, int | str]], None]


class Blobs:
    """One profile's. :meth:`unlocked` brings the projection, which names blobs and has their keys."""

    def __init__(self, journal: Journal, organisation: bytes, find: Find) -> None:
        self._journal = journal
        self._organisation = organisation
        self._find = find
        self._projection: Projection | None = None
        self._announce: Announce = lambda _: None
        self._named: dict[bytes, _Named] = {}
        self._heard: dict[tuple[bytes, bytes], int] = {}
        self._forged: set[bytes] = set()
        self._asked: set[bytes] = set()
        self._wanted: set[bytes] | None = None

    def unlocked(self, projection: Projection, announce: Announce) -> None:
        self._projection, self._announce = projection, announce

    def locked(self) -> None:
        self._projection = None
        self._announce = lambda _: None
        self._named = {}
        self._forged, self._asked, self._wanted = set(), set(), None

    # -- which there are --------------------------------------------------------------------------------------------

    def learn(self, changed: Mapping[str, Collection[str]]) -> None:
        """Records came or changed: what they name is wanted here, and at the server in their stream."""
        rows = [
            (named.stream, named.ref.id, named.ref.count, named.ref.id)
            for kind, records in changed.items()
            for named in self._of(kind, records)
        ]
        if rows:
            self._wanted = None
            with contextlib.suppress(CannotWrite), self._transaction():  # learnt again when it is next unlocked
                self._journal.db.executemany(f"INSERT OR IGNORE INTO blob VALUES (?, ?, ?, {_HERE}, 0)", rows)

    def sweep(self) -> None:
        """What no living record names any more and the server has is not kept here; undoing fetches it again."""
        living = {named.ref.id for kind in registry.kinds() for named in self._of(kind.name)}
        rows = self._journal.db.execute("SELECT id FROM blob GROUP BY id HAVING min(sent - count) >= 0")
        gone = [(blob,) for (blob,) in rows.fetchall() if blob not in living]
        if gone:
            with self._transaction():
                self._journal.db.executemany("DELETE FROM chunk WHERE blob = ?", gone)
                self._journal.db.executemany("DELETE FROM blob WHERE id = ?", gone)

    def _of(self, kind: str, records: Collection[str] | None = None) -> Iterator[_Named]:
        """What the living records of a kind (or these of them) name."""
        if self._projection is None or not registry.known(kind) or not registry.kind(kind).blobs:
            return
        table = TABLES.tables[kind]
        wanted = [None] if records is None else [list(records)[at : at + 500] for at in range(0, len(records), 500)]
        for part in wanted:
            query = table.select().where(table.c.deleted.is_(False))
            query = query if part is None else query.where(table.c.id.in_(part))
            with self._projection.engine.connect() as connection:
                rows = connection.execute(query).mappings().all()
            for row in rows:
                yield from self._in_row(kind, dict(row))

    def _in_row(self, kind: str, row: Mapping[str, Any]) -> Iterator[_Named]:
        stream = registry.stream(kind, row).id(self._organisation)
        for info in registry.kind(kind).blobs:
            with contextlib.suppress(Malformed):
                if row[info.name]:
                    named = _Named(kind, row["id"], stream, BlobRef.read(row[info.name]), row["created_at"])
                    self._named[named.ref.id] = named
                    yield named

    def _name(self, blob: bytes) -> _Named | None:
        if blob not in self._named:
            for kind in registry.kinds():
                for _ in self._of(kind.name):  # each is remembered on its way
                    pass
        return self._named.get(blob)

    # -- own --------------------------------------------------------------------------------------------------------

    def append(self, stream: bytes, blobs: Iterable[SealedBlob]) -> None:
        """Own blobs, inside the transaction that writes their record."""
        for blob in blobs:
            self._journal.db.executemany(
                "INSERT INTO chunk VALUES (?, ?, ?)",
                [(blob.ref.id, number, sealed) for number, sealed in enumerate(blob.chunks)],
            )
            self._journal.db.execute(
                "INSERT INTO blob VALUES (?, ?, ?, ?, 0)", (stream, blob.ref.id, blob.ref.count, blob.ref.count)
            )

    def read(self, ref: BlobRef) -> bytes:
        """The content, in memory alone; :class:`Damaged` (``blob_incomplete``) while it is not all here."""
        chunks = dict(self.chunks(ref.id, range(ref.count)))
        try:
            return ref.join(chunks)
        except Damaged as error:
            if error.code == "blob_damaged":
                self._fetch_again(ref, chunks)
            raise

    def _fetch_again(self, ref: BlobRef, chunks: Mapping[int, bytes]) -> None:
        """What the disk has damaged is fetched again from the server, if it has it."""
        bad = [number for number, sealed in chunks.items() if not _opens(ref, number, sealed)]
        with self._transaction():
            self._journal.db.executemany("DELETE FROM chunk WHERE blob=? AND number=?", [(ref.id, n) for n in bad])
            self._count(ref.id)
            self._find("damaged_blob", {"blob": ref.id.hex()})

    def state(self, ref: BlobRef) -> BlobState:
        row = self._journal.db.execute("SELECT max(here), min(sent) FROM blob WHERE id=?", (ref.id,)).fetchone()
        return BlobState(ref.count, row[0] or 0, row[1] or 0, self._is_wanted(ref.id))

    def at_server(self, stream: bytes, blob: bytes) -> bool:
        """Whether all of it is there, in this stream."""
        row = self._journal.db.execute(
            "SELECT sent >= count FROM blob WHERE stream=? AND id=?", (stream, blob)
        ).fetchone()
        return bool(row and row[0])

    def damaged(self) -> list[bytes]:
        """Blobs of which a chunk on this disk does not open; looks at every one."""
        found = []
        for named in [named for kind in registry.kinds() for named in self._of(kind.name)]:
            chunks = self.chunks(named.ref.id, range(named.ref.count))
            if not all(_opens(named.ref, number, sealed) for number, sealed in chunks):
                found.append(named.ref.id)
        return found

    # -- what is wanted here ----------------------------------------------------------------------------------------

    def ask(self, blob: bytes) -> None:
        """Somebody wants to see it: fetched in the next round, until locked."""
        self._asked.add(blob)
        self._tell(blob)

    def _is_wanted(self, blob: bytes) -> bool:
        if self._projection is None:
            return True  # whoever is locked fetches nothing anyway
        if self._wanted is None:
            self._wanted = self._newest()
        return blob in self._wanted or blob in self._asked

    def _newest(self) -> set[bytes]:
        """All small ones, and of the others as many of the newest as there is room for."""
        every = {named.ref.id: named for kind in registry.kinds() for named in self._of(kind.name)}
        wanted = {blob for blob, named in every.items() if named.ref.count == 1}
        room = BY_ITSELF
        large = [named for blob, named in every.items() if blob not in wanted]
        for named in sorted(large, key=lambda named: named.made.timestamp() if named.made else 0, reverse=True):
            room -= named.ref.size
            if room < 0:
                break
            wanted.add(named.ref.id)
        return wanted

    # -- sending and fetching ---------------------------------------------------------------------------------------

    def open(self, limit: int = BLOBS_AT_ONCE) -> list[OpenBlob]:
        """What has to be sent or fetched: what was not asked for lately first, then the small ones."""
        rows = self._journal.db.execute(
            "SELECT stream, id, count, here = count FROM blob WHERE here < count OR sent < count ORDER BY count"
        ).fetchall()
        moved = Counter(row[1] for row in rows)  # must be fetched to be brought to its other stream
        rows = [
            row for row in rows
            if row[1] not in self._forged and (row[3] or moved[row[1]] > 1 or self._is_wanted(row[1]))
        ]  # fmt: skip
        rows.sort(key=lambda row: self._heard.get((row[0], row[1]), 0))
        return [OpenBlob(stream, blob, count, self._numbers(blob)) for stream, blob, count, _ in rows[:limit]]

    def heard(self, stream: bytes, blob: bytes, sent: int) -> None:
        """So many of its chunks are at the server."""
        self._heard[stream, blob] = self._heard.get((stream, blob), 0) + 1
        with self._transaction():
            moved = self._journal.db.execute(
                "UPDATE blob SET sent=? WHERE stream=? AND id=? AND sent<>?", (sent, stream, blob, sent)
            ).rowcount
        if moved:
            self._tell(blob)

    def chunks(self, blob: bytes, numbers: Iterable[int]) -> list[tuple[int, bytes]]:
        """Those of these chunks that are here."""
        wanted = list(numbers)
        sql = f"SELECT number, sealed FROM chunk WHERE blob=? AND number IN ({','.join('?' * len(wanted))})"
        return self._journal.db.execute(sql, (blob, *wanted)).fetchall()

    def keep(self, blob: bytes, chunks: Sequence[tuple[int, bytes]]) -> Kept:
        """Chunks from the server, each if it opens. A blob of which one does not is left alone until unlocked anew."""
        named = self._name(blob)
        if named is None:
            return Kept(0)
        good = [(blob, number, sealed) for number, sealed in chunks if _opens(named.ref, number, sealed)]
        with self._transaction():
            self._journal.db.executemany("INSERT OR IGNORE INTO chunk VALUES (?, ?, ?)", good)
            self._count(blob)
            if len(good) < len(chunks):
                self._forged.add(blob)
                self._find(Forged().code, {"blob": blob.hex()})
        self._tell(blob)
        return Kept(len(good), findings=(Forged(),) if len(good) < len(chunks) else ())

    def feed_restarted(self) -> None:
        """Inside the transaction: a restored server may lack any of them; it is asked."""
        self._journal.db.execute("UPDATE blob SET sent=0")

    # -- erasure ----------------------------------------------------------------------------------------------------

    def of_stream(self, stream: bytes) -> list[bytes]:
        return [blob for (blob,) in self._journal.db.execute("SELECT id FROM blob WHERE stream=?", (stream,))]

    # -- small things -----------------------------------------------------------------------------------------------

    def _numbers(self, blob: bytes) -> tuple[int, ...]:
        rows = self._journal.db.execute("SELECT number FROM chunk WHERE blob=? ORDER BY number", (blob,))
        return tuple(number for (number,) in rows)

    def _count(self, blob: bytes) -> None:
        self._journal.db.execute(f"UPDATE blob SET here={_HERE} WHERE id=?", (blob, blob))

    def _tell(self, blob: bytes) -> None:
        named = self._name(blob)
        if named is not None:
            self._announce({named.kind: {named.record}})

    def _transaction(self) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext() if self._journal.db.in_transaction else self._journal.transaction()


def _opens(ref: BlobRef, number: int, sealed: bytes) -> bool:
    try:
        ref.open(number, sealed)
    except Damaged:
        return False
    return True


def named_by(kind: str, operations: Iterable[Operation]) -> list[bytes]:
    """The ids of the blobs that operations of a kind name."""
    found: dict[bytes, None] = {}
    for operation in operations:
        for info in registry.kind(kind).blobs:
            with contextlib.suppress(Malformed):
                found[BlobRef.read(str(operation.set.get(info.name, ""))).id] = None
    return [*found]


def drop(journal: Journal, order: Order) -> int:
    """The blobs that an order takes go, inside a transaction: of an erased stream all, else those it names. One that
    lives in another stream too stays for that one. How many went from this stream."""
    execute = journal.db.execute
    if order.action == "erase":
        gone = execute("DELETE FROM blob WHERE stream=?", (order.stream,)).rowcount
    else:
        gone = sum(
            execute("DELETE FROM blob WHERE stream=? AND id=?", (order.stream, named)).rowcount
            for named in order.entries if len(named) == ID
        )  # fmt: skip
    if gone:
        execute("DELETE FROM chunk WHERE blob NOT IN (SELECT id FROM blob)")
    return gone
