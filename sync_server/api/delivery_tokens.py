"""The token with which a locked device still delivers."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from goes_mobile.protocol import wire
from goes_mobile.protocol.service import PATHS
from sync_server.api.messages import answer, documented, read, service_of

router = APIRouter(tags=["delivery tokens"])


@router.post(
    PATHS["put_delivery_token"], **documented(wire.Nothing, wire.DeliveryToken, ("not_allowed",), session=True)
)
async def put_delivery_token(request: Request) -> Response:
    """The hash of this device's token; a new one replaces the old."""
    return answer(await service_of(request).put_delivery_token(await read(request, wire.DeliveryToken)))
