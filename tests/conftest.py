"""What every test may use: `pg`, `postgres_url`, `chromium`. Nothing here reaches beyond this machine."""

from __future__ import annotations

import functools
import ipaddress
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from goes_mobile.vault import lock
from tests import chromium as browsers
from tests.postgres import Postgres, run_name

# Machines are noisy: a slow example is no error, a wrong one prints what reproduces it.
settings.register_profile("goes", deadline=None, print_blob=True)
settings.load_profile("goes")


@pytest.fixture(scope="session")
def pg() -> Iterator[Postgres]:
    """The run's PostgreSQL; `with pg.database() as url` lends an empty database."""
    server = Postgres(run_name())
    yield server
    server.stop()


@pytest.fixture
def postgres_url(pg: Postgres) -> Iterator[str]:
    """URL of an empty PostgreSQL database that is this test's own."""
    with pg.database() as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Path of the system's Chromium; start it with `tests.chromium.arguments()`."""
    found = browsers.find()
    if found is None:
        pytest.fail(browsers.MISSING)
    return found


@pytest.fixture(scope="session", autouse=True)
def no_pin_is_hashed_twice() -> Iterator[None]:
    """Argon2id is slow on purpose, and says the same about the same: copies of a profile are opened many times."""
    true = lock.hash_secret_raw
    lock.hash_secret_raw = functools.lru_cache(maxsize=1000)(true)  # type: ignore[attr-defined]
    yield
    lock.hash_secret_raw = true  # type: ignore[attr-defined]


@pytest.fixture
def cheap_pins(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that make many profiles. A real process would not open them, so those keep the true cost."""
    if request.node.get_closest_marker("processes") is None:
        true = lock.hash_secret_raw  # type: ignore[attr-defined]
        monkeypatch.setattr(
            lock, "hash_secret_raw", lambda secret, salt, _time, _kib, _lanes, *rest: true(secret, salt, 1, 8, 1, *rest)
        )


@pytest.fixture(scope="session", autouse=True)
def only_this_machine() -> Iterator[None]:
    """Refuses every connection beyond loopback, so that no test depends on the network and no code calls home."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _refuse_far_away(self, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _refuse_far_away(self, address)
        return connect_ex(self, address)

    socket.socket.connect, socket.socket.connect_ex = guarded_connect, guarded_connect_ex  # type: ignore[method-assign]
    yield
    socket.socket.connect, socket.socket.connect_ex = connect, connect_ex  # type: ignore[method-assign]


def _refuse_far_away(used: socket.socket, address: Any) -> None:
    if used.family not in (socket.AF_INET, socket.AF_INET6):
        return
    host = address[0]
    if host != "localhost" and not _is_loopback(host):
        raise AssertionError(f"a test wanted to connect to {host}")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a browser its tests are left out and counted, except on a build server, where they fail."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
    if browsers.on_build_server() or browsers.find() is not None:
        return
    left_out = [item for item in items if item.get_closest_marker("browser")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if not browsers.on_build_server() and browsers.find() is None:
        terminalreporter.write_line(f"BROWSER TESTS LEFT OUT. {browsers.MISSING}", red=True, bold=True)
