"""`goes-mobile demo` as a visitor meets it: everything stands, the tablet can be cut off, Ctrl-C ends, it goes on."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.cli.county import BIN, Cli, free_port

pytestmark = [pytest.mark.processes, pytest.mark.timeout(300)]


@contextmanager
def demo(place: Path, ports: tuple[int, int], *more: str) -> Iterator[tuple[dict[str, Any], subprocess.Popen[bytes]]]:
    command = [
        BIN / "goes-mobile", "demo", "--dir", place, "--people", "24", "--encounters", "130", "--no-browser",
        "--server-port", str(ports[0]), "--web-port", str(ports[1]), *more,
    ]  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GOES_")}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    assert process.stdout is not None
    with process:
        try:
            line = process.stdout.readline()
            assert line, process.stderr.read() if process.stderr else ""
            yield json.loads(line)["ready"], process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)


def page(url: str, posted: bool = False) -> str:
    request = urllib.request.Request(url, data=b"" if posted else None)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return str(answer.read().decode())


def listening(process: subprocess.Popen[bytes]) -> set[str]:
    """The addresses at which the demo and all its parts wait for connections."""
    root = psutil.Process(process.pid)
    sockets = [at for part in (root, *root.children(recursive=True)) for at in part.net_connections("inet")]
    return {at.laddr.ip for at in sockets if at.status == psutil.CONN_LISTEN}


def counted(told: dict[str, Any], key: int) -> tuple[Cli, dict[str, Any]]:
    device = told["devices"][key]
    return Cli(Path(device["home"]), pin=device["passphrase"]), device


def test_a_visit(tmp_path: Path) -> None:
    place, ports = tmp_path / "demo", (free_port(), free_port())
    with demo(place, ports) as (told, process):
        assert told["server"] == f"http://127.0.0.1:{ports[0]}"
        assert [set(device) for device in told["devices"]] == [{"name", "role", "url", "passphrase", "home"}] * 3
        assert [device["role"] for device in told["devices"]] == ["outreach", "office", "supervisor"]
        for device in told["devices"]:
            assert "<script" in page(device["url"])
        assert listening(process) == {"127.0.0.1"}, "nobody else in the network may look in"
        switch = f"http://127.0.0.1:{ports[1] + 3}"
        assert "Das Tablet ist offline" in page(f"{switch}/off", posted=True)
        assert "Das Tablet hat Netz" in page(f"{switch}/on", posted=True)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    for device in told["devices"]:
        with pytest.raises(OSError, match="refused"):
            page(device["url"])

    supervisor, _ = counted(told, 2)
    tablet, _ = counted(told, 0)
    people = supervisor.list("young_person")
    encounters = supervisor.list("encounter")
    assert len(people) == 24
    assert len(encounters) >= 130
    days = {encounter["at"][:10] for encounter in encounters}
    assert len(days) > 60
    assert all(person["created_at"] < max(days) + "T24" for person in people)
    assert any(person["given_name"] for person in people)
    assert all(
        not person["given_name"] or supervisor.list("consent", "--where", f"person={person['id']}") for person in people
    )
    assert {goal["person"] for goal in tablet.list("goal")} == {case["person"] for case in tablet.list("case")} != set()
    assert supervisor.ok("status").json["conflicts"] == 1
    assert supervisor.ok("review-queue").json
    assert tablet.ok("questions").json
    assert any(outing["ends"] is None for outing in tablet.list("outing"))
    for cli in (supervisor, tablet):
        status = cli.ok("status").json
        assert (status["waiting"], status["quarantined"]) == (0, 0)
        assert cli.ok("doctor").json["ok"]

    with demo(place, (free_port(), free_port())) as (again, _):
        assert [device["passphrase"] for device in again["devices"]] == [
            device["passphrase"] for device in told["devices"]
        ]
    assert {encounter["id"] for encounter in supervisor.list("encounter")} == {
        encounter["id"] for encounter in encounters
    }


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        result = Cli(tmp_path).run("demo", "--dir", str(tmp_path / "demo"), "--server-port", str(taken), "--no-browser")
    assert (result.code, str(taken) in result.err) == (2, True)
