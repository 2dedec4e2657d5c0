"""The application: resources, problems, one log line and one measurement for each request."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DatabaseError, OperationalError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from goes_mobile.protocol import wire
from goes_mobile.protocol.problems import GoesError, Malformed, Refused, problem
from goes_mobile.protocol.service import PATHS
from sync_server.api import (
    blobs,
    delivery_tokens,
    entries,
    health,
    messages,
    organisations,
    sessions,
    streams,
    welcomes,
)
from sync_server.core import now_ms
from sync_server.listening import listening
from sync_server.metrics import Metrics
from sync_server.service import ServerCore
from sync_server.settings import Settings

log = structlog.get_logger("sync_server")
RESOURCES = (sessions, organisations, welcomes, entries, streams, blobs, delivery_tokens, health)
_KNOWN_PATHS = frozenset({*PATHS.values(), "/healthz", "/metrics"})


def create_app(
    settings: Settings, clock: Callable[[], int] = now_ms, random: Callable[[int], bytes] = os.urandom
) -> FastAPI:
    """The server as an ASGI application. ``app.state.server`` is the service behind it; its database must have been
    initialised. Without a lifespan (tests) it works too; then ``app.state.server.close()`` is the caller's."""
    server = ServerCore(settings, clock, random)
    metrics = server.metrics

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        try:
            async with listening(server):
                yield
        finally:
            server.stop()
            server.close()

    app = FastAPI(title="GO!ES mobil sync server", version="1", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.server = server
    for resource in RESOURCES:
        app.include_router(resource.router)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    _explain_errors(app, metrics)
    app.add_middleware(Observed, metrics=metrics)
    return app


def _explain_errors(app: FastAPI, metrics: Metrics) -> None:
    def refuse(error: Refused) -> JSONResponse:
        metrics.problems.labels(error.code).inc()
        return messages.refusal(error)

    @app.exception_handler(GoesError)
    async def expected(_request: Request, error: GoesError) -> JSONResponse:
        if isinstance(error, Refused):
            return refuse(error)
        if isinstance(error, Malformed):
            return refuse(problem("malformed"))
        log.error("failed", code=error.code)
        return refuse(problem("busy"))

    @app.exception_handler(DatabaseError)
    async def database(_request: Request, error: DatabaseError) -> JSONResponse:
        """The disk is full, the database restarts: nothing was promised, so the device may come again."""
        log.error("database", error=type(error.orig).__name__, reason=getattr(error.orig, "sqlite_errorname", None))
        if isinstance(error, OperationalError):
            return refuse(problem("busy"))
        return JSONResponse(
            {"type": "about:blank", "title": "Failed", "status": 500}, 500, media_type=wire.PROBLEM_TYPE
        )

    @app.exception_handler(HTTPException)
    async def no_such(_request: Request, error: HTTPException) -> JSONResponse:
        body = {"type": "about:blank", "title": str(error.detail), "status": error.status_code}
        return JSONResponse(body, error.status_code, error.headers, media_type=wire.PROBLEM_TYPE)


def _openapi(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, routes=app.routes)
        components = schema.setdefault("components", {})
        components["schemas"] = components.get("schemas", {}) | messages.schemas()
        components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        app.openapi_schema = schema
    return app.openapi_schema


class Observed:
    """One line and one measurement for each request: what, how long, which status. Never who, never from where."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        resource = scope["path"] if scope["path"] in _KNOWN_PATHS else "other"
        status = 500
        began = time.perf_counter()

        async def note_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, note_status)
        finally:
            seconds = time.perf_counter() - began
            self._metrics.requests.labels(resource, str(status)).inc()
            self._metrics.seconds.labels(resource).observe(seconds)
            if resource.startswith("/v1"):
                log.info("request", resource=resource, status=status, ms=round(seconds * 1000, 1))
