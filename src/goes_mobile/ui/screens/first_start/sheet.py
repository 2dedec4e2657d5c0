"""The recovery sheet, shown once, and the welcome."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from goes_mobile.state.first_start import FirstStart
from goes_mobile.ui.codes import say
from goes_mobile.ui.components import Body, Card, Headline, Message, Meta, Note, Primary, Tick, Words
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.threshold import Threshold
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import SAVE, M, S


@component
def Sheet(words: str, on_kept: Callable[[], Any]) -> ft.Control:
    kept, set_kept = ft.use_state(False)
    groups = words.split("-")
    return Threshold(
        [
            Headline(t("sheet.title")),
            Body(t("sheet.why")),
            Card(_groups(groups), Meta(t("sheet.checks"))),
            Note(t("sheet.once"), icon=ft.Icons.VISIBILITY_OFF_OUTLINED, tone="look"),
            Note(t("sheet.safe"), icon=ft.Icons.LOCK_OUTLINED, tone="look"),
            Card(Tick(t("sheet.kept"), kept, set_kept), padding=0),
            Primary(
                t("sheet.go_on"),
                on_kept,
                icon=ft.Icons.ARROW_FORWARD,
                height=SAVE,
                why_not=None if kept else t("sheet.first_keep"),
            ),
        ]
    )


def _groups(groups: list[str]) -> ft.Control:
    """Numbered, in the order in which they are typed one day."""
    shown = look()
    p = shown.palette
    cells: list[ft.Control] = [
        ft.Container(
            content=ft.Row(
                [
                    Words(str(number), "badge", p.ink_soft, width=20 * min(shown.scale, 1.5)),
                    Words(group, "section", semantics_label=f"{t('first.group', n=number)}: {' '.join(group)}"),
                ],
                spacing=S,
                tight=True,
            ),
            width=124 * min(shown.scale, 1.6),
        )
        for number, group in enumerate(groups, 1)
    ]
    return ft.Row(cells, wrap=True, spacing=S, run_spacing=M)


@component
def Welcome(view: FirstStart) -> ft.Control:
    me = view.me
    first = me.name.split(" ")[0] if me else ""
    county = view.app.profile.store.identity.preset if view.app.profile.store else ""
    lines = [t("welcome.role", role=say("role", me.role)) if me and county else "", t("welcome.next")]
    return Threshold(
        [
            Message(
                t("welcome.title", name=first) if first else t("welcome.nameless"),
                " ".join(line for line in lines if line),
                icon=ft.Icons.WAVING_HAND_OUTLINED,
                tone="ok",
                live=True,
            ),
            Primary(t("welcome.enter"), view.enter, icon=ft.Icons.ARROW_FORWARD, height=SAVE),
        ]
    )
