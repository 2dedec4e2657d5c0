"""Ending an accompaniment: when, why, and where somebody is now."""

from __future__ import annotations

import flet as ft

from goes_mobile.records.registry import kind as kind_named
from goes_mobile.state.casework import CaseEnding, CaseworkActions
from goes_mobile.state.county import county
from goes_mobile.ui.components import Banner, Loading, NotHere, SaveBar, Section
from goes_mobile.ui.forms import Around, FormField
from goes_mobile.ui.frame import Notice, frame
from goes_mobile.ui.guarded import component
from goes_mobile.ui.refusals import refusals
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import t
from goes_mobile.ui.views import use_view

FIELDS = (("case", "ends"), ("case", "end_reason"), ("outcome", "destination"), ("outcome", "qualification"),
          ("outcome", "how_known"))  # fmt: skip

ENDS = 2
"""So many of them are about the end itself; the others are the outcome."""


@component
def CaseEndScreen(case: str) -> ft.Control:
    view = use_view(lambda app: CaseEnding(app, case), "case")

    async def save() -> None:
        outcome = await view.save()
        if not outcome:
            return

        async def back() -> None:
            frame().notices.clear()
            await CaseworkActions(view.app).reopen(case, outcome)

        frame().leave()
        frame().notices.show(Notice(t("case.ended"), tone="ok", action=t("do.undo"), on_action=back))

    if view.missing:
        return Screen(t("case.end"), [NotHere()], on_close=frame().leave)
    if not view.loaded:
        return Screen(t("case.end"), [Loading()], on_close=frame().leave)
    said, around = refusals(view.errors), Around(preset=county(view.app))
    fields: list[ft.Control] = [
        FormField(
            kind_named(of).fields[name],
            view.values.get(name),
            lambda value, name=name: view.set(name, value),
            said.get(name, ""),
            around,
            key=name,
        )
        for of, name in FIELDS
    ]
    fields.insert(ENDS, Section(t("case.outcome")))
    return Screen(
        t("case.end"),
        [Banner(t("case.end_asks"), tone="info", icon=ft.Icons.FLAG_OUTLINED), *fields],
        on_close=frame().leave,
        bar=SaveBar(t("case.end_save"), save, icon=ft.Icons.CHECK),
    )
