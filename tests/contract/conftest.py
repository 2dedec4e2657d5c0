"""Every contract test runs against every implementation."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests import serving
from tests.actors import Organisation
from tests.contract.places import OwnPlace, Place, SharedProcessPlace, Story, opened

KINDS = ["fake", "sqlite", "postgres", pytest.param("process", marks=pytest.mark.processes)]


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[serving.RunningServer, Path]]:
    """One real process for all tests that do nothing to it."""
    data = tmp_path_factory.mktemp("server") / "data"
    serving.initialise(data)
    with serving.RunningServer(data) as server:
        yield server, data


@pytest.fixture(params=KINDS)
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    """A server where an organisation may be founded."""
    if request.param == "process":
        shared = SharedProcessPlace(*request.getfixturevalue("running"))
        yield shared
        await shared.close()
        return
    async with opened(request.param, tmp_path, lambda: str(request.getfixturevalue("postgres_url"))) as own:
        yield own


@pytest.fixture(params=KINDS[:3])
async def own_place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[OwnPlace]:
    """A server of this test's own, to which things happen."""
    async with opened(request.param, tmp_path, lambda: str(request.getfixturevalue("postgres_url"))) as own:
        yield own


@pytest.fixture(params=KINDS)
async def machine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[OwnPlace]:
    """The same, also as a real process: those take seconds to go down and come up."""
    async with opened(request.param, tmp_path, lambda: str(request.getfixturevalue("postgres_url"))) as own:
        yield own


@pytest.fixture
async def story(place: Place) -> Story:
    """An organisation founded there: an administrator, and a site with nobody in it yet."""
    return await Story(place, Organisation.found()).found()


@pytest.fixture
async def own_story(own_place: OwnPlace) -> Story:
    return await Story(own_place, Organisation.found()).found()
