"""Entries in and out: push, pull, back-fill."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from goes_mobile.protocol import wire
from goes_mobile.protocol.service import PATHS
from sync_server.api.messages import BATCH, answer, documented, read, service_of

router = APIRouter(tags=["entries"])
_READING = ("feed_restarted", "not_allowed", "too_old")


@router.post(PATHS["push"], **documented(wire.PushAnswer, wire.PushRequest, ("not_allowed",), session=True))
async def push(request: Request) -> Response:
    """At most 500 entries or 1 MiB; the same again is answered the same again."""
    return answer(await service_of(request).push(await read(request, wire.PushRequest, BATCH)))


@router.post(PATHS["pull"], **documented(wire.PullAnswer, wire.PullRequest, _READING, session=True))
async def pull(request: Request) -> Response:
    """What came after the cursor in the streams of this device; waits up to 25 s if asked."""
    return answer(await service_of(request).pull(await read(request, wire.PullRequest)))


@router.post(PATHS["backfill"], **documented(wire.BackfillAnswer, wire.BackfillRequest, _READING, session=True))
async def backfill(request: Request) -> Response:
    """A stream's entries after a position."""
    return answer(await service_of(request).backfill(await read(request, wire.BackfillRequest)))
