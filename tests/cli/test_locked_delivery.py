"""Killed with work that waits, started again, unlocked by nobody: the work arrives."""

from __future__ import annotations

import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.cli.county import Cli, County, free_port

pytestmark = pytest.mark.processes
AT = "2026-11-20T14:52:00+01:00"


@contextmanager
def running(cli: Cli, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A real process on this profile, to which nobody tells the passphrase."""
    process = Cli(cli.home, pin=None).process(*arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("screens", [False, True], ids=["sync", "app"])
def test_what_waited_arrives_after_a_kill_with_nobody_unlocking(county: County, screens: bool) -> None:
    command = ("app", "--web", "--port", str(free_port())) if screens else ("sync",)
    county.jana.add("encounter", {"at": AT, "place_note": "Bahnhof Plochingen"})
    with socket.create_server(("127.0.0.1", county.port)) as nobody, running(county.jana, *command):
        nobody.settimeout(60)
        nobody.accept()[0].close()  # it asks for the server: it runs, and is killed
    assert county.jana.run("status", pin=None).json["waiting"] == 1
    with county.server.running(), running(county.jana, *command) as process:
        while not county.sabine.list("encounter"):
            assert process.poll() is None
            county.sabine.sync()
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    status = county.jana.run("status", pin=None).json
    assert (status["locked"], status["waiting"], status["confirmed"]) == (True, 0, 1)


def test_from_its_first_day(county: County) -> None:
    """Enrolled, a note without network, switched off before any synchronisation."""
    with county.server.running():
        kim = county.newcomer("kim", "Kim Vogel", "outreach", "workmobil")
    kim.add("encounter", {"at": AT})
    with county.server.running():
        result = kim.run("sync", "--once", pin=None)
    assert (result.code, result.json["waiting"]) == (0, 0)
