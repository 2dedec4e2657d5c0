"""A device that was revoked and has erased itself: why, whom to ask, and how to begin anew."""

from __future__ import annotations

import flet as ft

from goes_mobile.ui.components import Message, Outlined, TextAction, Title
from goes_mobile.ui.frame import app
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.threshold import Threshold
from goes_mobile.ui.text import has, t, when


@component
def EndedScreen() -> ft.Control:
    running = app()
    ended = running.profile.ended
    others = [profile for profile in running.profiles if profile.exists]
    why = f"devices.reason_{ended.reason}" if ended else ""
    detail = t("ended.why", reason=t(why), when=when(ended.moment)) if ended and has(why) else t("ended.detail")

    def anew() -> None:
        running.status.phase = "empty"

    async def other() -> None:
        await running.choose(others[0])

    buttons: list[ft.Control] = [Outlined(t("ended.anew"), anew, icon=ft.Icons.VPN_KEY_OUTLINED)]
    if others:
        buttons.append(TextAction(t("ended.other"), other, icon=ft.Icons.PEOPLE_OUTLINED))
    said = [
        Title(t("ended.title")),
        Message(detail, t("ended.ask"), icon=ft.Icons.BLOCK, tone="lost", live=True),
    ]
    return Threshold([*said, *buttons]) if look().spacious else Threshold(said, thumb=buttons)
