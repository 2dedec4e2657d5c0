"""Serves the gallery; `--theme sun --scale 2 --language en` show it otherwise."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta

import flet as ft

from goes_mobile.ui.frame import Frame
from goes_mobile.ui.look import Appearance
from goes_mobile.ui.screens.gallery.places import PLACES
from goes_mobile.ui.shell import show
from goes_mobile.ui.web import serve


def prepare(around: Frame) -> None:
    around.station.name = "Jana Keller"
    around.station.badges = {"/review": 12}
    around.station.on_lock = lambda: around.go("/more/pin")
    around.delivery.net = "offline"
    around.delivery.waiting = 3
    around.delivery.since = datetime.now(UTC) - timedelta(hours=3)


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__)
    cli.add_argument("--port", type=int, default=8560)
    cli.add_argument("--theme", choices=["system", "light", "dark", "sun"], default="system")
    cli.add_argument("--scale", type=float, default=1.0)
    cli.add_argument("--language", choices=["de", "en"], default="de")
    cli.add_argument("--supervisor", action="store_true")
    args = cli.parse_args()

    def start(page: ft.Page) -> None:
        around = show(
            page,
            appearance=Appearance(theme=args.theme, scale=args.scale, language=args.language),
            places=PLACES,
            prepare=prepare,
        )
        if args.supervisor:
            around.station.role = "supervisor"

    serve(start, port=args.port)


if __name__ == "__main__":
    main()
