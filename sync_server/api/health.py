"""For those who run the server: does it live, how busy is it."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from sync_server.api.messages import server_of
from sync_server.metrics import CONTENT_TYPE

router = APIRouter(tags=["operation"])


@router.get("/healthz", responses={503: {"description": "The database does not answer"}})
async def healthz(request: Request) -> JSONResponse:
    """200 as long as the database answers."""
    await server_of(request).alive()
    return JSONResponse({"status": "ok"})


@router.get(
    "/metrics", response_class=Response, responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}
)
async def metrics(request: Request) -> Response:
    """Prometheus. Counts and durations only: no organisation, no device."""
    server = server_of(request)
    server.metrics.polls.set(server.hub.count())
    return Response(server.metrics.text(), media_type=CONTENT_TYPE)
