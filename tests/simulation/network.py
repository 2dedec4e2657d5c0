"""The network between a device and the server: loses, doubles, delays, cuts, answers with an old answer, goes away.

Everything crosses it as bytes of the wire, through the same encoding as in the field.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

from goes_mobile.protocol import wire
from goes_mobile.protocol.problems import Malformed, NotReachable
from tests.fakes.server import FakeServer

Answer = TypeVar("Answer", bound=wire.Message)


@dataclass
class Weather:
    """How bad it is: chances per request. ``down`` until that virtual second, for the server; links have their own."""

    lose_request: float = 0.0
    lose_answer: float = 0.0
    double: float = 0.0
    cut: float = 0.0
    stale: float = 0.0
    portal: float = 0.0
    slowest_s: float = 0.05
    down_until: float = 0.0

    def calm(self) -> None:
        self.lose_request = self.lose_answer = self.double = self.cut = self.stale = self.portal = 0.0
        self.slowest_s = 0.05
        self.down_until = 0.0


@dataclass
class Link:
    """``Remote`` for one device, over this network."""

    server: FakeServer
    weather: Weather
    random: Random
    cut_until: float = 0.0
    last: dict[str, bytes] = field(default_factory=dict)
    ghosts: set[asyncio.Task[None]] = field(default_factory=set)

    async def hello(self) -> wire.Hello:
        return await self._carry("hello", "", None, wire.Hello)

    async def found(self, request: wire.FoundRequest) -> wire.Nothing:
        return await self._carry("found", "", request, wire.Nothing)

    async def open_session(self, request: wire.SessionRequest) -> wire.Session:
        return await self._carry("open_session", "", request, wire.Session)

    async def welcome(self, request: wire.WelcomeGet) -> wire.WelcomeAnswer:
        return await self._carry("welcome", "", request, wire.WelcomeAnswer)

    def session(self, token: str) -> LinkService:
        return LinkService(self, token)

    async def _carry(self, method: str, token: str, request: wire.Message | None, shape: type[Answer]) -> Answer:
        chance, weather = self.random.random, self.weather
        await self._travel()
        if chance() < weather.portal:
            raise NotReachable("captive_portal")
        if chance() < weather.lose_request:
            await asyncio.sleep(3)
            raise NotReachable("timeout")
        sent = wire.dump(request) if request is not None else b""
        if request is not None and chance() < weather.double:
            ghost = asyncio.ensure_future(self._again(method, token, type(request), sent))
            self.ghosts.add(ghost)
            ghost.add_done_callback(self.ghosts.discard)
        answer = wire.dump(await self._deliver(method, token, type(request), sent))
        before, self.last[method] = self.last.get(method), answer
        await self._travel()
        if chance() < weather.lose_answer:
            raise NotReachable("half_answer")
        if before is not None and chance() < weather.stale:
            answer = before
        if chance() < weather.cut:
            answer = answer[: self.random.randrange(len(answer))]
        try:
            return wire.parse(shape, answer)
        except Malformed:
            raise NotReachable("half_answer") from None

    async def _deliver(self, method: str, token: str, kind: type[Any], sent: bytes) -> wire.Message:
        now = asyncio.get_running_loop().time()
        if now < max(self.weather.down_until, self.cut_until):
            raise NotReachable("no_connection")
        at: Any = self.server.session(token) if token else self.server
        call: Callable[..., Any] = getattr(at, method)
        answer: wire.Message = await (call() if kind is type(None) else call(wire.parse(kind, sent)))
        return answer

    async def _again(self, method: str, token: str, kind: type[Any], sent: bytes) -> None:
        """The same request once more, some time later: a retry of a proxy, a packet that took the long way."""
        await asyncio.sleep(self.random.random() * 5)
        try:
            await self._deliver(method, token, kind, sent)
        except Exception:  # nobody hears what becomes of it
            return

    async def _travel(self) -> None:
        await asyncio.sleep(self.random.random() * self.weather.slowest_s)


@dataclass(frozen=True)
class LinkService:
    """``Service`` with one token, over this network."""

    link: Link
    token: str

    async def push(self, request: wire.PushRequest) -> wire.PushAnswer:
        return await self.link._carry("push", self.token, request, wire.PushAnswer)

    async def pull(self, request: wire.PullRequest) -> wire.PullAnswer:
        return await self.link._carry("pull", self.token, request, wire.PullAnswer)

    async def backfill(self, request: wire.BackfillRequest) -> wire.BackfillAnswer:
        return await self.link._carry("backfill", self.token, request, wire.BackfillAnswer)

    async def streams(self) -> wire.StreamsAnswer:
        return await self.link._carry("streams", self.token, None, wire.StreamsAnswer)

    async def ask_blobs(self, request: wire.BlobsAsk) -> wire.BlobsAnswer:
        return await self.link._carry("ask_blobs", self.token, request, wire.BlobsAnswer)

    async def put_chunks(self, request: wire.ChunksPut) -> wire.Nothing:
        return await self.link._carry("put_chunks", self.token, request, wire.Nothing)

    async def get_chunks(self, request: wire.ChunksGet) -> wire.ChunksAnswer:
        return await self.link._carry("get_chunks", self.token, request, wire.ChunksAnswer)

    async def put_welcome(self, request: wire.WelcomePut) -> wire.Nothing:
        return await self.link._carry("put_welcome", self.token, request, wire.Nothing)

    async def put_delivery_token(self, request: wire.DeliveryToken) -> wire.Nothing:
        return await self.link._carry("put_delivery_token", self.token, request, wire.Nothing)
