"""Full disks, too many at once, too fast: devices are told to come later, and nothing promised is lost."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from goes_mobile.protocol import wire
from goes_mobile.protocol.problems import Refused
from goes_mobile.protocol.service import Service
from goes_mobile.protocol.streams import StreamRef
from goes_mobile.sync.driver import HttpServer
from sync_server import serving
from sync_server.app import create_app
from sync_server.hub import Hub
from sync_server.lane import Lane
from sync_server.pace import Pace
from sync_server.tables import Audit, table
from tests.actors import SITE, Organisation
from tests.sync_server.counter import Counter

REF = StreamRef("site", SITE)
AUDIT = table(Audit)


class Scene:
    """An application on SQLite, and one colleague's session with it."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter
        self.team = Organisation.found()
        self.anna = self.team.enrol("outreach")
        counter.found(self.team)
        self.app = create_app(counter.settings, lambda: counter.now)
        self.core = self.app.state.server
        self.http = HttpServer("http://server.test", allow_http=True, transport=httpx.ASGITransport(self.app))
        self.service: Service = self.http.session(counter.token(self.anna))
        self.stream = REF.id(self.team.id)


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    with Counter(f"sqlite:///{tmp_path / 'server.sqlite3'}") as counter:
        scene = Scene(counter)
        yield scene
        await scene.http.close()
        scene.core.close()


def pushing(*entries: object) -> wire.PushRequest:
    return wire.PushRequest(entries=tuple(entry.raw for entry in entries))  # type: ignore[attr-defined]


async def limit_growth(scene: Scene, pages: int) -> None:
    """As a disk with so much left: for the one connection that the lane uses."""

    def tell() -> None:
        with scene.core.core.database.engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    await scene.core.lane.run(tell)


async def test_a_full_disk_takes_nothing_it_cannot_keep(scene: Scene) -> None:
    await scene.service.push(pushing(scene.anna.open_stream(REF)))
    await limit_growth(scene, 1)  # SQLite raises it to what there is already
    big = [scene.anna.seal(scene.stream, bytes(200_000)) for _ in range(3)]
    with pytest.raises(Refused) as caught:
        await scene.service.push(pushing(*big))
    assert (caught.value.code, caught.value.status) == ("busy", 503)
    start = await scene.service.pull(wire.PullRequest(cursor=wire.Cursor()))
    assert len(start.entries) == len(scene.team.control) + 1
    await limit_growth(scene, 2**30)
    answer = await scene.service.push(pushing(*big))
    receipts = wire.read_receipts(answer.receipts, scene.core.core.identity.sign)
    assert [item[2] for item in receipts.items] == [2, 3, 4]


async def test_a_control_entry_that_could_not_be_kept_has_no_effect(scene: Scene) -> None:
    admin = scene.http.session(scene.counter.token(scene.team.admin))
    await limit_growth(scene, 1)
    revocation = scene.team.revoke(scene.anna)
    filler = [scene.team.admin.seal(scene.team.control_stream, bytes(300_000)) for _ in range(2)]
    with pytest.raises(Refused) as caught:
        await admin.push(pushing(revocation, *filler))
    assert caught.value.code == "busy"
    await scene.service.streams()  # not revoked yet
    await limit_growth(scene, 2**30)
    await admin.push(pushing(revocation, *filler))
    with pytest.raises(Refused) as caught:
        await scene.service.streams()
    assert caught.value.code == "revoked"
    with scene.core.core.database.read() as connection:
        ended = connection.execute(select(AUDIT.c.member).where(AUDIT.c.event == "device_ended")).scalars().all()
    assert ended == [scene.team.admin.member], "written down once, with who did it"


async def test_a_queue_that_grows_is_cut_off() -> None:
    lane, hold = Lane(2), threading.Event()
    running = [asyncio.create_task(lane.run(hold.wait)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Refused) as caught:
        await lane.run(hold.wait)
    assert caught.value.code == "busy"
    hold.set()
    assert await asyncio.gather(*running) == [True, True]
    assert await lane.run(lambda: 1) == 1
    lane.close()
    with pytest.raises(Refused) as caught:
        await lane.run(hold.wait)
    assert caught.value.code == "stopping"


def test_too_fast_is_busy_until_time_has_passed() -> None:
    now = 0.0
    pace = Pace(2.0, 3.0, lambda: now)
    for _ in range(3):
        pace.step("a")
    with pytest.raises(Refused) as caught:
        pace.step("a")
    assert caught.value.code == "busy"
    pace.step("b")
    now = 0.5
    pace.step("a")
    with pytest.raises(Refused):
        pace.step("a")
    now = 100.0
    for _ in range(3):
        pace.step("a")
    with pytest.raises(Refused):
        pace.step("a")


async def test_a_device_that_asks_again_ends_its_oldest_poll() -> None:
    hub = Hub(2)
    with (
        hub.waiting(b"o", b"a") as first,
        hub.waiting(b"o", b"a") as second,
        hub.waiting(b"o", b"b") as other,
        hub.waiting(b"o", b"a") as third,
    ):
        assert (first.replaced, second.replaced, third.replaced, other.replaced) == (True, False, False, False)
        assert first.woken.is_set()
        assert hub.count() == 4
    assert hub.count() == 0
    assert not hub.awaited(b"o")


async def test_a_look_that_finds_nothing_writes_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    start = (await scene.service.pull(wire.PullRequest(cursor=wire.Cursor()))).cursor
    writes = 0
    write = scene.core.core.database.write

    def counted() -> object:
        nonlocal writes
        writes += 1
        return write()

    monkeypatch.setattr(scene.core.core.database, "write", counted)
    for _ in range(5):
        await scene.service.pull(wire.PullRequest(cursor=start))
    assert writes == 0
    scene.counter.now += 61_000  # the contact is noted once a minute
    for _ in range(5):
        await scene.service.pull(wire.PullRequest(cursor=start))
    assert writes == 1


async def test_sessions_end_with_their_time(scene: Scene) -> None:
    await scene.service.streams()
    scene.counter.now += scene.counter.settings.session_ms + 1
    with pytest.raises(Refused) as caught:
        await scene.service.streams()
    assert caught.value.code == "session_expired"
    hello = await scene.http.hello()
    session = await scene.http.open_session(scene.anna.session_request(hello.server_id, hello.challenge))
    await scene.http.session(session.token).streams()


async def test_an_old_challenge_opens_nothing(scene: Scene) -> None:
    hello = await scene.http.hello()
    request = scene.anna.session_request(hello.server_id, hello.challenge)
    scene.counter.now += scene.counter.settings.challenge_ms + 1
    with pytest.raises(Refused) as caught:
        await scene.http.open_session(request)
    assert caught.value.code == "unauthorised"


async def test_the_event_loop_is_never_blocked_by_the_database(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the lane is stuck, whoever needs no database is answered."""
    stuck, goes_on = threading.Event(), threading.Event()
    look = serving.streams

    def slow(*arguments: object) -> wire.StreamsAnswer:
        stuck.set()
        goes_on.wait()
        return look(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(serving, "streams", slow)
    waiting = asyncio.create_task(scene.service.streams())
    await asyncio.to_thread(stuck.wait)
    assert (await scene.http.hello()).time_ms == scene.counter.now
    goes_on.set()
    assert (await waiting).heads
