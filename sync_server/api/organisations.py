"""Founding an organisation."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from goes_mobile.protocol import wire
from goes_mobile.protocol.service import PATHS
from sync_server.api.messages import BATCH, answer, documented, read, server_of

router = APIRouter(tags=["organisations"])
_PROBLEMS = ("setup_token_wrong", "organisation_exists")


@router.post(PATHS["found"], **documented(wire.Nothing, wire.FoundRequest, _PROBLEMS))
async def found(request: Request) -> Response:
    """A new organisation, once, with the setup token that `init` printed."""
    return answer(await server_of(request).found(await read(request, wire.FoundRequest, BATCH)))
