"""`goes-mobile`: the same services without a screen. docs/commands.md says what scripts may rely on."""

from __future__ import annotations


def main(arguments: list[str] | None = None) -> None:
    """Entry point of the command ``goes-mobile``."""
    from goes_mobile.cli.commands import run

    run(arguments)
