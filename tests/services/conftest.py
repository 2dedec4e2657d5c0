"""`team`: an organisation with an outreach worker, a colleague in an office and a supervisor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.team import MOBILE, OFFICE, Member, Team


@pytest.fixture(autouse=True)
def made_quickly(cheap_pins: None) -> None:
    """Every member's device has a lock."""


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    made = Team(tmp_path)
    yield made
    made.close()


@pytest.fixture
def jana(team: Team) -> Member:
    """Outreach, on the Workmobil."""
    return team.enrol("Jana Keller", "outreach", MOBILE)


@pytest.fixture
def aylin(team: Team, jana: Member) -> Member:
    """Her colleague on the same tour."""
    return team.enrol("Aylin Yıldız", "outreach", MOBILE)


@pytest.fixture
def tom(team: Team) -> Member:
    """In the office at Nürtingen."""
    return team.enrol("Tom Brandt", "office", OFFICE)


@pytest.fixture
def sabine(team: Team) -> Member:
    """Supervises both sites."""
    return team.enrol("Sabine Wolf", "supervisor", MOBILE, OFFICE)
