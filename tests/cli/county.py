"""A county at the command line: homes to copy, commands run in this process, a real server process beside it.

Founding and enrolling once takes some seconds; every test starts from a copy of what they left on disk.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from goes_mobile.app import desktop
from goes_mobile.cli import session
from goes_mobile.cli.commands import outcome
from goes_mobile.vault.lock import FLOOR
from tests.serving import RunningServer, initialise

PIN = "eine lange Passphrase"
BIN = Path(sys.executable).parent
PEOPLE = {
    "jana": ("Jana Keller", "outreach", ("workmobil",)),
    "tom": ("Tom Brandt", "office", ("jugendbuero-nuertingen",)),
    "sabine": ("Sabine Wolf", "supervisor", ("workmobil", "jugendbuero-nuertingen")),
}


@dataclass(frozen=True, slots=True)
class Result:
    code: int
    out: str = field(repr=False)
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass
class Cli:
    """One profile's commands. ``clock_ms`` moves its clock away from the true time."""

    home: Path
    pin: str | None = PIN
    clock_ms: int = 0

    def run(self, *arguments: str, stdin: str | bytes = "", pin: str | None = "") -> Result:
        """One command in this process, like ``goes-mobile …`` in a pipe."""
        out, err = io.StringIO(), io.StringIO()
        typed = io.TextIOWrapper(io.BytesIO(stdin.encode() if isinstance(stdin, str) else stdin), encoding="utf-8")
        with _environment(self.home, self.pin if pin == "" else pin), self._world():
            before, sys.stdin = sys.stdin, typed
            try:
                with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                    code = outcome(list(arguments))
            finally:
                sys.stdin = before
        return Result(code, out.getvalue(), err.getvalue())

    def ok(self, *arguments: str, stdin: str | bytes = "") -> Result:
        result = self.run(*arguments, stdin=stdin)
        assert result.code == 0, result
        return result

    def add(self, kind: str, *records: dict[str, Any]) -> list[str]:
        """Adds records; their ids."""
        stdin = "\n".join(json.dumps(record) for record in records)
        return [line["id"] for line in self.ok("add", kind, stdin=stdin).lines]

    def list(self, kind: str, *more: str) -> list[Any]:
        return self.ok("list", kind, *more).lines

    def show(self, kind: str, record: str) -> Any:
        return self.ok("show", kind, record).json

    def sync(self) -> Any:
        return self.ok("sync", "--once").json

    def process(self, *arguments: str, **more: Any) -> subprocess.Popen[bytes]:
        """The same as a real process."""
        environment = {**os.environ, "GOES_HOME": str(self.home), "PYTHONUNBUFFERED": "1"}
        if self.pin is not None:
            environment["GOES_PIN"] = self.pin
        else:
            environment.pop("GOES_PIN", None)
        return subprocess.Popen([BIN / "goes-mobile", *arguments], env=environment, **more)

    @contextlib.contextmanager
    def _world(self) -> Iterator[None]:
        true = desktop()
        parts = replace(true, lock_cost=FLOOR, clock=lambda: true.clock() + self.clock_ms)
        before, session.parts = session.parts, lambda: parts
        try:
            yield
        finally:
            session.parts = before


@contextlib.contextmanager
def _environment(home: Path, pin: str | None) -> Iterator[None]:
    before = dict(os.environ)
    os.environ["GOES_HOME"] = str(home)
    os.environ.pop("GOES_PIN", None)
    if pin is not None:
        os.environ["GOES_PIN"] = pin
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A real server process on a data directory, always at the same address."""

    def __init__(self, data: Path, port: int, database_url: str | None = None) -> None:
        self.data, self.port, self.database_url = data, port, database_url
        self.url = f"http://127.0.0.1:{port}"

    def running(self) -> RunningServer:
        """``with server.running():``"""
        return RunningServer(self.data, self.database_url, "--port", str(self.port))


@dataclass
class County:
    """Copied homes and the server's data; the server runs only inside ``with county.server.running()``."""

    place: Path
    port: int
    database_url: str | None = None

    @property
    def server(self) -> Server:
        return self._server

    @property
    def sheet(self) -> str:
        """The recovery sheet's words."""
        return (self.place / "sheet").read_text()

    def __post_init__(self) -> None:
        self._server = Server(self.place / "server", self.port, self.database_url)
        self.admin = Cli(self.place / "admin")
        self.jana, self.tom, self.sabine = (Cli(self.place / key) for key in PEOPLE)

    def found(self) -> None:
        """A new organisation with everybody enrolled and synchronised."""
        token = initialise(self.server.data, self.database_url)["setup_token"]
        with self.server.running():
            told = self.admin.ok("org", "create", "--server", self.server.url, "--setup-token", token,
                                 "--preset", "landkreis-esslingen", "--member", "Ada Amann")  # fmt: skip
            (self.place / "sheet").write_text(told.json["recovery_sheet"])
            for key, (name, role, sites) in PEOPLE.items():
                self.enrol(Cli(self.place / key), name, role, *sites)
            for cli in (self.admin, self.jana, self.tom, self.sabine) * 2:
                cli.sync()

    def invite(self, name: str, role: str, *sites: str, hours: float = 72) -> str:
        chosen = [part for site in sites for part in ("--site", site)]
        told = self.admin.ok("invite", "--role", role, "--member", name, "--hours", str(hours), *chosen)
        return str(told.json["code"])

    def enrol(self, cli: Cli, name: str, role: str, *sites: str) -> Cli:
        cli.ok("enrol", "--server", self.server.url, "--code", self.invite(name, role, *sites))
        return cli

    def newcomer(self, key: str, name: str, role: str, *sites: str) -> Cli:
        return self.enrol(Cli(self.place / key), name, role, *sites)

    def everyone_syncs(self) -> None:
        for cli in (self.jana, self.tom, self.sabine) * 2:
            cli.sync()


def copy(template: County, place: Path) -> County:
    shutil.copytree(template.place, place, dirs_exist_ok=True)
    return County(place, template.port)
