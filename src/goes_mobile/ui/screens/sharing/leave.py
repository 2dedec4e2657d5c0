"""Declining an offer, or ending what is shared: why, and what follows from it."""

from __future__ import annotations

from typing import cast

import flet as ft

from goes_mobile.state.sharing import Leaving, Parting
from goes_mobile.ui.components import Banner, Field, SaveBar
from goes_mobile.ui.frame import Notice, frame
from goes_mobile.ui.guarded import component
from goes_mobile.ui.refusals import refusal
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import t
from goes_mobile.ui.views import use_view


@component
def LeaveScreen(person: str, how: str) -> ft.Control:
    view = use_view(lambda app: Leaving(app, person, cast(Parting, how)), "young_person", "referral")
    declines = how == "decline"

    async def leave() -> None:
        if await view.leave():
            frame().leave()
            frame().notices.show(Notice(t("sharing.declined" if declines else "sharing.ended"), tone="ok"))

    body: list[ft.Control] = [
        Banner(
            t("sharing.stays" if view.ours else "sharing.goes"),
            t("sharing.stays_detail" if view.ours else "sharing.goes_detail"),
            tone="look",
            icon=ft.Icons.VISIBILITY_OFF_OUTLINED,
        ),
        Field(
            t("sharing.because"),
            on_change=view.write,
            lines=3,
            note=t("sharing.because_note"),
            error=refusal(view.error) if view.error == "required" else "",
        ),
    ]
    if view.error not in ("", "required"):
        body.insert(0, Banner(refusal(view.error), tone="lost", live=True))
    return Screen(
        t("sharing.decline_title" if declines else "sharing.end_title"),
        body,
        subtitle=view.alias,
        on_close=frame().leave,
        bar=SaveBar(t("sharing.decline" if declines else "sharing.end"), leave, icon=ft.Icons.CHECK),
    )
