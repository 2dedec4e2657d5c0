"""What the screens' tests share: an office, and people who sit down in front of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.browser.harness import People, people
from tests.browser.room import Office


@pytest.fixture
async def staff(chromium: Path) -> AsyncIterator[People]:
    async with people(chromium) as sitting:
        yield sitting


@pytest.fixture
async def founded(tmp_path: Path) -> AsyncIterator[Office]:
    """Everybody is enrolled, nothing is noted, everybody is at work."""
    office = await Office.open(tmp_path)
    yield office
    await office.close()


@pytest.fixture
async def office(founded: Office) -> Office:
    """After a morning's work; everybody has locked."""
    await founded.work()
    await founded.lock()
    return founded
