"""The locks: complete, hashed, without addresses, and of one mind."""

from __future__ import annotations

import re
from itertools import chain

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.structure.project import ROOT, pyproject

LOCKS = ["requirements.lock", "requirements-server.lock"]


def locked(name: str) -> dict[str, tuple[str, int]]:
    """Package → (version, number of hashes)."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    found: dict[str, tuple[str, int]] = {}
    for line in text.splitlines():
        match = re.match(r"([A-Za-z0-9._-]+)==([^\s;]+)", line)
        assert match, f"not a pinned package: {line[:60]}"
        found[canonicalize_name(match[1])] = (match[2], line.count("--hash=sha256:"))
    return found


def wanted(*extras: str) -> list[Requirement]:
    project = pyproject()["project"]
    groups = [project["dependencies"], *(project["optional-dependencies"][extra] for extra in extras)]
    lines = chain(*groups, pyproject()["dependency-groups"]["build"])
    return [each for each in map(Requirement, lines) if canonicalize_name(each.name) != "goes-mobile"]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_with_hashes(lock: str) -> None:
    packages = locked(lock)
    assert len(packages) > 40
    assert [name for name, (_, hashes) in packages.items() if not hashes] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_address_is_locked(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert re.findall(r"https?://|file:|--index|--extra-index|--find-links|--trusted-host", text) == []


@pytest.mark.parametrize(
    ("lock", "extras"), [("requirements.lock", ("server", "demo", "dev")), ("requirements-server.lock", ("server",))]
)
def test_what_the_project_names_is_locked_within_its_range(lock: str, extras: tuple[str, ...]) -> None:
    packages = locked(lock)
    environment = default_environment() | {"extra": ""}
    for requirement in wanted(*extras):
        if requirement.marker is None or requirement.marker.evaluate(environment):
            version, _ = packages[canonicalize_name(requirement.name)]
            assert requirement.specifier.contains(version), f"{requirement} is locked as {version}; run: make lock"


def test_a_server_runs_what_the_tests_ran() -> None:
    everything, server = (locked(lock) for lock in LOCKS)
    assert {name: everything.get(name) for name in server} == server


def test_no_test_tool_reaches_a_server() -> None:
    tools = {
        canonicalize_name(Requirement(line).name) for line in pyproject()["project"]["optional-dependencies"]["dev"]
    }
    assert tools & locked("requirements-server.lock").keys() <= {"pillow"}  # which draws into PDFs
