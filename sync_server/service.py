"""The server behind its HTTP resources: `protocol.service.Server` for anybody, `protocol.service.Service` for a token.

The event loop only waits here; whatever blocks runs in the lane.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from functools import partial

from sqlalchemy import text

from goes_mobile.protocol import wire
from goes_mobile.protocol.problems import Refused
from sync_server import admission, blobs, feed, grants, pushing, serving
from sync_server.core import Core, now_ms
from sync_server.hub import Hub
from sync_server.lane import Lane
from sync_server.metrics import Metrics
from sync_server.pace import Pace
from sync_server.pushing import Arrival
from sync_server.settings import Settings


class ServerCore:
    """Without a session."""

    def __init__(self, settings: Settings, clock: Callable[[], int] = now_ms,
                 random: Callable[[int], bytes] = os.urandom) -> None:  # fmt: skip
        self.core = Core(settings, clock, random)
        self.lane = Lane(settings.waiting_requests)
        self.hub = Hub(settings.waiting_polls)
        self.metrics = Metrics()
        self.callers_pace = Pace(settings.requests_per_s, settings.requests_at_once)
        self.strangers_pace = Pace(settings.strangers_per_s, 10 * settings.strangers_per_s)

    async def hello(self) -> wire.Hello:
        self.strangers_pace.step("")
        return admission.hello(self.core)

    async def found(self, request: wire.FoundRequest) -> wire.Nothing:
        self.strangers_pace.step("")
        return await self.lane.run(partial(admission.found, self.core, request))

    async def open_session(self, request: wire.SessionRequest) -> wire.Session:
        self.strangers_pace.step("")
        return await self.lane.run(partial(admission.open_session, self.core, request))

    async def welcome(self, request: wire.WelcomeGet) -> wire.WelcomeAnswer:
        self.strangers_pace.step("")
        return await self.lane.run(partial(admission.welcome, self.core, request))

    def session(self, token: str) -> SessionService:
        """What the bearer of this token may do; whether it is one is found out when it is used."""
        return SessionService(self, token)

    async def alive(self) -> None:
        """Raises if the database does not answer."""

        def ask() -> None:
            with self.core.database.read() as connection:
                connection.execute(text("SELECT 1"))

        await self.lane.run(ask)

    async def announce(self, arrival: Arrival) -> None:
        """Wake those who wait for one of the streams in which something arrived."""
        if not self.hub.awaited(arrival.organisation):
            return
        try:
            recipients = await self.lane.run(partial(_recipients, self.core, arrival))
        except Refused:  # too busy to ask who: whom it does not concern will look and sleep again
            recipients = None
        self.hub.announce(arrival.organisation, recipients)

    def stop(self) -> None:
        self.hub.stop()

    def close(self) -> None:
        """Finishes what the lane began, then lets go of the database."""
        self.lane.close()
        self.core.database.close()


def _recipients(core: Core, arrival: Arrival) -> set[bytes] | None:
    with core.database.read() as connection:
        _, known = core.organisations.get(connection, arrival.organisation)
        streams = arrival.streams or feed.streams_between(connection, known.id, arrival.after, arrival.upto)
        return None if known.control in streams else grants.recipients(connection, known.id, streams)


class SessionService:
    """With a token."""

    def __init__(self, server: ServerCore, token: str) -> None:
        self._server = server
        self._token = token

    async def push(self, request: wire.PushRequest) -> wire.PushAnswer:
        server = self._enter()
        answer, arrival = await server.lane.run(partial(pushing.push, server.core, self._token, request))
        server.metrics.count_push(answer, arrival.upto - arrival.after if arrival else 0)
        if arrival is not None and not server.core.database.shared:
            await server.announce(arrival)
        return answer

    async def pull(self, request: wire.PullRequest) -> wire.PullAnswer:
        server = self._enter()
        look = partial(serving.pull, server.core, self._token, request)
        answer = await self._wait(look, request.wait_s) if request.wait_s else (await server.lane.run(look)).answer
        server.metrics.entries.labels("pulled").inc(len(answer.entries))
        return answer

    async def _wait(self, look: Callable[[], serving.Look], wait_s: float) -> wire.PullAnswer:
        """Looks, sleeps until something arrives in one's own streams, looks again; no longer than asked."""
        server = self._server
        until = asyncio.get_running_loop().time() + wait_s
        latest = await server.lane.run(look)
        if latest.answer.entries or latest.answer.more:
            return latest.answer
        with server.hub.waiting(latest.visit.known.id, latest.visit.principal.id) as waiter:
            while True:
                waiter.woken.clear()
                waiter.names = latest.visit.names
                latest = await server.lane.run(look)
                if latest.answer.entries or latest.answer.more or waiter.replaced or server.hub.stopping:
                    return latest.answer
                try:
                    async with asyncio.timeout_at(until):
                        await waiter.woken.wait()
                except TimeoutError:
                    return latest.answer

    async def backfill(self, request: wire.BackfillRequest) -> wire.BackfillAnswer:
        server = self._enter()
        return await server.lane.run(partial(serving.backfill, server.core, self._token, request))

    async def streams(self) -> wire.StreamsAnswer:
        server = self._enter()
        return await server.lane.run(partial(serving.streams, server.core, self._token))

    async def ask_blobs(self, request: wire.BlobsAsk) -> wire.BlobsAnswer:
        server = self._enter()
        return await server.lane.run(partial(blobs.ask, server.core, self._token, request))

    async def put_chunks(self, request: wire.ChunksPut) -> wire.Nothing:
        server = self._enter()
        return await server.lane.run(partial(blobs.put, server.core, self._token, request))

    async def get_chunks(self, request: wire.ChunksGet) -> wire.ChunksAnswer:
        server = self._enter()
        return await server.lane.run(partial(blobs.get, server.core, self._token, request))

    async def put_welcome(self, request: wire.WelcomePut) -> wire.Nothing:
        server = self._enter()
        return await server.lane.run(partial(admission.put_welcome, server.core, self._token, request))

    async def put_delivery_token(self, request: wire.DeliveryToken) -> wire.Nothing:
        server = self._enter()
        return await server.lane.run(partial(admission.put_delivery_token, server.core, self._token, request))

    def _enter(self) -> ServerCore:
        self._server.callers_pace.step(self._token)
        return self._server
