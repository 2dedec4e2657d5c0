"""Another PIN or passphrase. Whether it is good is said while typing, never by rules about digits and signs."""

from __future__ import annotations

import flet as ft

from goes_mobile.state.secret import Strength
from goes_mobile.state.settings import NewSecret
from goes_mobile.ui.components import Banner, Field, Note, SaveBar
from goes_mobile.ui.frame import Notice, frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.refusals import refusals
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import t
from goes_mobile.ui.views import use_view


@component
def NewSecretScreen() -> ft.Control:
    view = use_view(NewSecret)
    kind = "pin" if view.kind == "pin" else "passphrase"

    async def save() -> None:
        if await view.save():
            go("/more/settings")
            frame().notices.show(Notice(t("settings.secret_saved"), tone="ok"))

    said = refusals(view.errors)
    keyboard = ft.KeyboardType.NUMBER if kind == "pin" else None
    return Screen(
        t(f"settings.change_{kind}"),
        [
            Banner(t("settings.secret_why"), tone="info", icon=ft.Icons.KEY_OUTLINED),
            Field(
                t(f"settings.old_{kind}"),
                view.old,
                view.type_old,
                error=said.get("old", ""),
                password=True,
                keyboard=keyboard,
                correct=False,
            ),
            Field(
                t("settings.new_secret"),
                view.new,
                view.type_new,
                error=said.get("new", ""),
                note=t("settings.secret_pin") if view.bound else t("settings.secret_words"),
                password=True,
                correct=False,
            ),
            *([_strength(view.strength)] if view.new and "new" not in view.errors else []),
        ],
        on_close=frame().leave,
        bar=SaveBar(t("do.save"), save, busy=view.busy),
    )


def _strength(found: Strength) -> ft.Control:
    if found.grade == "too_short":
        return Note(t("settings.missing", n=found.missing), icon=ft.Icons.MORE_HORIZ)
    good = found.grade in ("good", "very_good")
    icon = ft.Icons.CHECK_CIRCLE_OUTLINED if good else ft.Icons.INFO_OUTLINED
    return Note(t(f"settings.grade_{found.grade}"), icon=icon, tone="ok" if good else "look")
