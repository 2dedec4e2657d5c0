"""The way with somebody: the accompaniment, their situation and its story, absences until the return."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import flet as ft

from goes_mobile.records.registry import kind as kind_named
from goes_mobile.services.absences import AbsenceView
from goes_mobile.services.cases import CaseView
from goes_mobile.services.casework import Casework
from goes_mobile.services.situations import SituationView, Standing
from goes_mobile.state.casework import CaseworkActions
from goes_mobile.ui.codes import capital, say
from goes_mobile.ui.components import (
    Card,
    Disc,
    Group,
    Meta,
    Outlined,
    Pill,
    Row,
    Section,
    Sheet,
    Strong,
    Tonal,
    kind_icon,
    sheet_row,
    use_sheet,
)
from goes_mobile.ui.components.words import Icon
from goes_mobile.ui.forms import field_label
from goes_mobile.ui.frame import Notice, app, frame, go
from goes_mobile.ui.guarded import component, guarded
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.words import joined, who
from goes_mobile.ui.text import numeric_day, t
from goes_mobile.ui.theme import L, M, S

_ICONS = {
    "school_status": ft.Icons.SCHOOL_OUTLINED, "certificate": ft.Icons.WORKSPACE_PREMIUM_OUTLINED,
    "training_status": ft.Icons.CONSTRUCTION_OUTLINED, "work_status": ft.Icons.WORK_OUTLINE,
    "rechtskreis": ft.Icons.ACCOUNT_BALANCE_OUTLINED, "housing": ft.Icons.HOME_OUTLINED,
    "income": ft.Icons.EURO_OUTLINED, "health": ft.Icons.FAVORITE_BORDER, "debts": ft.Icons.RECEIPT_LONG_OUTLINED,
    "caring_duties": ft.Icons.DIVERSITY_1_OUTLINED,
}  # fmt: skip


def told(text: str, back: Callable[[], Awaitable[None]]) -> None:
    """Done, and how to take it back."""

    async def undo() -> None:
        frame().notices.clear()
        await back()

    frame().notices.show(Notice(text, tone="ok", action=t("do.undo"), on_action=undo))


# -- Begleitung ---------------------------------------------------------------------------------------------------


@component
def CasePart(person: str, work: Casework, closed: bool) -> ft.Control:
    """What runs, with the ways on; what was before as rows."""
    actions, case = CaseworkActions(app()), work.case

    async def begin() -> None:
        if begun := await actions.begin(person):
            told(t("case.begun"), lambda: actions.drop(begun))

    async def pause(one: CaseView) -> None:
        await actions.pause(one.id)
        told(t("case.now_paused"), lambda: actions.resume(one.id))

    async def resume(one: CaseView) -> None:
        await actions.resume(one.id)
        told(t("case.goes_on"), lambda: actions.pause(one.id))

    parts: list[ft.Control] = []
    if case is not None:
        paused = case.state == "paused"
        buttons = [
            Tonal(t("case.resume"), lambda: resume(case), icon=ft.Icons.PLAY_ARROW_OUTLINED)
            if paused
            else Outlined(t("case.pause"), lambda: pause(case), icon=ft.Icons.PAUSE_OUTLINED),
            Outlined(t("case.end"), lambda: go(f"/end/case/{case.id}"), icon=ft.Icons.FLAG_OUTLINED),
        ]
        parts.append(
            Card(
                Strong(t("case.rests" if paused else "case.since", day=numeric_day(case.starts))),
                Meta(joined(who(case.coach), say("module", case.module), say("access_route", case.access_route))),
                *([] if closed else [ft.Row(buttons, wrap=True, spacing=S, run_spacing=S)]),
                spacing=M,
            )
        )
    elif not closed:
        begin_button = Outlined(t("case.begin"), begin, icon=ft.Icons.ROUTE_OUTLINED)
        parts.append(Card(Meta(t("case.none")), ft.Row([begin_button], wrap=True), spacing=M))
    if work.earlier:
        parts.append(
            Group(
                [
                    Row(
                        t("case.was", start=numeric_day(one.starts), end=numeric_day(one.ends) if one.ends else "…"),
                        joined(capital(say("end_reason", one.end_reason)), who(one.coach)),
                        leading=Disc(kind_icon("case")),
                        on_press=lambda one=one: go(f"/people/{person}/entry/case/{one.id}"),
                        key=one.id,
                    )
                    for one in work.earlier
                ]
            )
        )
    edit = (lambda: go(f"/edit/entry/case/{case.id}")) if case is not None and not closed else None
    return Section(t("case.title"), *parts, action=t("do.change") if edit else "", on_action=edit, spacing=M)


# -- Lage ---------------------------------------------------------------------------------------------------------


@component
def SituationPart(person: str, situation: SituationView, closed: bool) -> ft.Control:
    """What counts now; a tap on a line tells how it came to that."""
    asked, set_asked = ft.use_state("")
    chosen = next((one for one in situation.standings if one.name == asked), None)
    use_sheet(
        chosen is not None,
        lambda: _story(chosen, lambda: set_asked("")) if chosen is not None else Meta(""),
        on_close=lambda: set_asked(""),
    )
    lines = [_standing(one, set_asked) for one in situation.standings]
    stand = t("situation.as_of", day=numeric_day(situation.day))
    if situation.earlier:
        stand = joined(stand, t("situation.earlier", n=situation.earlier))
    return Section(
        t("situation.title"),
        Card(
            ft.Column(lines, spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
            ft.Container(Meta(stand), padding=ft.Padding.only(left=L, right=L, bottom=M, top=4)),
            padding=0,
            spacing=0,
        ),
        action="" if closed else t("do.change"),
        on_action=lambda: go(f"/new/entry/situation/{person}"),
    )


def _label(name: str) -> str:
    return field_label(kind_named("situation").fields[name])


def _standing(one: Standing, ask: Callable[[str], None]) -> ft.Control:
    shown, several = look(), len(one.story) > 1
    value = Strong(capital(one.words) or t("fact.none"), None if one.words else shown.palette.ink_soft)
    name = Meta(_label(one.name))
    mark = [Icon(ft.Icons.HISTORY, size=20, name=t("situation.story"))] if several else []
    words: ft.Control
    if shown.roomy:
        words = ft.Column([name, value], spacing=0, tight=True, expand=True)
    else:
        name.width, name.margin, value.expand = 110, ft.Margin.only(top=2), True
        words = ft.Row([name, value], spacing=M, expand=True, vertical_alignment=ft.CrossAxisAlignment.START)
    return ft.Container(
        ft.Row([Icon(_ICONS.get(one.name, ft.Icons.INFO_OUTLINED), size=22), words, *mark], spacing=M),
        padding=ft.Padding.symmetric(horizontal=L, vertical=12),
        ink=several,
        on_click=guarded(ask, one.name) if several else None,
    )


def _story(one: Standing, on_close: Callable[[], None]) -> ft.Control:
    rows = [
        sheet_row(capital(turn.words) or t("situation.nothing"), t("situation.from", day=numeric_day(turn.day)))
        for turn in one.story
    ]
    return Sheet(_label(one.name), rows, on_close=on_close, short=len(rows) <= 5)


# -- Fehlzeiten ---------------------------------------------------------------------------------------------------


@component
def AbsencePart(person: str, absences: list[AbsenceView], closed: bool) -> ft.Control:
    actions = CaseworkActions(app())

    async def returned(one: AbsenceView) -> None:
        await actions.returned(one.id, True)
        told(t("absence.noted"), lambda: actions.returned(one.id, False))

    def row(one: AbsenceView) -> ft.Control:
        below: list[ft.Control] = []
        if one.returned_on is not None:
            below = [Pill(t("absence.back", day=numeric_day(one.returned_on)), ft.Icons.CHECK, "ok")]
        elif not closed:
            below = [Tonal(t("absence.returned"), lambda: returned(one), icon=ft.Icons.SCHOOL_OUTLINED)]
        span = joined(numeric_day(one.since) + (f" – {numeric_day(one.until)}" if one.until else ""), one.school,
                      say("absence_form", one.form))  # fmt: skip
        return ft.Column(
            [
                Row(
                    _days(one),
                    span,
                    leading=Disc(kind_icon("absence_episode"), "plain" if one.returned_on else "look"),
                    on_press=lambda: go(f"/people/{person}/entry/absence_episode/{one.id}"),
                ),
                ft.Row(below, wrap=True, margin=ft.Margin.only(left=72, right=L, bottom=M)),
            ],
            spacing=0,
            tight=True,
            key=one.id,
        )

    return Section(
        t("absence.title"),
        Group([row(one) for one in absences]),
        count=len(absences),
        action="" if closed else t("entry.add"),
        on_action=lambda: go(f"/new/entry/absence_episode/{person}"),
    )


def _days(one: AbsenceView) -> str:
    if one.days is None:
        return t("absence.away")
    if one.unexcused_days:
        return t("absence.days_unexcused", n=one.days, of=one.unexcused_days)
    return t("absence.days", n=one.days)
