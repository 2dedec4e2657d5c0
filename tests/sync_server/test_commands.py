"""`goes-sync-server` as people and scripts use it: exit codes, one JSON document; serving is a real process."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import psutil
import pytest
from sqlalchemy import select

from goes_mobile.protocol import wire
from goes_mobile.protocol.entry import Entry
from goes_mobile.protocol.problems import Refused
from goes_mobile.protocol.service import Service
from goes_mobile.protocol.streams import StreamRef
from goes_mobile.sync.driver import HttpServer
from sync_server.cli import main
from sync_server.database import Database
from sync_server.settings import SQLITE_FILE
from sync_server.tables import Audit, table
from tests.actors import SITE, Actor, Organisation
from tests.serving import RunningServer

pytestmark = pytest.mark.processes
REF = StreamRef("site", SITE)


class Office:
    """An organisation at a running server."""

    def __init__(self, url: str, team: Organisation) -> None:
        self.team = team
        self.server = HttpServer(url)

    async def found(self, setup_token: str) -> None:
        entries = tuple(entry.raw for entry in self.team.control)
        request = wire.FoundRequest(setup_token=setup_token, organisation=self.team.id, entries=entries)
        await self.server.found(request)

    async def service(self, actor: Actor) -> Service:
        hello = await self.server.hello()
        session = await self.server.open_session(actor.session_request(hello.server_id, hello.challenge))
        return self.server.session(session.token)

    async def __aenter__(self) -> Office:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.server.close()


def pushing(entries: list[Entry]) -> wire.PushRequest:
    return wire.PushRequest(entries=tuple(entry.raw for entry in entries))


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str

    def document(self) -> dict[str, Any]:
        """Stdout is one JSON document and nothing else."""
        read: dict[str, Any] = json.loads(self.stdout)
        return read


def run(*arguments: str, data: Path, database_url: str | None = None) -> Done:
    """The command line in this process, which starts faster: the same entry point, the same arguments."""
    where = ["--data", str(data), *(["--database-url", database_url] if database_url else [])]
    stdout, stderr = io.StringIO(), io.StringIO()
    line = ["goes-sync-server", *arguments, *where]
    told = (mock.patch.object(sys, "argv", line), redirect_stdout(stdout), redirect_stderr(stderr))
    with told[0], told[1], told[2], pytest.raises(SystemExit) as ended:
        main()
    return Done(int(ended.value.code or 0), stdout.getvalue(), stderr.getvalue())


def initialise(data: Path, database_url: str | None = None) -> dict[str, Any]:
    return run("init", data=data, database_url=database_url).document()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def fill(data: Path, url: str, team: Organisation, setup_token: str) -> list[Entry]:
    anna = team.enrol("outreach")
    entries = [anna.open_stream(REF), *anna.notes(REF.id(team.id), 9)]

    async def push() -> None:
        async with Office(url, team) as office:
            await office.found(setup_token)
            await (await office.service(anna)).push(pushing(entries))

    asyncio.run(push())
    return entries


def test_init_says_what_the_operator_needs_and_again_gives_a_new_token(data: Path) -> None:
    first, second = initialise(data), initialise(data)
    assert first.keys() == {"setup_token", "server_id"}
    assert first["server_id"] == second["server_id"]
    assert len(first["server_id"]) == 32
    assert first["setup_token"] != second["setup_token"]
    assert (data / SQLITE_FILE).stat().st_mode & 0o077 == 0


def test_before_init_there_is_nothing(data: Path) -> None:
    for name in ("status", "doctor", "serve"):
        done = run(name, data=data)
        assert (done.returncode, done.stdout) == (2, ""), name
        assert "init" in done.stderr
    assert run("backup", "--to", str(data.parent / "b"), data=data).returncode == 2


def test_wrong_usage_is_2(data: Path) -> None:
    initialise(data)
    assert run("serve", "--workers", "2", data=data).returncode == 2
    assert run("serve", "--host", "0.0.0.0", data=data).returncode == 2
    assert run("serve", "--port", "99999", data=data).returncode == 2
    assert run("frobnicate", data=data).returncode == 2
    assert run("restore", "--from", str(data.parent / "missing"), data=data.parent / "other").returncode == 2


def test_help_shows_an_example_for_every_command(data: Path) -> None:
    for name in ("init", "serve", "status", "doctor", "backup", "restore"):
        shown = run(name, "--help", data=data)
        assert shown.returncode == 0
        assert f"goes-sync-server {name} --data" in shown.stdout


def test_a_data_directory_serves_one_process(data: Path) -> None:
    initialise(data)
    with RunningServer(data):
        for arguments in (["serve", "--port", "0"], ["init"], ["restore", "--from", "x"]):
            done = run(*arguments, data=data)
            assert (done.returncode, done.stdout) == (8, "")
            assert "in use" in done.stderr or "uses" in done.stderr
        for name in ("status", "doctor"):
            assert run(name, data=data).returncode == 0


def test_where_nothing_can_be_written_is_9(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = run("init", data=tmp_path / "file" / "data")
    assert (done.returncode, done.stdout) == (9, "")


def test_a_port_in_use_is_9(data: Path, tmp_path: Path) -> None:
    initialise(data)
    initialise(tmp_path / "other")
    with RunningServer(data) as running:
        port = running.url.rsplit(":", 1)[1]
        done = run("serve", "--port", port, data=tmp_path / "other")
    assert (done.returncode, done.stdout) == (9, "")


def test_status_counts_and_knows_when_a_device_was_last_heard_of(data: Path) -> None:
    setup = initialise(data)
    team = Organisation.found()
    silent = team.enrol("office")
    with RunningServer(data) as running:
        entries = fill(data, running.url, team, setup["setup_token"])
        told = run("status", data=data).document()
    assert told["server_id"] == setup["server_id"]
    assert told["open_setup_tokens"] == 0
    assert told["bytes"] > 0
    (organisation,) = told["organisations"]
    assert organisation["organisation"] == team.id.hex()
    assert organisation["entries"] == len(team.control) + len(entries)
    assert organisation["streams"] == 2
    assert not organisation["awaiting_control"]
    heard = {device["device"]: device["last_contact"] for device in organisation["devices"]}
    assert heard[silent.id.hex()] is None
    assert sum(at is not None for at in heard.values()) == 1


def test_a_flipped_bit_is_7(data: Path) -> None:
    setup = initialise(data)
    team = Organisation.found()
    with RunningServer(data) as running:
        entries = fill(data, running.url, team, setup["setup_token"])
    assert run("doctor", data=data).document()["ok"]
    file = data / SQLITE_FILE
    content = bytearray(file.read_bytes())
    content[content.index(entries[4].raw) + 100] ^= 4
    file.write_bytes(content)
    done = run("doctor", data=data)
    assert done.returncode == 7
    report = done.document()
    assert not report["ok"]
    assert {finding["what"] for finding in report["findings"]} >= {"checksum"}


def test_a_destroyed_database_is_7(data: Path) -> None:
    setup = initialise(data)
    with RunningServer(data) as running:
        fill(data, running.url, Organisation.found(), setup["setup_token"])
    file = data / SQLITE_FILE
    file.write_bytes(file.read_bytes()[:4096] + b"\xff" * 65536)
    assert run("doctor", data=data).returncode == 7


@pytest.mark.parametrize("source", ["sqlite", "postgres"])
@pytest.mark.parametrize("target", ["sqlite", "postgres"])
def test_a_backup_moves_between_databases(
    data: Path, tmp_path: Path, source: str, target: str, request: pytest.FixtureRequest
) -> None:
    pg = request.getfixturevalue("pg")
    with pg.database() as one, pg.database() as other:
        urls = {"sqlite": None, "postgres": one}
        setup = initialise(data, urls[source])
        team = Organisation.found()
        with RunningServer(data, urls[source]) as running:
            entries = fill(data, running.url, team, setup["setup_token"])
            told = run("backup", "--to", str(tmp_path / "backup"), data=data, database_url=urls[source]).document()
        assert told["entries"] == len(team.control) + len(entries)
        assert (tmp_path / "backup").stat().st_mode & 0o077 == 0
        for place in (urls[source] or f"sqlite:///{data / SQLITE_FILE}", f"sqlite:///{tmp_path / 'backup'}"):
            assert audited(place)[-1] == "backed_up", "in the server's log, and in the copy's"
        assert run("doctor", data=data, database_url=urls[source]).document()["ok"]
        to = {"sqlite": None, "postgres": other}[target]
        new = tmp_path / "new"
        done = run("restore", "--from", str(tmp_path / "backup"), data=new, database_url=to)
        assert done.returncode == 0, done.stderr
        assert done.document() == {"organisations": 1, "entries": told["entries"]}
        checked = run("doctor", data=new, database_url=to)
        assert (checked.returncode, checked.document()["ok"]) == (0, True)
        status = run("status", data=new, database_url=to).document()
        assert status["server_id"] == setup["server_id"]
        assert status["organisations"][0]["awaiting_control"]
        with RunningServer(new, to) as running:
            asyncio.run(serves_after_the_control_log(running.url, team, entries))
        assert run("restore", "--from", str(tmp_path / "backup"), data=new, database_url=to).returncode == 2


def audited(url: str) -> list[str]:
    with closing(Database(url)) as database, database.read() as connection:
        audit = table(Audit)
        return list(connection.scalars(select(audit.c.event).order_by(audit.c.number)))


async def serves_after_the_control_log(url: str, team: Organisation, entries: list[Entry]) -> None:
    async with Office(url, team) as office:
        admin = await office.service(team.admin)
        with pytest.raises(Refused) as caught:
            await admin.pull(wire.PullRequest(cursor=wire.Cursor()))
        assert caught.value.code == "feed_restarted"
        await admin.push(wire.PushRequest(entries=(), control_complete=True))
        pulled = await (await office.service(team.root)).pull(wire.PullRequest(cursor=wire.Cursor()))
        assert {entry.raw for entry in entries} <= {entry[3] for entry in pulled.entries}


def test_what_is_no_backup_is_not_restored(data: Path, tmp_path: Path) -> None:
    noise, empty, other = tmp_path / "noise", tmp_path / "empty", tmp_path / "other"
    noise.write_bytes(os.urandom(8192))
    empty.write_bytes(b"")
    with contextlib.closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE something (x)")
    for file in (noise, empty, other):
        done = run("restore", "--from", str(file), data=data)
        assert (done.returncode, done.stdout) == (7, ""), file
    assert not (data / SQLITE_FILE).exists()
    initialise(data)  # nothing was left behind that would be in the way


def test_what_was_acknowledged_survives_kill_9(data: Path) -> None:
    """Pushes go on from three devices until the process is gone; whoever got a receipt finds the entry again."""
    setup = initialise(data)
    team = Organisation.found()
    people = [team.enrol("outreach") for _ in range(3)]
    reader = team.enrol("supervisor")
    acknowledged: dict[bytes, wire.Receipt] = {}

    async def push_until_killed(office: Office, actor: Actor, kill: Callable[[], None], sign: bytes) -> None:
        service = await office.service(actor)
        with contextlib.suppress(Exception):
            while True:
                answer = await service.push(pushing(actor.notes(REF.id(team.id), 3)))
                acknowledged.update({item[0]: item for item in wire.read_receipts(answer.receipts, sign).items})
                if len(acknowledged) % 4 == 0:
                    kill()

    async def one_round(running: RunningServer, first: bool) -> None:
        async with Office(running.url, team) as office:
            if first:
                await office.found(setup["setup_token"])
                service = await office.service(people[0])
                await service.push(pushing([people[0].open_stream(REF)]))
            sign = (await office.server.hello()).server_sign
            await asyncio.gather(*(push_until_killed(office, actor, running.kill, sign) for actor in people))

    for index in range(4):
        for actor in people:
            actor.new_chain(REF.id(team.id))
        running = RunningServer(data)
        asyncio.run(one_round(running, index == 0))
        assert running.process.returncode == -signal.SIGKILL
    assert run("doctor", data=data).document()["ok"]

    async def read_all(url: str) -> dict[int, wire.RemoteEntry]:
        async with Office(url, team) as office:
            pulled = await (await office.service(reader)).pull(wire.PullRequest(cursor=wire.Cursor()))
            assert not pulled.more
            return {entry[0]: entry for entry in pulled.entries}

    with RunningServer(data) as running:
        stored = asyncio.run(read_all(running.url))
    assert len(acknowledged) > 12
    for _, number, position, received_ms in acknowledged.values():
        assert stored[number][:3] == (number, position, received_ms)


async def test_sigterm_finishes_what_was_begun_and_ends_those_who_wait(data: Path) -> None:
    setup = initialise(data)
    team = Organisation.found()
    with await asyncio.to_thread(RunningServer, data) as running:
        async with Office(running.url, team) as office, httpx.AsyncClient() as client:
            await office.found(setup["setup_token"])
            service = await office.service(team.admin)
            start = (await service.pull(wire.PullRequest(cursor=wire.Cursor()))).cursor
            waiting = asyncio.create_task(service.pull(wire.PullRequest(cursor=start, wait_s=25)))
            while "goes_waiting_polls 1" not in (await client.get(f"{running.url}/metrics")).text:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            running.process.terminate()
            assert (await waiting).entries == ()
        assert await asyncio.to_thread(running.stop) == 0


def test_several_workers_serve_together_and_one_that_dies_is_replaced(data: Path, postgres_url: str) -> None:
    setup = initialise(data, postgres_url)
    team = Organisation.found()
    with RunningServer(data, postgres_url, "--workers", "2") as running:
        entries = fill(data, running.url, team, setup["setup_token"])
        workers = [
            child for child in psutil.Process(running.process.pid).children() if "spawn_main" in str(child.cmdline())
        ]
        assert len(workers) == 2
        workers[0].kill()
        workers[0].wait(30)
        asyncio.run(pulls(running.url, team, len(team.control) + len(entries)))
        asyncio.run(wakes(running.url, team))
        assert run("doctor", data=data, database_url=postgres_url).returncode == 0
        assert running.stop() == 0
        assert not any(worker.is_running() for worker in workers)


async def pulls(url: str, team: Organisation, expected: int) -> None:
    """A few times, from whichever worker answers."""
    for _ in range(5):
        async with Office(url, team) as office:
            answer = await (await office.service(team.root)).pull(wire.PullRequest(cursor=wire.Cursor()))
            assert len(answer.entries) == expected


async def wakes(url: str, team: Organisation) -> None:
    """Whichever worker has the poll and whichever the push."""
    async with Office(url, team) as office:
        service = await office.service(team.admin)
        start = (await service.pull(wire.PullRequest(cursor=wire.Cursor()))).cursor
        waiting = [asyncio.create_task(service.pull(wire.PullRequest(cursor=start, wait_s=25))) for _ in range(3)]
        team.invite("office")
        told = team.control[start.number - 10 :]
        await service.push(pushing(told))
        assert all([(await each).entries for each in waiting])


def test_a_database_that_does_not_answer_is_4(data: Path) -> None:
    url = "postgresql://nobody@127.0.0.1:1/nothing"
    for name in ("init", "status", "serve"):
        assert run(name, data=data, database_url=url).returncode == 4, name


def test_logs_say_what_was_asked_and_never_who(data: Path) -> None:
    setup = initialise(data)
    team = Organisation.found()
    with RunningServer(data) as running:
        fill(data, running.url, team, setup["setup_token"])
        metrics = httpx.get(f"{running.url}/metrics").text
        assert httpx.get(f"{running.url}/healthz").json() == {"status": "ok"}
    lines = [json.loads(line) for line in running.log.read_text().splitlines()]
    pushes = [line for line in lines if line.get("resource") == "/v1/push"]
    assert pushes
    assert pushes[0].keys() == {"event", "level", "timestamp", "resource", "status", "ms"}
    assert 'goes_entries_total{outcome="taken"} 10.0' in metrics
    for said in (running.log.read_text(), metrics):
        assert "127.0.0.1" not in said
        for actor in (team.admin, team.root):
            assert actor.id.hex() not in said
        for secret in (team.id.hex(), setup["setup_token"], "session."):
            assert secret not in said
