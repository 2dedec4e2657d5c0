"""Who this server is, and sessions with it."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from goes_mobile.protocol import wire
from goes_mobile.protocol.service import PATHS
from sync_server.api.messages import answer, documented, read, server_of

router = APIRouter(tags=["sessions"])
_PROBLEMS = ("unauthorised", "unknown_organisation", "revoked", "not_allowed", "invite_used", "invite_expired")


@router.post(PATHS["hello"], **documented(wire.Hello))
async def hello(request: Request) -> Response:
    """The server's id, key, versions and time, and a challenge to sign. The body is not looked at."""
    return answer(await server_of(request).hello())


@router.post(PATHS["open_session"], **documented(wire.Session, wire.SessionRequest, _PROBLEMS))
async def open_session(request: Request) -> Response:
    """A token for the principal whose key signed the challenge."""
    return answer(await server_of(request).open_session(await read(request, wire.SessionRequest)))
