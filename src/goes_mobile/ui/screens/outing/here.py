"""At a stop: the weather, and what one notices."""

from __future__ import annotations

import flet as ft

from goes_mobile.state.outing import Outings
from goes_mobile.ui.codes import options
from goes_mobile.ui.components import Cells, Choice, Field, Section
from goes_mobile.ui.guarded import component
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import L

WEATHER: dict[str, ft.IconData] = {
    "dry": ft.Icons.WB_SUNNY_OUTLINED,
    "rain": ft.Icons.WATER_DROP_OUTLINED,
    "snow": ft.Icons.AC_UNIT,
    "heat": ft.Icons.THERMOSTAT,
    "cold": ft.Icons.SEVERE_COLD,
}


@component
def Here(view: Outings) -> ft.Control:
    here = view.here
    if here is None:
        return ft.Container()
    sky = [
        Choice(o.value, "", WEATHER.get(o.value, ft.Icons.WB_CLOUDY_OUTLINED), name=o.text) for o in options("weather")
    ]
    said = next((o.text for o in options("weather") if o.value == here.weather), "")
    return ft.Column(
        [
            Section(t("outing.weather"), Cells(sky, here.weather, view.weather), hint=said),
            Field(
                t("outing.observation"),
                view.observation,
                view.observe,
                lines=2,
                hint=t("outing.observation_hint"),
                on_leave=lambda _: view.keep_observation(),
            ),
        ],
        spacing=L,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
