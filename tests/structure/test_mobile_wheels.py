"""A phone can install what the client depends on.

Flet's index has Android and iOS wheels of the versions below, for Python 3.14 (as of August 2026). Whatever else the
client needs must be pure Python. The newest versions are admitted too: they are what the lock holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import distribution

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.structure.project import pyproject

MOBILE = {
    "argon2-cffi-bindings": "25.1.0",
    "cffi": "2.0.0",
    "cryptography": "48.0.0",
    "greenlet": "3.5.1",
    "msgpack": "1.1.2",
    "pillow": "12.2.0",
    "pydantic-core": "2.46.4",
    "rapidfuzz": "3.14.5",
    "sqlalchemy": "2.0.50",
}
# Pins its core with ==, so this is the one version whose core the index has.
PYDANTIC = "2.13.4"
# Compiled here for speed; the public index has a pure wheel of the same version beside it.
ALSO_PURE = {"fonttools"}

PHONE = {
    "sys_platform": "android",
    "platform_system": "Android",
    "platform_machine": "aarch64",
    "os_name": "posix",
    "python_version": "3.14",
    "python_full_version": "3.14.0",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
    "extra": "",
}


def client_requirements() -> list[Requirement]:
    return [Requirement(line) for line in pyproject()["project"]["dependencies"]]


def on_a_phone(requirement: Requirement) -> bool:
    return requirement.marker is None or requirement.marker.evaluate(PHONE)


def walk() -> Iterator[tuple[str, Requirement]]:
    """Every (who needs it, requirement) below the client, as far as a phone follows."""
    waiting = [("goes-mobile", requirement) for requirement in client_requirements()]
    seen: set[str] = set()
    while waiting:
        who, requirement = waiting.pop()
        if not on_a_phone(requirement):
            continue
        yield who, requirement
        name = canonicalize_name(requirement.name)
        if name in seen:
            continue
        seen.add(name)
        below = (Requirement(line) for line in distribution(name).requires or [])
        waiting += [(name, each) for each in below]


def is_pure(name: str) -> bool:
    tags = re.findall(r"^Tag: (.+)$", distribution(name).read_text("WHEEL") or "", re.MULTILINE)
    return bool(tags) and all(tag.endswith("-none-any") for tag in tags)


@pytest.mark.parametrize("requirement", client_requirements(), ids=lambda each: each.name)
def test_own_ranges_admit_the_mobile_wheels(requirement: Requirement) -> None:
    mobile = {**MOBILE, "pydantic": PYDANTIC}
    name = canonicalize_name(requirement.name)
    version = mobile.get(name, distribution(name).version)
    assert requirement.specifier.contains(version)


@pytest.mark.parametrize("requirement", client_requirements(), ids=lambda each: each.name)
def test_own_ranges_admit_what_is_installed_here(requirement: Requirement) -> None:
    assert requirement.specifier.contains(distribution(requirement.name).version)


def test_nobody_in_between_refuses_a_mobile_wheel() -> None:
    # What has a mobile wheel itself is replaced on a phone by that version, so its newest demands do not count.
    replaced = {*MOBILE, "pydantic"}
    edges = [(who, need) for who, need in walk() if who not in replaced and canonicalize_name(need.name) in MOBILE]
    assert edges
    refused = [
        f"{who} needs {need}"
        for who, need in edges
        if not need.specifier.contains(MOBILE[canonicalize_name(need.name)])
    ]
    assert refused == []


def test_everything_else_on_a_phone_is_pure_python() -> None:
    names = {canonicalize_name(need.name) for _, need in walk()}
    compiled = {name for name in names - MOBILE.keys() - ALSO_PURE if not is_pure(name)}
    assert compiled == set()
