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
PAGE = (Path(__file__).resolve().parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")


def on_the_page() -> dict[str, set[str]]:
    """The commands that scripts rely on, with their options."""
    cells = [
        cell for row in re.findall(r"^\| (`[a-z].*?) \|", PAGE, re.MULTILINE) for cell in re.findall(r"`(.*?)`", row)
    ]
    return {re.split(r" (?=[A-Z[-])", cell)[0]: set(re.findall(r"--[a-z-]+", cell)) for cell in cells}


def every_command() -> Iterator[tuple[str, Any]]:
    commands.load()
    top = typer.main.get_command(commands.app)
    for name, command in top.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        yield from ((f"{name} {below}", c) for below, c in inner.items()) if inner else [(name, command)]


def test_the_page_says_what_is_there() -> None:
    there = {name: {o for parameter in command.params for o in parameter.opts} for name, command in every_command()}
    options = {name: {o for o in opts if o.startswith("--")} for name, opts in there.items()}
    assert [name for name, opts in options.items() if not opts >= COMMON] == []
    assert on_the_page() == {name: opts - COMMON - {"--help"} for name, opts in options.items()}


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
