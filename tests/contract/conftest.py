"""Every contract test runs against every implementation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.actors import Organisation
from tests.contract.places import Place, Story, opened

KINDS = ["fake", "sqlite", "postgres", pytest.param("process", marks=pytest.mark.processes)]


@pytest.fixture(params=KINDS)
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    """A fresh server, initialised and serving."""
    async with opened(request.param, tmp_path, lambda: str(request.getfixturevalue("postgres_url"))) as place:
        yield place


@pytest.fixture
async def story(place: Place) -> Story:
    """An organisation founded there: an administrator, and a site with nobody in it yet."""
    return await Story(place, Organisation.found()).found()
