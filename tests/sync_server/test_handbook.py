"""What the operators' handbook tells people to type exists."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from sync_server.cli import app

HANDBOOK = Path(__file__).resolve().parents[2] / "docs" / "Betrieb.md"
LINES = sorted(set(re.findall(r"goes-sync-server (\w+ [^\n|`]*)", HANDBOOK.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_the_handbook_is_a_command(line: str) -> None:
    name, *arguments = shlex.split(line)
    commands = get_command(app).commands  # type: ignore[attr-defined]
    known = {option for parameter in commands[name].params for option in parameter.opts}
    assert {argument for argument in arguments if argument.startswith("--")} <= known


def test_every_command_is_in_the_handbook() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    assert commands.keys() == {line.split()[0] for line in LINES}
