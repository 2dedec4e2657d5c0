"""Aufbewahren: as long as a day here has not come, nobody deletes the file."""

from __future__ import annotations

from datetime import timedelta

import flet as ft

from goes_mobile.services.holds import HoldLine
from goes_mobile.state.holds import Holds
from goes_mobile.ui.components import (
    Banner,
    Card,
    Chip,
    Chips,
    DateField,
    Field,
    Loading,
    Meta,
    SaveBar,
    Section,
    Strong,
    TextAction,
)
from goes_mobile.ui.frame import Notice, frame
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.words import joined, today, who
from goes_mobile.ui.refusals import refusals
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import numeric_day, t
from goes_mobile.ui.theme import S
from goes_mobile.ui.views import use_view


@component
def HoldScreen(person: str) -> ft.Control:
    view = use_view(lambda app: Holds(app, person), "retention_hold", "young_person")

    async def hold() -> None:
        if await view.hold():
            frame().leave()
            frame().notices.show(Notice(t("hold.held"), tone="ok"))

    async def lift(line: HoldLine) -> None:
        async def back() -> None:
            await view.put_back(line)

        await view.lift(line)
        frame().notices.show(Notice(t("hold.lifted"), tone="ok", action=t("do.undo"), on_action=back))

    if view.lines is None:
        return Screen(t("hold.title"), [Loading()], on_close=frame().leave)
    said = refusals(view.errors)
    body: list[ft.Control] = [
        Banner(t("hold.what"), t("hold.what_detail"), tone="info", icon=ft.Icons.LOCK_CLOCK_OUTLINED)
    ]
    if view.lines:
        body.append(Section(t("hold.now"), *(_line(line, lambda line=line: lift(line)) for line in view.lines)))
    ends = [(t("hold.months", n=n), today() + timedelta(days=round(n * 30.44))) for n in (6, 12, 24)]
    chips = [Chip(words, view.until == day, lambda _, day=day: view.end_on(day), key=words) for words, day in ends]
    body.append(
        Section(
            t("hold.new"),
            Field(t("hold.why"), view.reason, view.write, lines=3, error=said.get("reason", ""), note=t("hold.sealed")),
            ft.Column(
                [DateField(t("hold.until"), view.until, view.end_on, error=said.get("until", "")), Chips(*chips)],
                spacing=S,
                tight=True,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
        )
    )
    return Screen(
        t("hold.title"),
        body,
        subtitle=view.name,
        on_close=frame().leave,
        bar=SaveBar(t("hold.save"), hold, icon=ft.Icons.LOCK_CLOCK_OUTLINED),
    )


def _line(line: HoldLine, lift: object) -> ft.Control:
    day = t("hold.over" if line.over else "deletion.held", day=numeric_day(line.until))
    return Card(
        Strong(line.reason),
        Meta(joined(day, who(line.by))),
        ft.Row([TextAction(t("hold.lift"), lift)], alignment=ft.MainAxisAlignment.END),
        key=line.id,
    )
