"""Arrival and departure by hand, for when the tap came late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

import flet as ft

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services.outing import Visit
from goes_mobile.ui.components import Sheet, Side, TextAction, TimeField, Tonal, use_sheet
from goes_mobile.ui.guarded import component
from goes_mobile.ui.refusals import refusal
from goes_mobile.ui.text import local, t
from goes_mobile.ui.theme import L, M, S


def _clock(moment: datetime | None) -> time | None:
    return local(moment).time().replace(second=0, microsecond=0) if moment else None


def use_times(visit: Visit | None, on_change: Callable[..., Any], on_close: Callable[[], Any]) -> None:
    """The sheet with the times of a stop, while there is one."""

    def draw() -> ft.Control:
        if visit is None:
            return ft.Container()
        panel = _Times(visit, on_change, on_close, key=visit.id)
        return Sheet(
            visit.name, [ft.Container(panel, padding=ft.Padding.only(left=24, right=24, bottom=L))], on_close=on_close
        )

    use_sheet(visit is not None, draw, on_close)


@component
def _Times(visit: Visit, on_change: Callable[..., Any], on_close: Callable[[], Any]) -> ft.Control:
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
