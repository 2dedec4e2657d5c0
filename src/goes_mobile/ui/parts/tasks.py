"""The line of a task, the same on every screen: tick it off, put it off, hand it over; all of it can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import flet as ft

from goes_mobile.services.tasks import TaskLine
from goes_mobile.state.tasks import TaskActions
from goes_mobile.ui.colours import Tone
from goes_mobile.ui.components import DateField, Group, Menu, Option, PickSheet, Pill, Tick, use_sheet
from goes_mobile.ui.frame import Notice, frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.words import joined, today, who
from goes_mobile.ui.text import due, long_day, short_day, t
from goes_mobile.ui.views import use_view

_LOOKS: dict[str, tuple[ft.IconData, Tone]] = {
    "overdue": (ft.Icons.ERROR_OUTLINED, "lost"),
    "today": (ft.Icons.SCHEDULE_OUTLINED, "look"),
    "done": (ft.Icons.CHECK, "ok"),
}


def DuePill(line: TaskLine) -> ft.Control | None:
    """seit Fr · heute · morgen · 1. Dez. · erledigt 19. Nov."""
    icon, tone = _LOOKS.get(line.when, (ft.Icons.SCHEDULE_OUTLINED, "plain"))
    if line.done_at is not None:
        return Pill(short_day(line.done_at), icon, tone)
    return Pill(due(line.due), icon, tone) if line.due else None


@component
def TaskRows(
    lines: Sequence[TaskLine], *, about: bool = True, others: bool = False, narrow: bool = False
) -> ft.Control:
    """Tasks in a card. `about`: say whose they are; `others`: say who is to do them; `narrow`: the day goes below."""
    actions = use_view(TaskActions, "member")
    moving, set_moving = ft.use_state(None)
    handing, set_handing = ft.use_state(None)

    def told(text: str, undo: Any) -> None:
        frame().notices.show(Notice(text, tone="ok", action=t("do.undo"), on_action=undo))

    async def tick(line: TaskLine, done: bool) -> None:
        if not done:
            await actions.reopen(line.id)
            return
        await actions.finish(line.id)

        async def undo() -> None:
            frame().notices.clear()
            await actions.reopen(line.id)

        told(t("tasks.finished"), undo)

    async def move(line: TaskLine, to: date) -> None:
        await actions.postpone(line.id, to)

        async def undo() -> None:
            frame().notices.clear()
            await actions.put_back(line.id, line.due)

        told(t("tasks.moved", day=long_day(to)), undo)

    async def hand(line: TaskLine, member: str) -> None:
        before = line.assignee
        await actions.assign(line.id, member)
        name = next((c.name for c in actions.colleagues if c.id == member), "")

        async def undo() -> None:
            frame().notices.clear()
            if before is not None:
                await actions.assign(line.id, before.id)

        told(t("tasks.handed", who=name), undo)

    use_sheet(
        moving is not None,
        lambda: DaySheet(t("tasks.postpone_to"), moving.due, lambda to: move(moving, to), lambda: set_moving(None)),
        on_close=lambda: set_moving(None),
    )
    use_sheet(
        handing is not None,
        lambda: PickSheet(
            t("tasks.who"),
            [Option(c.id, c.name, icon=ft.Icons.PERSON_OUTLINED) for c in actions.colleagues],
            handing.assignee.id if handing.assignee else None,
            lambda member: hand(handing, member),
            lambda: set_handing(None),
        ),
        on_close=lambda: set_handing(None),
    )
    return Group([_row(line, tick, set_moving, set_handing, about, others, narrow or look().compact) for line in lines])


def _row(line: TaskLine, tick: Any, move: Any, hand: Any, about: bool, others: bool, stacked: bool) -> ft.Control:
    done = line.done_at is not None
    detail = joined(
        who(line.person) if about else "",
        line.about_words if line.about and line.about_kind != "young_person" else "",
        who(line.assignee) if others or not line.mine else "",
    )
    items: list[tuple[str, ft.IconData | None, Any]] = []
    if not done:
        items += [
            (t("tasks.postpone"), ft.Icons.EVENT_OUTLINED, lambda: move(line)),
            (t("tasks.assign"), ft.Icons.PERSON_ADD_ALT_OUTLINED, lambda: hand(line)),
        ]
    if about and line.person is not None:
        items.append((t("tasks.to_person"), ft.Icons.PERSON_OUTLINED, lambda: go(f"/people/{line.person.id}")))
    if line.about_kind == "encounter" and line.about:
        items.append((t("tasks.to_encounter"), ft.Icons.FORUM_OUTLINED, lambda: go(f"/encounters/{line.about}")))
    pill = DuePill(line)
    return ft.Row(
        [
            ft.Container(
                Tick(
                    line.title,
                    done,
                    lambda on: tick(line, on),
                    detail=detail,
                    trailing=None if stacked else pill,
                    below=[pill] if stacked and pill is not None else (),
                ),
                expand=True,
            ),
            *(
                [ft.Container(Menu(t("tasks.more_about", what=line.title), items), padding=ft.Padding.only(right=4))]
                if items
                else []
            ),
        ],
        spacing=0,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
        key=line.id,
    )


@component
def DaySheet(title: str, chosen: date | None, on_choose: Any, on_close: Any) -> ft.Control:
    """A day soon to come, the usual ones with one tap."""
    now = today()
    monday = now + timedelta(days=7 - now.weekday())
    days = [now + timedelta(days=1), now + timedelta(days=3), monday, now + timedelta(days=14)]
    names = [t("time.tomorrow"), t("tasks.in_days", n=3), t("tasks.next_week"), t("tasks.in_weeks", n=2)]
    options = [Option(day, name, long_day(day)) for day, name in zip(days, names, strict=True)]

    def choose(day: date | None) -> Any:
        on_close()
        return on_choose(day) if day is not None else None

    return PickSheet(
        title,
        options,
        chosen,
        on_choose,
        on_close,
        last=ft.Container(
            DateField(t("tasks.another_day"), None, choose, first=now, optional=False),
            padding=ft.Padding.symmetric(horizontal=24, vertical=12),
        ),
    )
