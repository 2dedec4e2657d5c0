"""Two columns below what stands across both."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from goes_mobile.ui.theme import XL, L


def Columns(main: Sequence[ft.Control], aside: Sequence[ft.Control]) -> ft.Control:
    """The main column a little wider than the one beside it."""
    return ft.Row(
        [
            ft.Container(_column(main), expand=7),
            ft.Container(_column(aside), expand=5),
        ],
        spacing=XL,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _column(content: Sequence[ft.Control]) -> ft.Control:
    return ft.Column(list(content), spacing=L, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
