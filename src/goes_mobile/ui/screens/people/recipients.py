"""Who gets it: people by name, chosen from the partners or typed."""

from __future__ import annotations

from typing import Any

import flet as ft

from goes_mobile.state.person_forms import NewConsent
from goes_mobile.ui.components import Field, IconAction, Label, Option, Outlined, PickSheet, TextAction, use_sheet
from goes_mobile.ui.components.fields import notes
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import S


@component
def Recipients(view: NewConsent, error: str) -> ft.Control:
    """A line for each; a new one is empty."""
    choosing, set_choosing = ft.use_state(False)
    named: list[dict[str, Any]] = list(view.values.get("recipients") or [{}])

    def tell(at: int, **values: Any) -> Any:
        return view.set("recipients", [{**one, **values} if n == at else one for n, one in enumerate(named)])

    def add(new: dict[str, Any]) -> Any:
        return view.set("recipients", [*(one for one in named if one.get("name")), new])

    use_sheet(
        choosing,
        lambda: PickSheet(
            t("consent.recipients_from"),
            [Option(n, one["name"], one.get("office", "")) for n, one in enumerate(view.known)],
            None,
            lambda n: add(dict(view.known[n])),
            lambda: set_choosing(False),
        ),
        on_close=lambda: set_choosing(False),
    )
    lines = [
        _line(one, lambda at=n, **values: tell(at, **values),
              lambda at=n: view.set("recipients", [o for m, o in enumerate(named) if m != at]), key=str(n))
        for n, one in enumerate(named)
    ]  # fmt: skip
    ways: list[ft.Control] = [TextAction(t("consent.recipients_add"), lambda: view.set("recipients", [*named, {}]))]
    if view.known:
        ways.insert(0, Outlined(t("consent.recipients_from"), lambda: set_choosing(True), icon=ft.Icons.HUB_OUTLINED))
    return ft.Column(
        [Label(t("consent.recipients")), *lines, *notes(error, t("consent.recipients_note")),
         ft.Row(ways, wrap=True, spacing=S)],
        spacing=6,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )  # fmt: skip


def _line(one: dict[str, Any], tell: Any, drop: Any, key: str) -> ft.Control:
    name = Field(t("consent.recipient_name"), one.get("name", ""), lambda text: tell(name=text), correct=False)
    office = Field(t("consent.recipient_office"), one.get("office", ""), lambda text: tell(office=text), correct=False)
    away = IconAction(ft.Icons.CLOSE, t("consent.recipient_drop"), drop)
    if look().compact:
        both: ft.Control = ft.Column(
            [name, office], spacing=S, tight=True, expand=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
        )
    else:
        both = ft.Row([ft.Container(name, expand=True), ft.Container(office, expand=True)], spacing=S, expand=True)
    return ft.Row([both, away], spacing=S, key=key)
