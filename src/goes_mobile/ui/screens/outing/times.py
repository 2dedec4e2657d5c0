"""Arrival and departure by hand, for when the tap came late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

import flet as ft

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services.outing import Visit
from goes_mobile.ui.components import Label, Side, TextAction, TimeField, Tonal
from goes_mobile.ui.guarded import component
from goes_mobile.ui.refusals import refusal
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import M, S


def _clock(moment: datetime | None) -> time | None:
    return moment.astimezone().time().replace(second=0, microsecond=0) if moment else None


@component
def TimesPanel(visit: Visit, on_change: Callable[..., Any], on_close: Callable[[], Any]) -> ft.Control:
    arrived, set_arrived = ft.use_state(_clock(visit.arrived))
    left, set_left = ft.use_state(_clock(visit.left))
    error, set_error = ft.use_state("")

    async def take() -> None:
        try:
            await on_change(visit, arrived, left)
        except InputRefused as refused:
            set_error(refusal(refused.code, refused.facts))
            return
        on_close()

    return ft.Column(
        [
            Label(t("outing.times_of", stop=visit.name)),
            Side(
                TimeField(t("outing.arrival"), arrived, set_arrived, error=error),
                TimeField(t("outing.departure"), left, set_left, optional=True),
            ),
            ft.Row(
                [Tonal(t("do.take"), take, icon=ft.Icons.CHECK), TextAction(t("do.leave"), on_close)],
                wrap=True,
                spacing=S,
            ),
        ],
        spacing=M,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
