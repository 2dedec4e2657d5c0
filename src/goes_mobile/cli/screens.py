"""The screens, in their own window or in the browser."""

from __future__ import annotations

from typing import Annotated

import typer

from goes_mobile.app import Device, profiles_in
from goes_mobile.cli.commands import command
from goes_mobile.cli.session import Session, parts


@command(name="app")
def app_(
    session: Session,
    web: Annotated[bool, typer.Option("--web", help="In the browser, served by this machine to itself.")] = False,
    port: Annotated[int, typer.Option("--port", help="Port for --web.", min=1, max=65535)] = 8550,
) -> None:
    """Open the screens.

    Example: goes-mobile app --web --port 8550
    """
    open_screens(session, web, port)


def open_screens(session: Session, web: bool = False, port: int = 8550) -> None:
    """What ``goes-mobile`` does when no command is named. Without ``--home`` all profiles of this device are there."""
    from goes_mobile.device.flet import screen_parts
    from goes_mobile.ui.main import serve  # brings Flet, which the other commands do without

    homes = [session.home] if session.home_given else profiles_in(session.home.parent)
    device = Device(homes, screen_parts(parts()))
    serve(device.session, web=web, port=port, opening=device.open, closing=device.close)
