"""Photos and documents: sealed chunks in and out."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from goes_mobile.protocol import wire
from goes_mobile.protocol.service import PATHS
from sync_server.api.messages import BATCH, answer, documented, read, service_of

router = APIRouter(tags=["blobs"])
_PUTTING = ("not_allowed", "unknown_stream", "blob_differs", "no_room")


@router.post(PATHS["ask_blobs"], **documented(wire.BlobsAnswer, wire.BlobsAsk, session=True))
async def ask_blobs(request: Request) -> Response:
    """Which chunks of these blobs are here, so that only the others are sent or fetched."""
    return answer(await service_of(request).ask_blobs(await read(request, wire.BlobsAsk)))


@router.post(PATHS["put_chunks"], **documented(wire.Nothing, wire.ChunksPut, _PUTTING, session=True))
async def put_chunks(request: Request) -> Response:
    """At most four chunks; the same again changes nothing."""
    return answer(await service_of(request).put_chunks(await read(request, wire.ChunksPut, BATCH)))


@router.post(
    PATHS["get_chunks"],
    **documented(wire.ChunksAnswer, wire.ChunksGet, ("feed_restarted", "not_allowed", "too_old"), session=True),
)
async def get_chunks(request: Request) -> Response:
    """Those of the chunks that are here; only for who is served their stream."""
    return answer(await service_of(request).get_chunks(await read(request, wire.ChunksGet)))
