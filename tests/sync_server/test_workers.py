"""Several workers over one PostgreSQL: one numbering, one access list, one voice."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from goes_mobile.protocol import wire
from goes_mobile.protocol.problems import Refused
from goes_mobile.protocol.service import Service
from goes_mobile.protocol.streams import StreamRef
from goes_mobile.sync.driver import HttpServer
from sync_server.app import create_app
from sync_server.core import Core
from sync_server.settings import Settings
from tests.actors import OTHER_SITE, SITE, Actor, Organisation
from tests.sync_server.counter import Counter

REF = StreamRef("site", SITE)


class Worker(Counter):
    """A second worker on the same database."""

    def __init__(self, first: Counter) -> None:
        self.now = first.now
        self.settings = first.settings
        self.core = Core(self.settings, lambda: self.now)
        self._tokens = first._tokens


@pytest.fixture
def first(postgres_url: str) -> Iterator[Counter]:
    with Counter(postgres_url) as counter:
        yield counter


@pytest.fixture
def second(first: Counter) -> Iterator[Counter]:
    with Worker(first) as worker:
        yield worker


@pytest.fixture
def third(first: Counter) -> Iterator[Counter]:
    with Worker(first) as worker:
        yield worker


def test_two_workers_push_at_once_and_a_reader_misses_no_number(
    first: Counter, second: Counter, third: Counter
) -> None:
    team = Organisation.found()
    people = [team.enrol("outreach") for _ in range(2)]
    reader = team.enrol("supervisor")
    first.found(team)
    stream = REF.id(team.id)
    first.push(people[0], [people[0].open_stream(REF)])
    batches = [[actor.notes(stream, 5) for _ in range(30)] for actor in people]
    for actor in (*people, reader):
        first.token(actor)
    ready, done = threading.Barrier(3), threading.Event()

    def write(worker: Counter, actor: Actor, parts: list) -> list[wire.Receipt]:  # type: ignore[type-arg]
        ready.wait()
        return [receipt for part in parts for receipt in worker.receipts(worker.push(actor, part))]

    def read() -> list[wire.RemoteEntry]:
        """As a device does: each answer's cursor is where the next one starts, whatever came in between."""
        ready.wait()
        entries: list[wire.RemoteEntry] = []
        cursor, last = wire.Cursor(), False
        while not last:
            last = done.is_set()
            answer = third.pull(reader, cursor, limit=7)
            entries += answer.entries
            cursor = answer.cursor
            last = last and not answer.more
        return entries

    with ThreadPoolExecutor(3) as threads:
        reading = threads.submit(read)
        writing = [threads.submit(write, *each) for each in zip((first, second), people, batches, strict=True)]
        receipts = [receipt for each in writing for receipt in each.result()]
        done.set()
        entries = reading.result()
    before = len(team.control) + 1
    assert sorted(receipt[1] for receipt in receipts) == list(range(before + 1, before + 301))
    assert sorted(receipt[2] for receipt in receipts) == list(range(2, 302))
    assert [entry[0] for entry in entries] == list(range(1, before + 301))


def test_the_same_push_at_two_workers_at_once_is_stored_once(first: Counter, second: Counter) -> None:
    team = Organisation.found()
    anna = team.enrol("outreach")
    first.found(team)
    entries = [anna.open_stream(REF), *anna.notes(REF.id(team.id), 50)]
    first.token(anna)
    ready = threading.Barrier(2)

    def write(worker: Counter) -> list[wire.Receipt]:
        ready.wait()
        return worker.receipts(worker.push(anna, entries))

    with ThreadPoolExecutor(2) as threads:
        one, other = threads.map(write, (first, second))
    assert sorted(one) == sorted(other)
    assert len(one) == 51


def test_what_one_worker_learnt_the_others_know(first: Counter, second: Counter) -> None:
    team = Organisation.found()
    first.found(team)
    first.push(team.admin, [])
    second.push(team.admin, [])
    anna = team.enrol("outreach")
    told = len(team.control) - 6
    first.push(team.admin, team.control[told:])
    second.push(anna, [anna.open_stream(REF)])
    assert len(first.streams(anna).heads) == 2
    team.revoke(anna)
    second.push(team.admin, team.control[-1:])
    with pytest.raises(Refused) as caught:
        first.streams(anna)
    assert caught.value.code == "revoked"


async def test_a_pull_that_waits_at_one_worker_is_woken_by_a_push_at_another(postgres_url: str) -> None:
    with Counter(postgres_url) as counter:
        team = Organisation.found(sites=(SITE, OTHER_SITE))
        anna, ben = team.enrol("outreach", [SITE]), team.enrol("outreach", [OTHER_SITE])
        counter.found(team)
    apps = [create_app(Settings(postgres_url)) for _ in range(2)]
    lives = [app.router.lifespan_context(app) for app in apps]
    for life in lives:
        await life.__aenter__()
    servers = [HttpServer("http://server.test", allow_http=True, transport=httpx.ASGITransport(app)) for app in apps]

    async def service(server: HttpServer, actor: Actor) -> Service:
        hello = await server.hello()
        return server.session(
            (await server.open_session(actor.session_request(hello.server_id, hello.challenge))).token
        )

    here = await service(servers[0], anna)
    there, others = await service(servers[1], anna), await service(servers[1], ben)
    start = (await here.pull(wire.PullRequest(cursor=wire.Cursor()))).cursor
    waiting = asyncio.create_task(here.pull(wire.PullRequest(cursor=start, wait_s=20)))
    foreign = ben.open_stream(StreamRef("site", OTHER_SITE), OTHER_SITE)
    await others.push(wire.PushRequest(entries=(foreign.raw,)))
    own = anna.open_stream(REF)
    await there.push(wire.PushRequest(entries=(own.raw,)))
    assert [entry[3] for entry in (await waiting).entries] == [own.raw]
    for server in servers:
        await server.close()
    for life in lives:
        await life.__aexit__(None, None, None)
