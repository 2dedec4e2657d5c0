"""Eintragen: everything that can be added to a file, in the order of use."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import flet as ft

from goes_mobile.records import registry
from goes_mobile.ui.components import Outlined, Sheet, Tonal, kind_icon, sheet_row, use_sheet
from goes_mobile.ui.frame import go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.screens.people.entries import writable
from goes_mobile.ui.text import label, t
from goes_mobile.ui.theme import S

ORDER = ("situation", "goal", "appointment", "service", "referral", "absence_episode", "case", "case_conference",
         "outcome", "protection_concern")  # fmt: skip


@component
def Adding(person: str, accompanied: bool) -> ft.Control:
    """Two ways on from the top of a file: adding something, and turning the screen to the young person."""
    opened, set_opened = ft.use_state(False)
    kinds = [known for known in sorted(writable(), key=_place) if not (known.name == "case" and accompanied)]
    use_sheet(opened, lambda: _sheet(person, kinds, lambda: set_opened(False)), on_close=lambda: set_opened(False))
    return ft.Row(
        [
            Tonal(t("file.add"), lambda: set_opened(True), icon=ft.Icons.ADD),
            Outlined(t("file.show"), lambda: go(f"/people/{person}/view"), icon=ft.Icons.CO_PRESENT_OUTLINED),
        ],
        wrap=True,
        spacing=S,
        run_spacing=S,
    )


def _sheet(person: str, kinds: Sequence[registry.Kind], on_close: Callable[[], None]) -> ft.Control:
    def row(known: registry.Kind) -> ft.Control:
        def choose() -> None:
            on_close()
            go(f"/new/entry/{known.name}/{person}")

        return sheet_row(label(known.de, known.en), icon=kind_icon(known.name), on_press=choose)

    return Sheet(t("file.add"), [row(known) for known in kinds], on_close=on_close)


def _place(known: registry.Kind) -> tuple[int, str]:
    return (ORDER.index(known.name) if known.name in ORDER else len(ORDER), known.name)
