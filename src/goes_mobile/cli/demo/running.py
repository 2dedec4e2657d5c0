"""The demo from start to Ctrl-C: server, devices, switch."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import subprocess
import sys
import webbrowser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from goes_mobile.app import desktop
from goes_mobile.cli.demo.cut import Cut
from goes_mobile.cli.demo.filling import fill
from goes_mobile.cli.demo.place import Place, Wish
from goes_mobile.cli.demo.processes import Processes, free_port, tool
from goes_mobile.cli.output import Output, note, progress, progress_done
from goes_mobile.cli.usage import check_preset
from goes_mobile.protocol.problems import CannotWrite
from goes_mobile.store.store import Store
from goes_mobile.sync.local import SERVER_URL


def run(out: Output, wish: Wish) -> None:
    check_preset(wish.county)
    place = Place(wish.directory or Path(typer.get_app_dir("goes-mobil")) / "demo")
    try:
        asyncio.run(_run(out, wish, place))
    except asyncio.CancelledError:
        note("Stopped.")


async def _run(out: Output, wish: Wish, place: Place) -> None:
    stopped = asyncio.Event()
    this = asyncio.current_task()
    loop = asyncio.get_running_loop()
    going = False

    def stop() -> None:
        stopped.set()
        if not going and this is not None:
            this.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    processes = Processes(place.home / "logs")
    cut: Cut | None = None
    try:
        complete = place.load() and not wish.fresh
        if not complete:
            place.empty()
        server_port = free_port(wish.server_port)
        cut = Cut(server_port)
        await cut.open(page_port=wish.web_port + 3 if wish.web_port else 0)
        token = _begin_server(place, processes, server_port)
        await processes.answers("server", server_port)
        if not complete:
            await fill(wish, place, f"http://127.0.0.1:{server_port}", token)
        told = await _open_devices(wish, place, processes, cut, server_port)
        going = True
        _say(out, told, cut)
        if wish.browser:
            for device in told["ready"]["devices"]:
                webbrowser.open(device["url"])
        await _until(stopped, processes, cut)
    finally:
        progress_done()
        if cut is not None:
            await cut.close()
        await processes.stop()


def _begin_server(place: Place, processes: Processes, port: int) -> str:
    """Starts the server in its own process; its setup token, if it is new."""
    command = tool("goes-sync-server")
    token = ""
    if not place.server.exists():
        made = subprocess.run(  # noqa: S603 - our own command
            [command, "init", "--data", str(place.server)], capture_output=True, check=False, text=True
        )
        if made.returncode:
            note(made.stderr.strip())
            raise CannotWrite("read_only")
        token = json.loads(made.stdout)["setup_token"]
    processes.start("server", [command, "serve", "--data", str(place.server), "--port", str(port)])
    return token


async def _open_devices(wish: Wish, place: Place, processes: Processes, cut: Cut, server_port: int) -> dict[str, Any]:
    """One program for each shown device; the tablet reaches the server through the switch."""
    devices = []
    server = f"http://127.0.0.1:{server_port}"
    shown = [about for about in place.about["devices"] if about["device"]]
    for about in place.about["devices"]:
        home = place.devices / about["folder"]
        url = f"http://127.0.0.1:{cut.port}" if about["key"] == "outreach" else server
        await asyncio.to_thread(_point, home, url)
    for number, about in enumerate(shown):
        port = free_port(wish.web_port + number if wish.web_port else 0)
        home = place.devices / about["folder"]
        command = [tool("goes-mobile"), "--home", str(home), "app", "--web", "--port", str(port)]
        processes.start(about["key"], command, {"GOES_PIN": ""})
        devices.append({
            "name": about["name"], "role": about["role"], "url": f"http://127.0.0.1:{port}",
            "passphrase": about["passphrase"], "home": str(home),
        })  # fmt: skip
        about["port"] = port
    for about in shown:
        progress(f"Opening {about['device']} …")
        await processes.answers(about["key"], about["port"])
    progress_done()
    return {"ready": {"server": server, "devices": devices}}


def _point(home: Path, url: str) -> None:
    """Where this profile's server is, today."""
    store = Store.open(home, desktop().clock)
    try:
        if store.settings.get(SERVER_URL, "") != url:
            store.settings.set(SERVER_URL, url)
    finally:
        store.close()


def _say(out: Output, told: dict[str, Any], cut: Cut) -> None:
    for device in told["ready"]["devices"]:
        note(f"  {device['name']:<13} {device['role']:<11} {device['url']}   passphrase: {device['passphrase']}")
    note(f"  Switch for the tablet's network: http://127.0.0.1:{cut.page_port}" + (" or the key N" if _keys() else ""))
    note("  Ctrl-C stops everything; the next start goes on.")
    Output(as_json=True).document(told)


async def _until(stopped: asyncio.Event, processes: Processes, cut: Cut) -> None:
    """Until told to stop, or until a part of the demo has ended by itself."""
    cut.told.append(lambda on: note("The tablet is online." if on else "The tablet is offline: nothing leaves it."))
    with _key_presses(cut):
        while not stopped.is_set():
            if name := processes.dead():
                raise CannotWrite("child_ended", name=name, log=str(processes.log(name)))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopped.wait(), 1)


def _keys() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and sys.platform != "win32"


@contextlib.contextmanager
def _key_presses(cut: Cut) -> Iterator[None]:
    """N switches the tablet's network, in a terminal."""
    if not _keys():
        yield
        return
    import termios
    import tty

    before = termios.tcgetattr(sys.stdin)
    loop = asyncio.get_running_loop()

    def pressed() -> None:
        if sys.stdin.read(1).lower() == "n":
            cut.switch()

    try:
        tty.setcbreak(sys.stdin)
        loop.add_reader(sys.stdin, pressed)
        yield
    finally:
        loop.remove_reader(sys.stdin)
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
