"""A wrong clock: nothing is lost, but times that were filled from it can be set right."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import flet as ft

from goes_mobile.services.sync_view import WrongTime
from goes_mobile.state.synchronisation import WrongTimes
from goes_mobile.ui.components import Banner, Group, Loading, Nothing, SaveBar, Section, Tick
from goes_mobile.ui.frame import Notice, frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.words import long_time
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import clock, short_day, t
from goes_mobile.ui.views import use_view


@component
def ClockScreen() -> ft.Control:
    view = use_view(WrongTimes, "encounter", "outing", "task")
    found = view.clock
    if found is None:
        return Screen(t("sync.clock_title"), [Loading()], back="/more/sync", chip=False)
    body: list[ft.Control] = []
    if found.minutes:
        code = "clock_fast" if found.fast else "clock_slow"
        time = long_time(timedelta(minutes=found.minutes))
        body.append(
            Banner(
                t(f"sync.hint_{code}", n=found.minutes, time=time),
                t("sync.clock_set"),
                tone="look",
                icon=ft.Icons.SCHEDULE_OUTLINED,
            )
        )
    if not found.times:
        body.append(Nothing(t("sync.clock_none"), t("sync.clock_none_detail"), icon=ft.Icons.CHECK_CIRCLE_OUTLINED))
        return Screen(t("sync.clock_title"), body, back="/more/sync", chip=False)
    chosen = view.chosen

    async def correct() -> None:
        n = await view.correct()
        go("/more/sync")
        frame().notices.show(Notice(t("sync.clock_done", n=n), tone="ok"))

    async def leave() -> None:
        await view.leave()
        go("/more/sync")

    ticks = [
        Tick(time.title, time.id in chosen, lambda on, time=time: view.tick(time.id, on), detail=_shift(time))
        for time in found.times
    ]
    body.append(Section(t("sync.clock_times"), Group(ticks), count=len(found.times), hint=t("sync.clock_hint")))
    return Screen(
        t("sync.clock_title"),
        body,
        back="/more/sync",
        chip=False,
        bar=SaveBar(
            t("sync.clock_correct", n=len(chosen)), correct if chosen else leave,
            later=t("sync.clock_leave"), on_later=leave,
        ),
    )  # fmt: skip


def _shift(time: WrongTime) -> str:
    """Beginn: 24. Nov. 14:52 → 24. Nov. 14:45"""
    label = time.label[:1].upper() + time.label[1:]
    return t("sync.clock_shift", what=label, was=_moment(time.was), would_be=_moment(time.would_be))


def _moment(value: datetime | date) -> str:
    return f"{short_day(value)} {clock(value)}" if isinstance(value, datetime) else short_day(value)
