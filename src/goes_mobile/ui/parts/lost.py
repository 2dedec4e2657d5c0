"""Who may get lost, and the four answers: on a phone below the first line, elsewhere the best one and a menu."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple

import flet as ft

from goes_mobile.services.lost import LostLine
from goes_mobile.state.lost import LostActions
from goes_mobile.ui.codes import say
from goes_mobile.ui.components import (
    Disc,
    Group,
    Icon,
    Menu,
    Option,
    Outlined,
    PickSheet,
    Row,
    Tonal,
    sheet_row,
    use_sheet,
)
from goes_mobile.ui.frame import Notice, frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.tasks import DaySheet
from goes_mobile.ui.parts.words import joined, who
from goes_mobile.ui.text import long_day, t
from goes_mobile.ui.theme import L, S
from goes_mobile.ui.views import use_view

_ICONS: dict[str, ft.IconData] = {
    "no_contact": ft.Icons.PERSON_SEARCH,
    "no_step": ft.Icons.EVENT_BUSY_OUTLINED,
    "overdue": ft.Icons.EVENT_BUSY_OUTLINED,
    "arrival": ft.Icons.CALL_SPLIT,
    "outcome": ft.Icons.FLAG_OUTLINED,
    "offer": ft.Icons.CALL_SPLIT,
}

LONG = 10
"""Letters of an answer that leave no room for an icon in half a phone's width."""


class Answer(NamedTuple):
    words: str
    icon: ft.IconData
    press: Callable[[], Any]


def why(line: LostLine) -> str:
    """Seit 7 Wochen kein Kontakt · Jobcenter: Ankunft seit 16 Tagen offen"""
    match line.reason:
        case "no_contact":
            return t("lost.no_contact", weeks=t("words.weeks", n=line.days // 7))
        case "no_step":
            return t("lost.no_step")
        case "overdue":
            return t("lost.overdue", what=line.what, days=t("words.days", n=line.days))
        case "arrival":
            return t("lost.arrival", partner=line.what, days=t("words.days", n=line.days))
        case "offer":
            return t("lost.offer", site=line.what, days=t("words.days", n=line.days))
    return t("lost.outcome", moment=say("outcome_moment", line.what))


@component
def LostRows(lines: Sequence[LostLine]) -> ft.Control:
    actions = use_view(LostActions, "member")
    opened, set_opened = ft.use_state("")
    trying, set_trying = ft.use_state(None)
    handing, set_handing = ft.use_state(None)

    def told(words: str, kind: str = "", record: str = "", detail: str = "") -> None:
        async def undo() -> None:
            frame().notices.clear()
            await actions.take_back(kind, record)

        action = {"action": t("do.undo"), "on_action": undo} if kind else {}
        frame().notices.show(Notice(words, tone="ok", detail=detail, **action))

    async def reached(line: LostLine) -> None:
        encounter = await actions.reached(line)
        told(t("lost.reached_said", alias=line.alias), "encounter", encounter, t("lost.reached_detail"))

    async def tried(line: LostLine, again: date) -> None:
        await actions.not_reached(line, again)
        told(t("lost.tried_said", day=long_day(again)))

    async def hand(line: LostLine, member: str) -> None:
        await actions.hand_over(line, member)
        told(t("lost.handed_said", alias=line.alias))

    async def arrived(line: LostLine) -> None:
        await actions.arrived(line)
        told(t("lost.arrived_said", alias=line.alias), "referral", line.record)

    async def finish(line: LostLine) -> None:
        await actions.finish(line)
        told(t("tasks.finished"), "task", line.record)

    def best(line: LostLine) -> Answer:
        person = line.person
        return {
            "no_contact": Answer(t("lost.reached"), ft.Icons.CHECK, lambda: reached(line)),
            "no_step": Answer(t("lost.plan"), ft.Icons.EVENT_OUTLINED, lambda: go(f"/new/task-for/{person}")),
            "overdue": Answer(t("lost.done"), ft.Icons.CHECK, lambda: finish(line)),
            "arrival": Answer(t("lost.arrived"), ft.Icons.CHECK, lambda: arrived(line)),
            "outcome": Answer(t("lost.enter"), ft.Icons.FLAG_OUTLINED, lambda: go(f"/new/entry/outcome/{person}")),
            "offer": Answer(t("today.look"), ft.Icons.CHEVRON_RIGHT, lambda: go(f"/people/{person}")),
        }[line.reason]

    def others(line: LostLine) -> list[Answer]:
        return [
            Answer(t("lost.not_reached"), ft.Icons.PHONE_MISSED_OUTLINED, lambda: set_trying(line)),
            Answer(t("lost.hand_over"), ft.Icons.PERSON_ADD_ALT_OUTLINED, lambda: set_handing(line)),
            Answer(t("lost.explain"), ft.Icons.EDIT_NOTE_OUTLINED, lambda: go(f"/explain/{line.reason}/{line.person}")),
        ]

    use_sheet(
        trying is not None,
        lambda: DaySheet(t("lost.again"), None, lambda day: tried(trying, day), lambda: set_trying(None)),
        on_close=lambda: set_trying(None),
    )
    use_sheet(
        handing is not None,
        lambda: _HandSheet(actions, handing, lambda member: hand(handing, member), lambda: set_handing(None)),
        on_close=lambda: set_handing(None),
    )
    if not look().compact:
        return Group([_beside(line, best(line), others(line)) for line in lines])
    wanted = opened if opened in {"-", *(line.id for line in lines)} else lines[0].id if lines else ""
    return Group(
        [
            _below(
                line,
                [best(line), *others(line)] if line.id == wanted else [],
                lambda line=line: set_opened("-" if line.id == wanted else line.id),
            )
            for line in lines
        ]
    )


def _beside(line: LostLine, best: Answer, others: list[Answer]) -> ft.Control:
    items: list[tuple[str, ft.IconData | None, Any]] = [(one.words, one.icon, one.press) for one in others]
    items.append((t("tasks.to_person"), ft.Icons.PERSON_OUTLINED, lambda: go(f"/people/{line.person}")))
    return Row(
        line.alias,
        _reason(line),
        leading=Disc(_ICONS[line.reason], "lost"),
        trailing=ft.Row(
            [Tonal(best.words, best.press), Menu(t("lost.more", alias=line.alias), items)], spacing=S, tight=True
        ),
        key=line.id,
    )


def _below(line: LostLine, answers: list[Answer], on_press: Callable[[], Any]) -> ft.Control:
    open_ = bool(answers)
    row = Row(
        line.alias,
        _reason(line),
        leading=Disc(_ICONS[line.reason], "lost"),
        trailing=Icon(ft.Icons.EXPAND_LESS if open_ else ft.Icons.EXPAND_MORE, look().palette.ink_soft, 24),
        tone="lost" if open_ else None,
        on_press=on_press,
    )
    if not open_:
        return ft.Container(row, key=line.id)
    first, *rest = answers
    icon = first.icon if len(first.words) < LONG else None  # beside it a long word would be broken
    buttons = [Tonal(first.words, first.press, icon=icon), *(Outlined(one.words, one.press) for one in rest)]
    if not look().roomy:
        for button in buttons:
            button.expand = True
        rows: list[ft.Control] = [ft.Row(buttons[at : at + 2], spacing=S) for at in (0, 2)]
    else:
        rows = buttons
    grid = ft.Column(rows, spacing=S, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    return ft.Column(
        [row, ft.Container(grid, padding=ft.Padding.only(left=L, right=L, bottom=L))],
        spacing=0,
        tight=True,
        key=line.id,
    )


def _reason(line: LostLine) -> str:
    """A supervisor reads with whom it is."""
    return joined(why(line), "" if line.mine else who(line.coach) or t("lost.nobody"))


@component
def _HandSheet(actions: LostActions, line: LostLine, on_choose: Any, on_close: Any) -> ft.Control:
    """A colleague takes over, if there is a case to take; or another site is asked."""

    def elsewhere() -> None:
        on_close()
        go(f"/share/{line.person}")

    options = [Option(c.id, c.name, icon=ft.Icons.PERSON_OUTLINED) for c in actions.colleagues] if line.case else []
    options = [one for one in options if line.coach is None or one.value != line.coach.id]
    site = sheet_row(t("lost.other_site"), t("lost.other_site_detail"), icon=ft.Icons.CALL_SPLIT, on_press=elsewhere)
    return PickSheet(t("lost.hand_over_to"), options, None, on_choose, on_close, last=site)
