"""The sealed welcome that an invite finds here."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from goes_mobile.protocol import wire
from goes_mobile.protocol.service import PATHS
from sync_server.api.messages import answer, documented, read, server_of, service_of

router = APIRouter(tags=["welcomes"])
_PROBLEMS = ("unknown_invite", "invite_expired", "invite_used", "feed_restarted", "revoked")


@router.post(PATHS["welcome"], **documented(wire.WelcomeAnswer, wire.WelcomeGet, _PROBLEMS))
async def welcome(request: Request) -> Response:
    """The welcome of an invite, which only the invite's code opens."""
    return answer(await server_of(request).welcome(await read(request, wire.WelcomeGet)))


@router.post(PATHS["put_welcome"], **documented(wire.Nothing, wire.WelcomePut, ("not_allowed",), session=True))
async def put_welcome(request: Request) -> Response:
    """Left here by whoever may invite."""
    return answer(await service_of(request).put_welcome(await read(request, wire.WelcomePut)))
