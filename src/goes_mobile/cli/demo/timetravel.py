"""Months in a minute: while the county is invented, devices live in the past and the server agrees with their clock.

Only the times that answers *tell* are changed. What the server signs and keeps are its own true times, so nothing that
is checked becomes untrue.
"""

from __future__ import annotations

from dataclasses import dataclass

from goes_mobile.protocol import wire
from goes_mobile.protocol.service import Service
from goes_mobile.sync.driver import HttpServer


@dataclass
class Past:
    """The clock of all devices of the demo."""

    ms: int

    def __call__(self) -> int:
        return self.ms


class PastServer:
    """The real server, telling the demo's time."""

    def __init__(self, url: str, past: Past) -> None:
        self._server = HttpServer(url)
        self._past = past

    async def close(self) -> None:
        await self._server.close()

    async def hello(self) -> wire.Hello:
        return (await self._server.hello()).model_copy(update={"time_ms": self._past.ms})

    async def found(self, request: wire.FoundRequest) -> wire.Nothing:
        return await self._server.found(request)

    async def open_session(self, request: wire.SessionRequest) -> wire.Session:
        return (await self._server.open_session(request)).model_copy(update={"time_ms": self._past.ms})

    async def welcome(self, request: wire.WelcomeGet) -> wire.WelcomeAnswer:
        return await self._server.welcome(request)

    def session(self, token: str) -> Service:
        return _PastService(self._server.session(token), self._past)


class _PastService:
    def __init__(self, service: Service, past: Past) -> None:
        self._service = service
        self._past = past

    async def push(self, request: wire.PushRequest) -> wire.PushAnswer:
        return (await self._service.push(request)).model_copy(update={"time_ms": self._past.ms})

    async def pull(self, request: wire.PullRequest) -> wire.PullAnswer:
        return (await self._service.pull(request)).model_copy(update={"time_ms": self._past.ms})

    async def backfill(self, request: wire.BackfillRequest) -> wire.BackfillAnswer:
        return (await self._service.backfill(request)).model_copy(update={"time_ms": self._past.ms})

    async def streams(self) -> wire.StreamsAnswer:
        return (await self._service.streams()).model_copy(update={"time_ms": self._past.ms})

    async def put_welcome(self, request: wire.WelcomePut) -> wire.Nothing:
        return await self._service.put_welcome(request)

    async def put_delivery_token(self, request: wire.DeliveryToken) -> wire.Nothing:
        return await self._service.put_delivery_token(request)
