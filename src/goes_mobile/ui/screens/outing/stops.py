"""A stop that was not planned: one of the list, or a place in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from goes_mobile.services.organisation import StopLine
from goes_mobile.state.outing import Outings
from goes_mobile.ui.components import Field, Meta, SearchField, Sheet, Tonal, sheet_row, use_sheet
from goes_mobile.ui.guarded import component, use_start
from goes_mobile.ui.parts.words import joined
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import XL, L, M


def OtherStop(view: Outings, open_: bool, on_close: Callable[[], Any]) -> None:
    """A hook: the sheet while it is open."""
    use_sheet(open_, lambda: _OtherStop(view, on_close), on_close)


@component
def _OtherStop(view: Outings, on_close: Callable[[], Any]) -> ft.Control:
    stops, set_stops = ft.use_state(None)
    wanted, set_wanted = ft.use_state("")
    place = ft.use_ref("")

    async def load() -> None:
        set_stops(await view.other_stops())

    use_start(load)

    async def take(stop: StopLine) -> None:
        on_close()
        await view.add_stop(stop.id)

    async def go_there() -> None:
        name = (place.current or "").strip()
        if name:
            on_close()
            await view.add_stop(None, name)

    def typed(text: str) -> None:
        place.current = text

    hits = [stop for stop in stops or [] if wanted.casefold() in f"{stop.name} {stop.municipality}".casefold()]
    rows: list[ft.Control] = [
        sheet_row(
            stop.name,
            joined(stop.municipality, ", ".join(stop.times)),
            icon=ft.Icons.PLACE_OUTLINED,
            on_press=lambda stop=stop: take(stop),
        )
        for stop in hits
    ]
    if stops is not None and not hits:
        rows.append(ft.Container(Meta(t("search.nothing", what=wanted)), padding=ft.Padding.symmetric(XL, XL)))
    foot = ft.Column(
        [
            Field(t("outing.place_in_words"), place.current or "", typed, hint=t("outing.place_hint")),
            ft.Row([Tonal(t("outing.here_now"), go_there, icon=ft.Icons.PLACE_OUTLINED)]),
        ],
        spacing=M,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    rows.append(ft.Container(foot, padding=ft.Padding.symmetric(horizontal=XL, vertical=L)))
    field = SearchField(t("search.here"), wanted, set_wanted)
    return Sheet(t("outing.other_stop"), rows, on_close=on_close, search=field, tall=True)
