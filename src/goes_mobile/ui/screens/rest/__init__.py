"""Nothing to be read: no name, no number, not even whose program it is. A tap leads to unlocking."""

from __future__ import annotations

import flet as ft

from goes_mobile.ui.components import TextAction
from goes_mobile.ui.frame import Handler
from goes_mobile.ui.guarded import component, guarded
from goes_mobile.ui.look import look
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import XL


@component
def RestScreen(on_wake: Handler) -> ft.Control:
    """The whole surface wakes it; the word below is for who cannot see it, or does not know."""
    return ft.Container(
        ft.Column(
            [ft.Container(expand=True), TextAction(t("rest.wake"), on_wake)],
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        expand=True,
        padding=XL,
        bgcolor=look().palette.surface,
        on_click=guarded(on_wake),
    )
