"""`county`: a copy of an enrolled team, no server running."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.county import County, copy, free_port


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> County:
    county = County(tmp_path_factory.mktemp("county"), free_port())
    county.found()
    return county


@pytest.fixture
def county(founded: County, tmp_path: Path) -> County:
    return copy(founded, tmp_path / "county")
