"""The screens in a browser: what a window that closes must not take with it."""

from __future__ import annotations

from typing import Any

from goes_mobile.ui.web import to_whoever_is_there


async def test_sending_to_a_window_that_is_closing_ends_nothing() -> None:
    arrived: list[Any] = []

    async def closing(message: dict[str, Any]) -> None:
        if message["bytes"] == b"late":
            raise ConnectionResetError
        arrived.append(message["bytes"])

    send = to_whoever_is_there(closing)
    for content in (b"first", b"late", b"last"):
        await send({"type": "websocket.send", "bytes": content})
    assert arrived == [b"first", b"last"]
