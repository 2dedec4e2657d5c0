"""The page that tells what services there are tells what is there."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from goes_mobile import services

PAGE = (Path(services.__path__[0]) / "README.md").read_text(encoding="utf-8")
SECTIONS = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]


def modules_of(section: str) -> list[ModuleType]:
    names = section.partition(":")[0].split(", ")
    return [importlib.import_module(f"goes_mobile.services.{name}") for name in names]


def calls() -> Iterator[Any]:
    for section in SECTIONS:
        for row in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE):
            for name, arguments in re.findall(r"`(\w+)\((.*?)\)`", row):
                yield pytest.param(section, name, arguments, id=f"{section.partition(':')[0]}-{name}")


@pytest.mark.parametrize(("section", "name", "arguments"), list(calls()))
def test_a_call_on_the_page_is_a_function(section: str, name: str, arguments: str) -> None:
    (found,) = {function for module in modules_of(section) if (function := getattr(module, name, None))}
    parameters = [parameter for parameter in inspect.signature(found).parameters if parameter != "desk"]
    assert parameters == [argument for argument in arguments.split(", ") if argument]


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.partition(":")[0])
def test_a_class_on_the_page_is_there(section: str) -> None:
    known = {name for module in modules_of(section) for name in vars(module)}
    named = re.findall(r"`(?:list\[)?([A-Z]\w+)\]?`", section)
    assert set(named) <= known


def test_every_action_is_on_the_page() -> None:
    told = {(section.partition(":")[0], name) for section in SECTIONS for name in re.findall(r"`(\w+)\(", section)}
    listed = {(module, name) for names, name in told for module in names.split(", ")}
    actions = {
        (module.name, name)
        for module in pkgutil.iter_modules(services.__path__)
        for name, function in vars(importlib.import_module(f"goes_mobile.services.{module.name}")).items()
        if inspect.isfunction(function) and function.__module__.endswith(f".{module.name}")
        if not name.startswith("_") and inspect.signature(function).return_annotation == "list[Change]"
    }
    assert len(actions) > 30
    assert actions <= listed
