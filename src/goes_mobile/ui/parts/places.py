"""Choosing a municipality: those of the county, or any other one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from goes_mobile.state.county import county
from goes_mobile.ui.components import Field, Option, PickField, PickSheet, sheet_row, use_sheet
from goes_mobile.ui.frame import app
from goes_mobile.ui.guarded import component
from goes_mobile.ui.text import t


@component
def MunicipalityField(label: str, value: str, on_change: Callable[[str], Any]) -> ft.Control:
    """A sheet with the county's municipalities; what is not among them is typed."""
    open_, set_open = ft.use_state(False)
    own, set_own = ft.use_state(False)
    known = county(app()).municipalities

    def other() -> None:
        set_own(True)
        set_open(False)

    def choose(name: str) -> Any:
        set_own(False)
        return on_change(name)

    use_sheet(
        open_,
        lambda: PickSheet(
            label,
            [Option(name, name) for name in known],
            value,
            choose,
            lambda: set_open(False),
            last=sheet_row(t("people.municipality_other"), icon=ft.Icons.EDIT_OUTLINED, on_press=other),
        ),
        on_close=lambda: set_open(False),
    )
    if own or (value and value not in known):
        return Field(label, value, on_change, on_leave=lambda text: set_own(False) if not text else None)
    return PickField(label, value, lambda: set_open(True), icon=ft.Icons.PLACE_OUTLINED, on_clear=lambda: on_change(""))
