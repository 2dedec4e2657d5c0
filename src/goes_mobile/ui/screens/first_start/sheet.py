"""The recovery sheet, shown once, and the welcome."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from goes_mobile.state.first_start import FirstStart
from goes_mobile.ui.codes import say
from goes_mobile.ui.components import Body, Card, Headline, Message, Meta, Note, Outlined, Primary, Tick
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.code import told_groups
from goes_mobile.ui.parts.threshold import Threshold
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import SAVE


@component
def Sheet(view: FirstStart, on_kept: Callable[[], Any]) -> ft.Control:
    kept, set_kept = ft.use_state(False)
    saved, set_saved = ft.use_state("")

    async def save() -> None:
        set_saved(await view.save_sheet() or saved)

    return Threshold(
        [
            Headline(t("sheet.title")),
            Body(t("sheet.why")),
            Card(told_groups(view.words), Meta(t("sheet.checks"))),
            *([Outlined(t("sheet.save"), save, icon=ft.Icons.PICTURE_AS_PDF_OUTLINED)] if view.app.files else []),
            *([Note(t("sheet.saved", name=saved), icon=ft.Icons.CHECK, tone="ok")] if saved else []),
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
