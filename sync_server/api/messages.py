"""MessagePack bodies in, MessagePack bodies out, problems as JSON; and how OpenAPI says so."""

from __future__ import annotations

import asyncio
from typing import Any, TypeVar

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from goes_mobile.protocol import wire
from goes_mobile.protocol.problems import PROBLEMS, Refused, problem
from sync_server.service import ServerCore, SessionService

M = TypeVar("M", bound=wire.Message)
SMALL = 64 * 1024
BATCH = 2 * wire.MAX_PUSH_BYTES + SMALL
SLOWEST_S = 300  # a full batch at 64 kbit/s takes half of it

TITLES = {
    "malformed": "The message cannot be read",
    "unauthorised": "No valid proof of who is asking",
    "session_expired": "The session has ended: open a new one",
    "revoked": "This device's authority has ended",
    "not_allowed": "Not allowed",
    "unknown_organisation": "This server does not know the organisation",
    "unknown_stream": "This server has nothing of that stream yet",
    "blob_differs": "Something else is stored in this place",
    "no_room": "The organisation has used up its room for files",
    "unknown_invite": "This server does not know the invite",
    "invite_expired": "The invite has expired",
    "invite_used": "The invite has been used",
    "setup_token_wrong": "The setup token is wrong or has been used",
    "organisation_exists": "The organisation exists already",
    "feed_restarted": "The feed has started again",
    "too_large": "Too large",
    "too_old": "This program's version is too old to read here; pushing still works",
    "busy": "Too many or too fast: try again later",
    "stopping": "The server is stopping",
}


def server_of(request: Request) -> ServerCore:
    server: ServerCore = request.app.state.server
    return server


def service_of(request: Request) -> SessionService:
    """What the bearer of the token may do."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise problem("unauthorised")
    return server_of(request).session(token.strip())


async def read(request: Request, kind: type[M], limit: int = SMALL) -> M:
    """The message in a body, which is never read beyond its limit."""
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(SLOWEST_S):
            async for part in request.stream():
                size += len(part)
                if size > limit:
                    raise problem("too_large")
                parts.append(part)
    except TimeoutError:
        raise problem("busy") from None
    return wire.parse(kind, b"".join(parts))


def answer(message: wire.Message) -> Response:
    return Response(wire.dump(message), media_type=wire.MEDIA_TYPE)


def refusal(error: Refused) -> JSONResponse:
    """RFC 9457; further members are the error's facts."""
    title = TITLES.get(error.code, error.code)
    body = {"type": wire.PROBLEM_BASE + error.code, "title": title, "status": error.status, **error.facts}
    headers = {"Retry-After": "2"} if error.status == 503 else None
    return JSONResponse(body, error.status, headers, media_type=wire.PROBLEM_TYPE)


def documented(answers: type[wire.Message], takes: type[wire.Message] | None = None, problems: tuple[str, ...] = (),
               *, session: bool = False) -> dict[str, Any]:  # fmt: skip
    """Keyword arguments of a route that say in OpenAPI which messages it takes and gives."""
    extra: dict[str, Any] = {}
    if takes is not None:
        extra["requestBody"] = {"required": True, "content": {wire.MEDIA_TYPE: {"schema": _reference(takes)}}}
    if session:
        extra["security"] = [{"token": []}]
    codes = (*problems, "busy", *(("malformed", "too_large") if takes else ()))
    codes += ("unauthorised", "session_expired", "revoked") if session else ()
    responses: dict[int | str, Any] = {
        200: {"description": "Done", "content": {wire.MEDIA_TYPE: {"schema": _reference(answers)}}}
    }
    for status in sorted({PROBLEMS[code] for code in codes}):
        said = ", ".join(sorted({code for code in codes if PROBLEMS[code] == status}))
        responses[status] = {
            "description": said,
            "content": {wire.PROBLEM_TYPE: {"schema": {"$ref": _REF + "Problem"}}},
        }
    return {"response_class": Response, "responses": responses, "openapi_extra": extra}


_REF = "#/components/schemas/"
_USED: dict[str, type[wire.Message]] = {}


def _reference(kind: type[wire.Message]) -> dict[str, str]:
    _USED[kind.__name__] = kind
    return {"$ref": _REF + kind.__name__}


def schemas() -> dict[str, Any]:
    """The messages that the routes named, and the problem."""
    found: dict[str, Any] = {
        "Problem": {
            "type": "object",
            "required": ["type", "title", "status"],
            "properties": {
                "type": {"type": "string", "format": "uri"},
                "title": {"type": "string"},
                "status": {"type": "integer"},
            },
        }
    }
    for name, kind in sorted(_USED.items()):
        schema = kind.model_json_schema(ref_template=_REF + "{model}", mode="validation")
        found.update(schema.pop("$defs", {}))
        found[name] = schema
    return found
