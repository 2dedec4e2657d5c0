"""A whole county on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from goes_mobile.cli.commands import command
from goes_mobile.cli.session import Session


@command()
def demo(
    session: Session,
    fresh: Annotated[bool, typer.Option("--fresh", help="Throw the last demo away and begin anew.")] = False,
    directory: Annotated[Path | None, typer.Option("--dir", help="Where the demo lives.", file_okay=False)] = None,
    county: Annotated[str, typer.Option("--county", help="The county's preset.")] = "landkreis-esslingen",
    people: Annotated[int, typer.Option("--people", help="Young people to invent.", min=1, max=5000)] = 160,
    encounters: Annotated[int, typer.Option("--encounters", help="Encounters to invent.", min=1, max=50000)] = 2100,
    seed: Annotated[int, typer.Option("--seed", help="The same seed invents the same county.")] = 7,
    server_port: Annotated[
        int, typer.Option("--server-port", help="Port of the server; 0 takes a free one.", min=0, max=65535)
    ] = 8420,
    web_port: Annotated[
        int, typer.Option("--web-port", help="Port of the first device; 0 takes free ones.", min=0, max=65535)
    ] = 8550,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open browser windows.")] = False,
) -> None:
    """Run a whole county on this machine: server, devices, invented people.

    Ctrl-C stops everything, the next start goes on.

    Example: goes-mobile demo --fresh --people 200
    """
    from goes_mobile.cli.demo import Wish, run  # brings server, screens and invented names

    run(session.out, Wish(fresh, directory, county, people, encounters, seed, server_port, web_port, not no_browser))
