"""A small team for the tests of view states."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.state.team import Team


@pytest.fixture(autouse=True)
def made_quickly(cheap_pins: None) -> None:
    """Every member's device has a lock."""


@pytest.fixture
async def team(tmp_path: Path) -> AsyncIterator[Team]:
    """The administrator alone; tests enrol whom they need."""
    found = await Team.found(tmp_path)
    yield found
    await found.close()
