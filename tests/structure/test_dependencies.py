"""What the project asks for, it uses: a phone downloads it, and somebody has to keep it up to date."""

from __future__ import annotations

import re
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.structure.project import ROOT, pyproject

PROJECT = pyproject()["project"]
NEVER_IMPORTED = {"tzdata", "httptools", "uvloop"}
"""Data, and what makes uvicorn fast."""
CLIENT = ["src/goes_mobile"]
SERVER = ["sync_server"]


def imported(folders: list[str]) -> set[str]:
    """The distributions that the code in these folders imports."""
    modules = {
        name
        for folder in folders
        for file in (ROOT / folder).rglob("*.py")
        for name in re.findall(r"^\s*(?:from|import) (\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    known = packages_distributions()
    return {canonicalize_name(dist) for module in modules for dist in known.get(module, ())}


def asked(lines: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(line).name) for line in lines} - NEVER_IMPORTED


@pytest.mark.parametrize(
    ("lines", "folders"),
    [
        (PROJECT["dependencies"], CLIENT),
        (PROJECT["optional-dependencies"]["server"], SERVER),
        (PROJECT["optional-dependencies"]["demo"], CLIENT),
    ],
    ids=["client", "server", "demo"],
)
def test_what_is_asked_for_is_used(lines: list[str], folders: list[str]) -> None:
    assert asked(lines) - imported(folders) == set()
