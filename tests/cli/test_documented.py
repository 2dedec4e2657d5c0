"""Every command explains itself with an example; wrong usage is told with exit code 2."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from goes_mobile.cli import commands
from tests.cli.county import Cli

COMMON = {"--home", "--pin-file", "--json"}
CONTRACT = {
    "add": {"--file"}, "answer": set(), "app": {"--web", "--port"}, "delete": set(), "devices": set(), "doctor": set(),
    "demo": {
        "--fresh", "--dir", "--county", "--people", "--encounters", "--seed", "--server-port", "--web-port",
        "--no-browser",
    },
    "enrol": {"--server", "--code"}, "history": set(), "invite": {"--role", "--site", "--member", "--hours"},
    "list": {"--where", "--since", "--limit"},
    "org create": {"--server", "--setup-token", "--preset", "--member", "--site"},
    "report": {"--from", "--to", "--site", "--format", "--out"}, "review": {"--verdict", "--comment"},
    "search": set(), "set": set(), "show": set(), "status": set(), "sync": {"--once"},
}  # fmt: skip
"""What scripts rely on: these commands have at least these options."""


def every_command() -> Iterator[tuple[str, Any]]:
    commands.load()
    top = typer.main.get_command(commands.app)
    for name, command in top.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        yield from ((f"{name} {below}", c) for below, c in inner.items()) if inner else [(name, command)]


def test_the_contract_is_kept() -> None:
    there = {name: {o for parameter in command.params for o in parameter.opts} for name, command in every_command()}
    missing = {f"{name} {option}" for name, options in CONTRACT.items() for option in options - there.get(name, set())}
    assert (set(CONTRACT) - there.keys(), missing) == (set(), set())
    assert [name for name, options in there.items() if not options >= COMMON] == []


@pytest.mark.parametrize(
    ("name", "command"), list(every_command()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_command_is_documented(name: str, command: Any) -> None:
    text = command.help or ""
    summary, _, rest = text.partition("\n\n")
    assert len(summary.split()) >= 3
    assert re.search(rf"Example: .*goes-mobile .*{name}", rest, re.DOTALL), f"{name} has no example"
    for parameter in command.params:
        assert parameter.help, f"{name}: {parameter.name} is not explained"


@pytest.mark.parametrize("arguments", [
    ("gibtsnicht",), ("add",), ("add", "gibtsnicht"), ("list", "encounter", "--limit", "0"), ("status", "--gibtsnicht"),
    ("invite", "--role", "chef", "--member", "X"), ("org", "create"), ("review", "x", "--verdict", "vielleicht"),
])  # fmt: skip
def test_wrong_usage(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    result = Cli(tmp_path).run(*arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err


def test_help_is_an_answer(tmp_path: Path) -> None:
    result = Cli(tmp_path).run("--help")
    assert (result.code, "Exit codes" in result.out) == (0, True)
