"""`goes-mobile`: the same services without a screen. The contract of commands, output and exit codes is in the docs."""

from __future__ import annotations


def main(arguments: list[str] | None = None) -> None:
    """Entry point of the command ``goes-mobile``."""
    from goes_mobile.cli.commands import run

    run(arguments)
