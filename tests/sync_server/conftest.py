"""The same server tests on SQLite and on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync_server.counter import Counter


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'server.sqlite3'}"


@pytest.fixture
def counter(database_url: str) -> Iterator[Counter]:
    """A server's core on it, without a network."""
    with Counter(database_url) as counter:
        yield counter
