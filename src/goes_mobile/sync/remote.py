"""The server as synchronisation sees it: the protocol's one signature, and a way to be somebody there."""

from __future__ import annotations

from typing import Protocol

from goes_mobile.protocol.service import Server, Service


class Remote(Server, Protocol):
    """A server that can be asked as anybody, and with a token (a session's, or the delivery bearer) as somebody."""

    def session(self, token: str) -> Service: ...
