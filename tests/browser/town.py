"""A whole small town: a real server process, three devices with web apps, every byte between written down.

async with town(place) as here:
    here.jana.url            # the tablet; its network is here.cut
    here.cut.switch(False)   # no network any more
    here.passed              # every byte that went to the server and came back
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn

from goes_mobile.app import Device, desktop, make_profile
from goes_mobile.cli.demo.cut import Cut
from goes_mobile.state.delivery import Delivery
from goes_mobile.state.doorway import Doorway
from goes_mobile.state.parts import Parts
from goes_mobile.state.profile import Profile
from goes_mobile.ui.look import Appearance
from goes_mobile.ui.main import opener
from goes_mobile.ui.web import web_app
from goes_mobile.vault.lock import FLOOR
from tests.serving import RunningServer, initialise

_PIECE = 64 * 1024
SITE = "workmobil"


class News:
    """What a tablet's operating system tells: the network came back."""

    def __init__(self) -> None:
        self._told: list[Callable[[], None]] = []

    async def online(self) -> bool:
        return True

    def window_opened(self) -> None:
        return None

    def subscribe(self, came_back: Callable[[], None]) -> Callable[[], None]:
        self._told.append(came_back)
        return lambda: self._told.remove(came_back) if came_back in self._told else None

    def switched(self, connected: bool) -> None:
        for tell in self._told if connected else ():
            tell()


class Wire:
    """The last piece of cable before the server; keeps what passes in both directions."""

    def __init__(self, server_port: int) -> None:
        self.server_port = server_port
        self.port = 0
        self.sent: list[bytearray] = []
        """Towards the server, connection by connection."""
        self.answered: list[bytearray] = []
        self._server: asyncio.Server | None = None
        self._running: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._forward, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        there: asyncio.StreamWriter | None = None
        ways: list[asyncio.Task[None]] = []
        try:
            back, there = await asyncio.open_connection("127.0.0.1", self.server_port)
            ways = [
                asyncio.ensure_future(self._copy(reader, there, self.sent)),
                asyncio.ensure_future(self._copy(back, writer, self.answered)),
            ]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        except (OSError, asyncio.CancelledError):
            pass  # one of both ends is gone, or the test is over
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self._running.discard(task)
            for end in (writer, there):
                if end is not None:
                    end.transport.abort()

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kept: list[bytearray]) -> None:
        written = bytearray()
        kept.append(written)
        with contextlib.suppress(OSError):
            while piece := await reader.read(_PIECE):
                written += piece
                writer.write(piece)
                await writer.drain()


@dataclass
class Seat:
    """One person's device: its profile directory and the address of its web app."""

    name: str
    home: Path
    secret: str = field(repr=False)
    device: Device
    url: str = ""

    @property
    def profile(self) -> Profile:
        return self.device.profiles[0]


@dataclass
class Town:
    place: Path
    wire: Wire
    cut: Cut
    server: RunningServer
    jana: Seat
    aylin: Seat
    sabine: Seat

    @property
    def seats(self) -> tuple[Seat, ...]:
        return self.jana, self.aylin, self.sabine


class _Quiet(uvicorn.Server):
    """Served beside the test: signals are the test run's."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def web(seat: Seat) -> AsyncIterator[None]:
    """The device's own web app, from opening its profile to letting go of it."""
    await seat.device.open()
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    seat.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    start = opener(seat.device.session, lambda: Appearance(still=True))
    # ERROR: a browser that goes away in the middle is none of the server's errors.
    server = _Quiet(
        uvicorn.Config(web_app(start), log_config=None, ws="websockets-sansio", timeout_graceful_shutdown=5)
    )
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield
    finally:
        server.should_exit = server.force_exit = True
        await serving
        listening.close()
        await seat.device.close()


@contextlib.contextmanager
def log_file(path: Path) -> Iterator[None]:
    """Everything the programs of this process log."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(path)
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.setLevel(before)
        root.removeHandler(handler)
        handler.close()


async def _found(place: Path, token: str, wire: Wire, seats: dict[str, tuple[Seat, str, str]], parts: Parts) -> None:
    """Petra founds, invites and helps everybody in; then she is at home."""
    server = f"http://127.0.0.1:{wire.port}"
    doorway = Doorway(parts)
    chief = make_profile(place / "devices" / "petra", parts)
    everybody = [chief]
    await doorway.found(chief, server, token, "landkreis-esslingen", "Petra Amann", (), "Petras lange Passphrase")
    for seat, role, way in seats.values():
        invite, _ = await doorway.invite(chief, role, (SITE,), seat.name)  # type: ignore[arg-type]
        profile = make_profile(seat.home, parts)
        await doorway.enrol(profile, way, invite.code, seat.secret)
        everybody.append(profile)
    for _ in range(2):
        for profile in everybody:
            assert isinstance(profile.delivering, Delivery)
            await profile.delivering.run()
    for profile in everybody:
        await profile.close()


@contextlib.asynccontextmanager
async def town(place: Path, secrets: dict[str, str]) -> AsyncIterator[Town]:
    """Founded and enrolled through the same doors as everybody, then every device starts anew, locked."""
    data = place / "server" / "data"
    token = initialise(data)["setup_token"]
    news = News()
    parts = replace(desktop(), lock_cost=FLOOR)
    homes = place / "devices"
    seats = {
        key: Seat(name, homes / key, secrets[key], Device([homes / key], world, lock_after_s=3600))
        for key, name, world in (
            ("jana", "Jana Keller", replace(parts, connectivity=news)),
            ("aylin", "Aylin Yıldız", parts),
            ("sabine", "Sabine Wolf", parts),
        )
    }
    async with contextlib.AsyncExitStack() as leaving:
        server = leaving.enter_context(RunningServer(data))
        wire = Wire(urlsplit(server.url).port or 0)
        await wire.open()
        leaving.push_async_callback(wire.close)
        cut = Cut(wire.port)
        await cut.open()
        leaving.push_async_callback(cut.close)
        cut.told.append(news.switched)
        straight = f"http://127.0.0.1:{wire.port}"
        roles = {
            "jana": (seats["jana"], "outreach", f"http://127.0.0.1:{cut.port}"),
            "aylin": (seats["aylin"], "outreach", straight),
            "sabine": (seats["sabine"], "supervisor", straight),
        }
        leaving.enter_context(log_file(place / "logs" / "devices.log"))
        await _found(place, token, wire, roles, parts)
        for seat in seats.values():
            await leaving.enter_async_context(web(seat))
        yield Town(place, wire, cut, server, **seats)
