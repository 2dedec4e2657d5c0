"""The heads of the streams that a device is served."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from goes_mobile.protocol import wire
from goes_mobile.protocol.service import PATHS
from sync_server.api.messages import answer, documented, service_of

router = APIRouter(tags=["streams"])


@router.post(PATHS["streams"], **documented(wire.StreamsAnswer, problems=("not_allowed", "too_old"), session=True))
async def streams(request: Request) -> Response:
    """Position and running hash of each; served while the control log is awaited, too. The body is not looked at."""
    return answer(await service_of(request).streams())
