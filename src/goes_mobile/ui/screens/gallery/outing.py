"""A tour above, the count at the thumb."""

from __future__ import annotations

import flet as ft

from goes_mobile.ui.components import (
    Card,
    Cells,
    Choice,
    CountBar,
    Field,
    Moment,
    Section,
    TextAction,
    Timeline,
    Tonal,
)
from goes_mobile.ui.frame import go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.shell import Screen


@component
def Outing() -> ft.Control:
    n, set_n = ft.use_state(11)
    weather, set_weather = ft.use_state("dry")
    seen, set_seen = ft.use_state("")
    tour = Card(
        Timeline(
            [
                Moment("Stadtbücherei Wernau", detail="13:45 – 14:02 · 3 Menschen", state="done"),
                Moment(
                    "Bahnhof Plochingen",
                    detail="seit 14:10",
                    state="here",
                    actions=[
                        Tonal("Weiterfahren", lambda: None, icon=ft.Icons.ARROW_FORWARD),
                        TextAction("Ändern", lambda: None),
                    ],
                ),
                Moment("Bahnhof Wendlingen", detail="geplant 16:15", state="ahead"),
                Moment("Jugendhaus Linde, Kirchheim", detail="geplant 17:30", state="ahead"),
            ]
        )
    )
    sky = [
        Choice("dry", "trocken", ft.Icons.WB_SUNNY_OUTLINED),
        Choice("rain", "Regen", ft.Icons.WATER_DROP_OUTLINED),
        Choice("snow", "Schnee", ft.Icons.AC_UNIT),
        Choice("heat", "Hitze", ft.Icons.THERMOSTAT),
        Choice("cold", "Kälte", ft.Icons.AIR),
    ]
    return Screen(
        "Bahnhof Plochingen",
        [
            tour,
            Section("Wetter", Cells(sky, weather, set_weather)),
            Field("Beobachtung", seen, set_seen, hint="Was fällt hier auf?"),
            ft.Row(
                [TextAction("Einsatz beenden", lambda: go("/"), icon=ft.Icons.FLAG_OUTLINED)],
                alignment=ft.MainAxisAlignment.CENTER,
            ),
        ],
        subtitle="Halt 2 von 4 · seit 14:10 · mit Aylin",
        bar=CountBar(n, "Menschen hier", lambda step: set_n(max(n + step, 0)), on_grid=lambda: go("/record")),
    )
