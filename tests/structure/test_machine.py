"""What the tests themselves stand on: make targets, browser, PostgreSQL, no network."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests import chromium as browsers
from tests.structure.project import ROOT


def test_make_explains_every_target() -> None:
    listed = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = {line.split()[1] for line in listed.splitlines()}
    assert {"install", "run", "test", "check", "bench", "serve", "help"} <= targets
    assert all(len(line.split()) > 3 for line in listed.splitlines())


def test_a_build_server_without_a_browser_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert browsers.prepare(find=lambda: None, install=lambda: None, strict=True) == 1
    assert "No Chromium found" in capsys.readouterr().err


def test_elsewhere_a_missing_browser_is_said_and_the_run_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert browsers.prepare(find=lambda: None, install=lambda: None, strict=False) == 0
    assert "No Chromium found" in capsys.readouterr().err


def test_a_browser_that_could_be_installed_is_enough() -> None:
    machine: list[Path] = []
    found = browsers.prepare(
        find=lambda: machine[0] if machine else None, install=lambda: machine.append(Path("/usr/bin/c")), strict=True
    )
    assert found == 0


def test_the_browser_starts(chromium: Path, tmp_path: Path) -> None:
    page = "data:text/html,<title>da</title><p>Guten Tag"
    command = [chromium, "--headless", "--disable-gpu", f"--user-data-dir={tmp_path}", *browsers.arguments()]
    shown = subprocess.run([*command, "--dump-dom", page], capture_output=True, text=True, timeout=60, check=True)
    assert "Guten Tag" in shown.stdout


def test_each_test_has_a_postgresql_database_of_its_own(postgres_url: str, pg: object) -> None:
    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE seen (number integer)"))
        version = connection.execute(text("SHOW server_version_num")).scalar_one()
    with pg.database() as other:  # type: ignore[attr-defined]
        second = create_engine(other)
        with second.connect() as connection:
            assert connection.execute(text("SELECT to_regclass('seen')")).scalar_one() is None
        second.dispose()
    engine.dispose()
    assert int(version) >= 180000


def test_a_connection_beyond_this_machine_is_refused() -> None:
    with socket.socket() as caller, pytest.raises(AssertionError, match="wanted to connect"):
        caller.connect(("192.0.2.1", 80))


def test_a_connection_on_this_machine_is_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as caller:
        assert caller.getpeername() == server.getsockname()
