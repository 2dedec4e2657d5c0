"""What the tests with real stores share."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def made_quickly(cheap_pins: None) -> None:
    """Every device here has a lock."""
