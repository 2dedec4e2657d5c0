"""The feed in the database: appending in bulk, scanning by number. Statements, no decisions.

Everything here is SQLAlchemy Core in batches: one statement a table, never one a row.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, case, exists, func, or_, select, true, tuple_, update

from goes_mobile.protocol.entry import ChainEnd, ChainId, Entry, running
from goes_mobile.protocol.wire import Head, Receipt, RemoteEntry
from sync_server.batch import Here, KnownEntry
from sync_server.bulk import array, insert_rows
from sync_server.tables import Chain, EntryRow, Organisation, Recipient, Stream, tables

CHUNK = 500
MAX_ANSWER_BYTES = 8 * 1024 * 1024
_entry, _stream, _chain, _organisation, _recipient = tables(EntryRow, Stream, Chain, Organisation, Recipient)
_PLACE = ("run", "n")
_ASKED = f"unnest({', '.join(array(_entry, name) for name in _PLACE)}) AS asked ({', '.join(_PLACE)})"
_AT_PLACES = (
    "SELECT stream, device, run, n, hash, number, position, received_ms"  # noqa: S608  # names of our own
    f" FROM entry JOIN {_ASKED} USING ({', '.join(_PLACE)}) WHERE organisation = %(organisation)s"
)


def chunks(items: Collection[Any]) -> Iterable[list[Any]]:
    listed = list(items)
    return (listed[start : start + CHUNK] for start in range(0, len(listed), CHUNK))


# -- reading -------------------------------------------------------------------------------------------------------

_CHAINS = select(_chain.c.run, _chain.c.device, _chain.c.stream, _chain.c.n, _chain.c.hash).where(
    _chain.c.organisation == bindparam("organisation"), _chain.c.run.in_(bindparam("runs", expanding=True))
)


def chain_ends(connection: Connection, organisation: bytes, chains: Collection[ChainId]) -> dict[ChainId, ChainEnd]:
    """Where these chains end here. A run is random, so it finds its chain alone."""
    ends = {}
    for runs in chunks({chain.run for chain in chains}):
        for run, device, stream, n, entry_hash in connection.execute(
            _CHAINS, {"organisation": organisation, "runs": runs}
        ):
            ends[ChainId(stream, device, run)] = ChainEnd(n, entry_hash)
    return ends


def already_here(connection: Connection, organisation: bytes, asked: Sequence[tuple[ChainId, int]]) -> Here:
    """Hash and receipt of the entries at these places of their chains."""
    found: dict[tuple[ChainId, int], KnownEntry] = {}
    for part in chunks(asked):
        places = [(chain.run, n) for chain, n in part]
        for row in _at_places(connection, organisation, places):
            receipt = (row.hash, row.number, row.position, row.received_ms)
            found[ChainId(row.stream, row.device, row.run), row.n] = (row.hash, receipt)
    return found


def _at_places(connection: Connection, organisation: bytes, places: list[tuple[bytes, int]]) -> Any:
    if connection.dialect.name == "postgresql":
        columns = dict(zip(_PLACE, map(list, zip(*places, strict=True)), strict=True))
        return connection.exec_driver_sql(_AT_PLACES, columns | {"organisation": organisation})
    e = _entry.c
    here = tuple_(e.run, e.n).in_(places)
    columns_ = (e.stream, e.device, e.run, e.n, e.hash, e.number, e.position, e.received_ms)
    return connection.execute(select(*columns_).where(e.organisation == organisation, here))


def stream_heads(
    connection: Connection, organisation: bytes, streams: Collection[bytes]
) -> dict[bytes, tuple[int, bytes]]:
    """Position and running hash of these streams; what is missing has none yet."""
    s = _stream.c
    heads = {}
    for part in chunks(streams):
        rows = connection.execute(
            select(s.stream, s.position, s.running).where(s.organisation == organisation, s.stream.in_(part))
        )
        heads.update({stream: (position, head) for stream, position, head in rows})
    return heads


def head(connection: Connection, organisation: bytes, stream: bytes) -> Head:
    position, running_hash = stream_heads(connection, organisation, [stream]).get(stream, (0, b""))
    return Head(stream=stream, position=position, running=running_hash)


def readable(names: Collection[bytes]) -> Any:
    """Streams with a live epoch granted to one of these."""
    return select(_recipient.c.stream).where(
        _recipient.c.organisation == bindparam("organisation"), _recipient.c.recipient.in_(list(names)),
        _recipient.c.upto.is_(None),
    )  # fmt: skip


def ended(connection: Connection, organisation: bytes, names: Collection[bytes],
          streams: Collection[bytes] | None = None) -> list[Head]:  # fmt: skip
    """The ends of the streams that are served to none of these any more, as far as they were: all, or some."""
    e, r = _entry.c, _recipient.c
    mine = (r.organisation == organisation) & r.recipient.in_(list(names))
    if streams is not None:
        mine &= r.stream.in_(list(streams))
    last = (
        select(r.stream, func.max(r.upto).label("upto"))
        .where(mine)
        .group_by(r.stream)
        .having(func.count() == func.count(r.upto))
        .subquery()
    )
    rows = connection.execute(
        select(e.stream, e.position, e.running)
        .join(last, (e.stream == last.c.stream) & (e.position == last.c.upto))
        .where(e.organisation == organisation)
    )
    return [Head(stream=stream, position=position, running=running_hash) for stream, position, running_hash in rows]


@dataclass(frozen=True, slots=True)
class Scan:
    """What lies between two numbers for one reader; ``upto`` is how far was looked."""

    entries: list[RemoteEntry]
    heads: list[Head]
    upto: int


def scan(connection: Connection, organisation: bytes, control: bytes, reader: bytes, names: Collection[bytes],
         after: int, upto: int, limit: int) -> Scan:  # fmt: skip
    """By number, never by position: entries of a stream that was opened to the reader meanwhile come in their order.

    Whoever was let out of a stream gets back what they wrote there: by that they see that a receipt was kept.
    """
    e, r = _entry.c, _recipient.c
    within = or_(r.upto.is_(None), e.position <= r.upto)
    listed = exists().where(r.organisation == e.organisation, r.stream == e.stream, r.recipient.in_(list(names)))
    served = or_(e.stream == control, listed.where(within))
    mine = or_(e.stream == control, listed.where(or_(within, e.device == reader)))
    is_served = case((e.device != reader, true()), else_=served)  # of others' entries ``mine`` has told already
    rows = connection.execute(
        select(e.number, e.position, e.received_ms, e.raw, e.stream, e.running, is_served)
        .where(e.organisation == organisation, e.number > after, e.number <= upto, mine)
        .order_by(e.number)
        .limit(limit + 1)
        .execution_options(yield_per=CHUNK)
    )
    entries: list[RemoteEntry] = []
    heads: dict[bytes, tuple[int, bytes]] = {}
    apart: set[bytes] = set()
    size = 0
    for number, position, received_ms, raw, stream, running_hash, shown in rows:
        size += len(raw)
        if len(entries) == limit or (entries and size > MAX_ANSWER_BYTES):
            upto = number - 1
            break
        entries.append((number, position, received_ms, raw))
        if shown:
            heads[stream] = (position, running_hash)
        else:
            apart.add(stream)
    rows.close()
    known = [Head(stream=s, position=p, running=h) for s, (p, h) in heads.items()]
    if apart := apart - heads.keys():
        known += ended(connection, organisation, names, apart)
    return Scan(entries, known, upto)


def backfill(connection: Connection, organisation: bytes, stream: bytes, after: int, upto: int,
             limit: int) -> list[RemoteEntry]:  # fmt: skip
    """A stream's entries between two positions, as many as an answer holds."""
    e = _entry.c
    rows = connection.execute(
        select(e.number, e.position, e.received_ms, e.raw)
        .where(e.organisation == organisation, e.stream == stream, e.position > after, e.position <= upto)
        .order_by(e.position)
        .limit(limit)
        .execution_options(yield_per=CHUNK)
    )
    entries: list[RemoteEntry] = []
    size = 0
    for row in rows:
        size += len(row.raw)
        if entries and size > MAX_ANSWER_BYTES:
            break
        entries.append(tuple(row))
    rows.close()
    return entries


def streams_between(connection: Connection, organisation: bytes, after: int, upto: int) -> set[bytes]:
    """The streams of the entries between two numbers."""
    e = _entry.c
    return set(connection.scalars(
        select(e.stream).distinct().where(e.organisation == organisation, e.number > after, e.number <= upto)
    ))  # fmt: skip


def feed_hash(connection: Connection, organisation: bytes, number: int) -> bytes | None:
    found: bytes | None = connection.scalar(
        select(_entry.c.feed_hash).where(_entry.c.organisation == organisation, _entry.c.number == number)
    )
    return found


def organisation_row(connection: Connection, organisation: bytes, *, lock: bool = False) -> Row[Any] | None:
    """The counter row; locked, it makes this transaction the one that assigns numbers."""
    statement = select(_organisation).where(_organisation.c.id == organisation)
    return connection.execute(statement.with_for_update() if lock else statement).one_or_none()


def checksum(raw: bytes, received_ms: int) -> int:
    return zlib.crc32(received_ms.to_bytes(8, "big"), zlib.crc32(raw))


def _chain_key(chain: ChainId) -> dict[str, bytes]:
    return {"stream": chain.stream, "device": chain.device, "run": chain.run}


# -- appending -----------------------------------------------------------------------------------------------------


def append(connection: Connection, counter: Row[Any], control: bytes, accepted: Sequence[Entry],
           ends: dict[ChainId, ChainEnd], now_ms: int) -> list[Receipt]:  # fmt: skip
    """Number, place and keep these entries; the counter row must be locked by this transaction."""
    organisation = counter.id
    heads = stream_heads(connection, organisation, {entry.header.stream for entry in accepted})
    number, feed = counter.number, counter.feed_hash
    rows: list[dict[str, Any]] = []
    receipts: list[Receipt] = []
    touched: dict[bytes, tuple[int, bytes]] = {}
    for entry in accepted:
        header, entry_hash = entry.header, entry.hash
        before, running_hash = touched.get(header.stream) or heads.get(header.stream, (0, b""))
        number, position = number + 1, before + 1
        running_hash = running(running_hash, entry_hash, position)
        feed = hashlib.sha256(feed + entry_hash).digest()
        touched[header.stream] = (position, running_hash)
        rows.append({
            "organisation": organisation, "number": number, "stream": header.stream, "position": position,
            "device": header.device, "run": header.run, "n": header.n, "hash": entry_hash, "running": running_hash,
            "feed_hash": feed, "received_ms": now_ms,
            "checksum": checksum(entry.raw, now_ms), "raw": entry.raw,
        })  # fmt: skip
        receipts.append((entry_hash, number, position, now_ms))
    insert_rows(connection, _entry, rows)
    insert_rows(connection, _stream, [
        {"organisation": organisation, "stream": stream, "position": position, "running": running_hash}
        for stream, (position, running_hash) in touched.items()
    ], replace=True)  # fmt: skip
    insert_rows(connection, _chain, [
        {"organisation": organisation, **_chain_key(c), "n": end.n, "hash": end.hash}
        for c, end in ends.items()
    ], replace=True)  # fmt: skip
    control_position = touched.get(control, (counter.control_position, b""))[0]
    connection.execute(
        update(_organisation)
        .where(_organisation.c.id == organisation)
        .values(number=number, feed_hash=feed, control_position=control_position)
    )
    return receipts
