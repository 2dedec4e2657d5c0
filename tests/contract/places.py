"""The implementations of `protocol.service` that the contract is about, each with the same handles for a test.

``fake`` in memory, ``sqlite`` and ``postgres`` as ASGI applications behind the client's own driver, ``process`` as a
real one. `remember`, `roll_back` and `restore` are what happens to machines; `stop` is SIGTERM.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest

from goes_mobile.protocol import wire
from goes_mobile.protocol.problems import Refused
from goes_mobile.protocol.service import Service, delivery_bearer
from goes_mobile.sync.driver import HttpServer
from goes_mobile.sync.remote import Remote
from sync_server import backup as backups
from sync_server.app import create_app
from sync_server.core import now_ms
from sync_server.database import Database
from sync_server.installation import initialise
from sync_server.settings import SQLITE_FILE, Settings
from sync_server.tables import Table
from tests import serving
from tests.actors import Actor, Organisation
from tests.fakes.server import FakeServer


class Place(Protocol):
    """A server that can be asked."""

    server: Remote
    setup_token: str

    async def close(self) -> None: ...


class OwnPlace(Place, Protocol):
    """A server to which things can happen."""

    async def remember(self) -> Any: ...

    async def roll_back(self, moment: Any) -> None:
        """The machine is as it was at that moment, and nobody told the server."""

    async def restore(self, moment: Any) -> None:
        """The operator restored a backup of that moment."""

    def limit_blobs(self, **limits: int) -> None:
        """Less room for files than usual."""

    async def polls(self) -> int:
        """How many pulls wait."""

    async def stop(self) -> None:
        """Ends waiting polls."""


class FakePlace:
    def __init__(self) -> None:
        self.server = FakeServer(now_ms)
        self.setup_token = self.server.setup_token

    async def remember(self) -> Any:
        return self.server.snapshot()

    async def roll_back(self, moment: Any) -> None:
        self.server.roll_back(moment)

    async def restore(self, moment: Any) -> None:
        self.server.restore(moment)

    def limit_blobs(self, **limits: int) -> None:
        for name, limit in limits.items():
            setattr(self.server, name, limit)

    async def polls(self) -> int:
        return self.server.waiting

    async def stop(self) -> None:
        self.server.stop()

    async def close(self) -> None:
        pass


class AsgiPlace:
    """The application in this process, on SQLite or on the PostgreSQL at ``url``."""

    def __init__(self, data: Path, url: str | None) -> None:
        self.data = data
        self.settings = Settings.of(data, url)
        self._moments = 0

    async def open(self) -> AsgiPlace:
        data = Database(self.settings.database_url)
        self.setup_token = initialise(data).setup_token
        data.close()
        await self._start()
        return self

    async def _start(self) -> None:
        self.app = create_app(self.settings)
        self._life: AbstractAsyncContextManager[None] = self.app.router.lifespan_context(self.app)
        await self._life.__aenter__()
        self.server = HttpServer(
            "http://server.test", allow_http=True, transport=httpx.ASGITransport(self.app, raise_app_exceptions=False)
        )

    async def remember(self) -> Path:
        self._moments += 1
        moment = self.data / f"moment-{self._moments}"
        database = Database(self.settings.database_url)
        backups.backup(database, moment)
        database.close()
        return moment

    async def roll_back(self, moment: Path) -> None:
        await self._replaced(lambda database: self._put(moment, database))

    async def restore(self, moment: Path) -> None:
        await self._replaced(lambda database: backups.restore(database, moment, self.data))

    async def _replaced(self, put: Callable[[Database], Any]) -> None:
        await self.close()
        database = Database(self.settings.database_url)
        if database.shared:
            with database.write() as connection:
                Table.metadata.drop_all(connection)
                connection.exec_driver_sql("DROP TABLE alembic_version")
        else:
            for file in self.data.glob(f"{SQLITE_FILE}*"):
                file.unlink()
        put(database)
        database.close()
        await self._start()

    def _put(self, moment: Path, database: Database) -> None:
        if database.shared:
            backups._import(moment, database)
        else:
            shutil.copy(moment, self.data / SQLITE_FILE)

    def limit_blobs(self, **limits: int) -> None:
        core = self.app.state.server.core
        core.settings = replace(core.settings, **limits)

    async def polls(self) -> int:
        return int(self.app.state.server.hub.count())

    async def stop(self) -> None:
        self.app.state.server.stop()

    async def close(self) -> None:
        await self.server.close()
        await self._life.__aexit__(None, None, None)


class SharedProcessPlace:
    """One real process for many tests, each with an organisation of its own; it is not rolled back or stopped."""

    def __init__(self, running: serving.RunningServer, data: Path) -> None:
        database = Database(Settings.of(data).database_url)
        self.setup_token = initialise(database).setup_token
        database.close()
        self.server = HttpServer(running.url)

    async def close(self) -> None:
        await self.server.close()


class ProcessPlace:
    """`goes-sync-server serve` itself."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._moments = 0
        self.setup_token = serving.initialise(data)["setup_token"]
        self._start()

    def _start(self) -> None:
        self.running = serving.RunningServer(self.data)
        self.server = HttpServer(self.running.url)

    async def remember(self) -> Path:
        self._moments += 1
        moment = self.data.parent / f"moment-{self._moments}"
        done = serving.run("backup", "--to", str(moment), data=self.data)
        assert done.returncode == 0, done.stderr
        return moment

    async def roll_back(self, moment: Path) -> None:
        await self._end()
        shutil.copy(moment, self.data / SQLITE_FILE)
        self._start()

    async def restore(self, moment: Path) -> None:
        await self._end()
        done = serving.run("restore", "--from", str(moment), data=self.data)
        assert done.returncode == 0, done.stderr
        self._start()

    async def _end(self) -> None:
        await self.server.close()
        assert self.running.stop() == 0
        for file in self.data.glob(f"{SQLITE_FILE}*"):
            file.unlink()

    def limit_blobs(self, **limits: int) -> None:
        raise NotImplementedError("a process is given its limits when it starts")

    async def polls(self) -> int:
        async with httpx.AsyncClient() as client:
            said = (await client.get(f"{self.running.url}/metrics")).text
        return int(float(re.search(r"^goes_waiting_polls ([\d.]+)", said, re.MULTILINE)[1]))  # type: ignore[index]

    async def stop(self) -> None:
        self.running.process.terminate()

    async def close(self) -> None:
        await self.server.close()
        self.running.stop()


@asynccontextmanager
async def opened(kind: str, data: Path, postgres_url: Callable[[], str]) -> AsyncIterator[OwnPlace]:
    place: OwnPlace
    if kind == "fake":
        place = FakePlace()
    elif kind == "process":
        place = ProcessPlace(data / "data")
    else:
        place = await AsgiPlace(data, postgres_url() if kind == "postgres" else None).open()
    try:
        yield place
    finally:
        await place.close()


class Story:
    """An organisation at a server, and short words for what its people do there."""

    def __init__(self, place: Place, team: Organisation) -> None:
        self.place = place
        self.team = team
        self.told = 0
        self._tokens: dict[bytes, str] = {}

    async def found(self) -> Story:
        await self.place.server.found(founding(self.place, self.team))
        self.told = len(self.team.control)
        return self

    async def tell(self) -> None:
        """The administrator's device brings the control log up to date at the server."""
        entries, self.told = self.team.control[self.told :], len(self.team.control)
        answer = await self.push(self.team.admin, entries)
        assert not answer.refused
        assert not answer.unknown

    async def service(self, actor: Actor) -> Service:
        """This actor's session, opened once."""
        if actor.id not in self._tokens:
            self._tokens[actor.id] = await self.open_session(actor)
        return self.place.server.session(self._tokens[actor.id])

    async def open_session(self, actor: Actor) -> str:
        hello = await self.place.server.hello()
        return (await self.place.server.open_session(actor.session_request(hello.server_id, hello.challenge))).token

    async def delivery(self, actor: Actor, token: bytes) -> Service:
        """A service by delivery token; whether it was put is another matter."""
        return self.place.server.session(delivery_bearer(self.team.id, token))

    async def push(self, actor: Actor, entries: Any, **options: Any) -> wire.PushAnswer:
        service = await self.service(actor)
        return await service.push(push_request(entries, **options))

    async def receipts(self, answer: wire.PushAnswer) -> dict[bytes, wire.Receipt]:
        """Verified: hash → receipt."""
        hello = await self.place.server.hello()
        receipts = wire.read_receipts(answer.receipts, hello.server_sign)
        assert receipts.server_id == hello.server_id
        assert receipts.organisation == self.team.id
        return {receipt[0]: receipt for receipt in receipts.items}

    async def pull(self, actor: Actor, cursor: wire.Cursor = wire.Cursor(), **options: Any) -> wire.PullAnswer:  # noqa: B008
        return await (await self.service(actor)).pull(wire.PullRequest(cursor=cursor, **options))

    async def pull_all(self, actor: Actor, cursor: wire.Cursor = wire.Cursor(), limit: int = 1000) -> Pulled:  # noqa: B008
        pulled = Pulled([], {}, cursor)
        more = True
        while more:
            answer = await self.pull(actor, pulled.cursor, limit=limit)
            pulled = Pulled(
                [*pulled.entries, *answer.entries],
                pulled.heads | {head.stream: head for head in answer.heads},
                answer.cursor,
            )
            more = answer.more
        return pulled

    def restarted_session(self) -> None:
        """Forget the sessions: a restored server knows none."""
        self._tokens.clear()


class Pulled:
    """Everything that was pulled in several answers."""

    def __init__(self, entries: list[wire.RemoteEntry], heads: dict[bytes, wire.Head], cursor: wire.Cursor) -> None:
        self.entries = entries
        self.heads = heads
        self.cursor = cursor

    def raws(self) -> set[bytes]:
        return {raw for *_, raw in self.entries}


def founding(place: Place, team: Organisation) -> wire.FoundRequest:
    entries = tuple(entry.raw for entry in team.control)
    return wire.FoundRequest(setup_token=place.setup_token, organisation=team.id, entries=entries)


def push_request(entries: Any, **options: Any) -> wire.PushRequest:
    raws = tuple(entry if isinstance(entry, bytes) else entry.raw for entry in entries)
    return wire.PushRequest(entries=raws, **options)


async def refused(action: object) -> str:
    """The code with which something awaited is refused."""
    with pytest.raises(Refused) as caught:
        await action  # type: ignore[misc]
    return caught.value.code
