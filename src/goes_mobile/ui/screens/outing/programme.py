"""The group programme: what it is, and who comes to it, counted by age and gender."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from goes_mobile.services.outing import OutingView
from goes_mobile.services.outing import Programme as Seen
from goes_mobile.state.outing import EndedOuting, Outings
from goes_mobile.ui.codes import options
from goes_mobile.ui.components import Chevron, Disc, Field, Group, Row, Section, Sheet, Tally, use_sheet
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.words import joined
from goes_mobile.ui.text import clock, t
from goes_mobile.ui.theme import L


@component
def Programme(view: Outings | EndedOuting, seen: OutingView) -> ft.Control:
    """One line that leads to the count; before there is one, it says that one can be noted."""
    opened, set_opened = ft.use_state(False)
    typed: ft.Ref[str | None] = ft.use_ref(None)

    async def close() -> None:
        """What stands in the field counts, also when the sheet is pulled down over it."""
        set_opened(False)
        told, typed.current = typed.current, None
        if told is not None:
            await view.set_programme(told)

    def type_(text: str) -> None:
        typed.current = text

    programme = seen.programme

    def what() -> str:
        """What was typed here, however often the count beside it draws anew."""
        return typed.current if typed.current is not None else programme.what if programme else ""

    use_sheet(opened, lambda: _sheet(view, programme, what(), type_, close), close)
    line = Row(
        programme.what or t("outing.programme") if programme else t("outing.programme_add"),
        programme_words(programme) if programme else "",
        leading=Disc(ft.Icons.GROUPS_OUTLINED, "primary" if programme else "plain"),
        trailing=Chevron(),
        on_press=lambda: set_opened(True),
    )
    return Section(t("outing.programme"), Group([line]))


def _sheet(
    view: Outings | EndedOuting, seen: Seen | None, what: str, type_: Callable[[str], Any], close: Callable[[], Any]
) -> ft.Control:
    attendance = seen.attendance if seen else {}
    counted = {age for age, _ in attendance}
    ages = [(o.value, o.text) for o in options("age_band") if o.value != "unknown" or "unknown" in counted]
    content = ft.Column(
        [
            Field(t("outing.programme_what"), what, type_, hint=t("outing.programme_hint")),
            Tally(ages, [(o.value, o.text) for o in options("gender")], attendance, view.attended),
        ],
        spacing=L,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    padded = ft.Container(content, padding=ft.Padding.only(left=24, right=24, bottom=L))
    return Sheet(t("outing.programme"), [padded], on_close=close)


def programme_words(seen: Seen) -> str:
    """12 dabei · ab 14:10"""
    return joined(
        t("outing.n_attended", n=seen.attended) if seen.attended else "",
        t("outing.from", clock=clock(seen.at)) if seen.at else "",
    )
