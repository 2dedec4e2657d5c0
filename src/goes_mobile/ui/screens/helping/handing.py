"""After a loss: the sheet gives the supervisors' keys to a supervisor; an administrator may not hold them."""

from __future__ import annotations

import flet as ft

from goes_mobile.state.forgotten import HandingOut
from goes_mobile.ui.components import Body, Note, SaveBar
from goes_mobile.ui.frame import frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.code import SHEET_GROUPS, CodeField
from goes_mobile.ui.refusals import refusal
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import t
from goes_mobile.ui.views import use_view


@component
def HandOutScreen() -> ft.Control:
    view = use_view(HandingOut)
    if view.handed is not None:
        done = t("handing.done", n=view.handed) if view.handed else t("handing.nothing")
        return Screen(
            t("handing.title"),
            [Note(done, icon=ft.Icons.CHECK, tone="ok")],
            on_close=lambda: go("/more/members"),
            bar=SaveBar(t("members.done"), lambda: go("/more/members")),
        )
    return Screen(
        t("handing.title"),
        [
            Body(t("handing.intro")),
            CodeField(
                t("first.sheet_words"),
                view.words,
                lambda text: view.set("words", text),
                view.sheet_groups,
                count=SHEET_GROUPS,
                error=refusal(view.errors.get("words", ""), view.facts),
                note=t("first.code_note"),
            ),
        ],
        on_close=frame().leave,
        bar=SaveBar(t("handing.do"), view.hand_out, icon=ft.Icons.KEY_OUTLINED),
    )
