"""Blobs: sealed chunks of what is too large for an entry. Tied to a stream, whose access list is theirs too."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, func, select

from goes_mobile.protocol import wire
from goes_mobile.protocol.blobs import CHUNK, SEAL, chunks_of
from goes_mobile.protocol.problems import problem
from sync_server import grants
from sync_server.bulk import insert_rows
from sync_server.callers import Visit
from sync_server.core import Core
from sync_server.serving import may_read
from sync_server.tables import Blob, BlobChunk, EntryRow, Stream, tables

_blob, _chunk, _stream, _entry = tables(Blob, BlobChunk, Stream, EntryRow)


def ask(core: Core, token: str, request: wire.BlobsAsk) -> wire.BlobsAnswer:
    """What is here of these; nothing about streams that are not the caller's."""
    with core.database.read() as connection:
        visit = core.callers.enter(connection, token, reads=False)
        open_to_them = {
            stream for stream in {place.stream for place in request.blobs} if _may_put(connection, visit, stream)
        }
        c = _chunk.c
        rows = connection.execute(
            select(c.stream, c.blob, c.number)
            .where(c.organisation == visit.known.id, c.blob.in_({place.blob for place in request.blobs}))
            .order_by(c.number)
        )
        here: dict[tuple[bytes, bytes], list[int]] = defaultdict(list)
        for stream, blob, number in rows:
            here[stream, blob].append(number)
    return wire.BlobsAnswer(blobs=tuple(
        wire.BlobHere(stream=place.stream, blob=place.blob, chunks=tuple(here[place.stream, place.blob]))
        for place in dict.fromkeys(request.blobs) if place.stream in open_to_them and (place.stream, place.blob) in here
    ))  # fmt: skip


def put(core: Core, token: str, request: wire.ChunksPut) -> wire.Nothing:
    """Durable when this returns; idempotent. Room is asked for once, at a blob's beginning: what began may be ended."""
    if any(number >= request.count for number, _ in request.chunks):
        raise problem("malformed", reason="chunk")
    if request.count > chunks_of(core.settings.blob_bytes):
        raise problem("too_large")
    with core.database.write() as connection:
        visit = core.callers.enter(connection, token, reads=False, lock=True)
        organisation = visit.known.id
        if not _known(connection, organisation, request.stream):
            raise problem("unknown_stream")
        if not _may_put(connection, visit, request.stream) or visit.known.ledger.removed(request.stream, request.blob):
            raise problem("not_allowed")  # from a device that has not heard of the order yet, too
        _begin(core, connection, organisation, request)
        key = {"organisation": organisation, "blob": request.blob, "stream": request.stream}
        here = _sealed(connection, organisation, request.stream, request.blob, {number for number, _ in request.chunks})
        new: dict[int, bytes] = {}
        for number, sealed in request.chunks:
            if here.get(number, new.setdefault(number, sealed)) != sealed:
                raise problem("blob_differs")
        insert_rows(connection, _chunk, [
            {**key, "number": number, "checksum": checksum(request, number, sealed), "sealed": sealed}
            for number, sealed in new.items() if number not in here
        ])  # fmt: skip
    return wire.Nothing()


def get(core: Core, token: str, request: wire.ChunksGet) -> wire.ChunksAnswer:
    with core.database.read() as connection:
        visit = core.callers.enter(connection, token, reads=True)
        if visit.row.awaiting_control:
            raise core.restarted(visit.row)
        if visit.caller.delivery or not may_read(connection, visit, request.stream):
            raise problem("not_allowed")
        found = _sealed(connection, visit.known.id, request.stream, request.blob, set(request.chunks))
    return wire.ChunksAnswer.model_construct(chunks=tuple(sorted(found.items())))


def checksum(of: Any, number: int, sealed: bytes) -> int:
    """Over a chunk and its place: ``of`` has stream, blob and count. Only readers can tell whether it opens."""
    place = of.stream + of.blob + number.to_bytes(4, "big") + of.count.to_bytes(4, "big")
    return zlib.crc32(sealed, zlib.crc32(place))


def _begin(core: Core, connection: Connection, organisation: bytes, request: wire.ChunksPut) -> None:
    b = _blob.c
    count = connection.scalar(
        select(b.count).where(b.organisation == organisation, b.stream == request.stream, b.blob == request.blob)
    )
    if count is None:
        promised = connection.scalar(select(func.coalesce(func.sum(b.count), 0)).where(b.organisation == organisation))
        if (int(promised or 0) + request.count) * (CHUNK + SEAL) > core.settings.blobs_bytes:
            raise problem("no_room")
        insert_rows(connection, _blob, [{
            "organisation": organisation, "stream": request.stream, "blob": request.blob, "count": request.count,
        }])  # fmt: skip
    elif count != request.count:
        raise problem("blob_differs")


def _known(connection: Connection, organisation: bytes, stream: bytes) -> bool:
    s = _stream.c
    return connection.scalar(select(s.position).where(s.organisation == organisation, s.stream == stream)) is not None


def _may_put(connection: Connection, visit: Visit, stream: bytes) -> bool:
    """Who is served a stream, and who has written in it: what somebody recorded before a share ended still comes."""
    if visit.principal.sort != "device" or stream == visit.known.control:
        return False
    if not visit.names.isdisjoint(grants.recipients(connection, visit.known.id, [stream])):
        return True
    e = _entry.c
    own = select(e.number).where(e.organisation == visit.known.id, e.stream == stream, e.device == visit.principal.id)
    return connection.execute(own.limit(1)).first() is not None


def _sealed(connection: Connection, organisation: bytes, stream: bytes, blob: bytes,
            numbers: Collection[int]) -> dict[int, bytes]:  # fmt: skip
    c = _chunk.c
    mine = (c.organisation == organisation, c.blob == blob, c.stream == stream, c.number.in_(numbers))
    return {number: bytes(sealed) for number, sealed in connection.execute(select(c.number, c.sealed).where(*mine))}
