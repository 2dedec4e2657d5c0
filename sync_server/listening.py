"""PostgreSQL tells every worker what arrived at another (LISTEN/NOTIFY). With SQLite there is no other worker."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psycopg
import structlog

from sync_server.pushing import CHANNEL, Arrival
from sync_server.service import ServerCore

log = structlog.get_logger("sync_server")
RECONNECT_S = 2.0


@asynccontextmanager
async def listening(server: ServerCore) -> AsyncIterator[None]:
    """While this is open, pulls that wait here are woken by what any worker took."""
    if not server.core.database.shared:
        yield
        return
    ready = asyncio.Event()
    task = asyncio.create_task(_listen(server, ready))
    try:
        await ready.wait()
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _listen(server: ServerCore, ready: asyncio.Event) -> None:
    address = server.core.database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                ready.set()
                server.hub.announce_all()  # whatever came while nobody listened
                async for notice in connection.notifies():
                    organisation, after, upto = json.loads(notice.payload)
                    await server.announce(Arrival(bytes.fromhex(organisation), after, upto, frozenset()))
        except psycopg.Error as error:
            log.warning("listen", error=type(error).__name__)
        await asyncio.sleep(RECONNECT_S)
