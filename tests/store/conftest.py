"""A county of real stores for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.devices import County, Device


@pytest.fixture(autouse=True)
def made_quickly(cheap_pins: None) -> None:
    """Every device here has a lock, and few tests are about it."""


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with County(tmp_path) as made:
        yield made


@pytest.fixture
def anna(county: County) -> Device:
    """An outreach worker's device."""
    return county.enrol("outreach")


@pytest.fixture
def ben(county: County, anna: Device) -> Device:
    """A colleague of hers, enrolled after her; both know the same keys."""
    device = county.enrol("outreach")
    county.sync()
    return device
