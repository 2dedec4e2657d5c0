"""The same screens in a browser: for the demo, the tests and a trusted office computer. Python runs on this machine.

The browser may ask nobody but this server: a content policy says so, because even without a CDN the client would
otherwise ask one for a script it does not need.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

import flet as ft

from goes_mobile.ui.assets import ASSETS

POLICY = (
    "default-src 'self'; "
    # Flet's page configures itself inline; the renderer compiles WebAssembly.
    "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' ws: wss: data: blob:; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-cache"),
)

Asgi = Callable[..., Awaitable[None]]


def web_app(start: Callable[[ft.Page], Any]) -> Asgi:
    """An ASGI app that serves the client and runs `start` for every page that opens."""
    from flet_web.fastapi import app as flet_app  # type: ignore[import-untyped]  # only the demo and tests have it; phones do not

    inner: Asgi = flet_app(start, assets_dir=str(ASSETS), no_cdn=True, app_name="GO!ES mobil")

    async def served(scope: dict[str, Any], receive: Any, send: Any) -> None:
        async def with_policy(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *_HEADERS]
            await send(message)

        await inner(scope, receive, with_policy if scope["type"] == "http" else to_whoever_is_there(send))

    return served


def to_whoever_is_there(send: Any) -> Any:
    """What is sent to a window that is just closing is lost, and nothing else: an error there would end the connection
    before Flet lets go of its session, and the profile would stay open behind a closed window."""

    async def sent(message: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):
            await send(message)

    return sent


def serve(start: Callable[[ft.Page], Any], *, port: int, host: str = "127.0.0.1") -> None:
    """Serves until stopped."""
    import uvicorn

    uvicorn.run(web_app(start), host=host, port=port, log_level="warning", ws="websockets-sansio")
