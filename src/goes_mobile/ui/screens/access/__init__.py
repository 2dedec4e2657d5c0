"""Zugriffe: who opened, or gave out, what of a file; narrowed by colleague, sort, time and young person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

import flet as ft

from goes_mobile.services.accesses import ENDED, AccessLine
from goes_mobile.state.accesses import Accesses
from goes_mobile.ui.codes import capital, options, say
from goes_mobile.ui.components import (
    ActionChip,
    Avatar,
    Chip,
    Chips,
    Listing,
    Loading,
    Meta,
    Nothing,
    Option,
    PickSheet,
    Row,
    Words,
    use_sheet,
)
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.words import device_words, joined, who
from goes_mobile.ui.refusals import refusal
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import clock, local, long_day, t
from goes_mobile.ui.theme import L, M
from goes_mobile.ui.views import use_view

KINDS = ("access", "member", "young_person", "delivery")
PERIODS = ("today", "week", "month", "quarter", "year")


class Narrowing(NamedTuple):
    """One filter: its name, what is chosen in words, what can be chosen, and how."""

    name: str
    value: str
    chosen: Any
    options: list[Option]
    choose: Callable[[Any], Any]


@component
def AccessesScreen() -> ft.Control:
    return AccessList("", "/more", key="all")


@component
def PersonAccessesScreen(person: str) -> ft.Control:
    return AccessList(person, f"/people/{person}", key=person)


@component
def AccessList(person: str, back: str) -> ft.Control:
    view = use_view(lambda app: Accesses(app, person), *KINDS)
    open_, set_open = ft.use_state("")
    filters = _filters(view)
    asked = next((one for one in filters if one.name == open_), None)
    use_sheet(
        asked is not None,
        lambda: _sheet(asked, lambda: set_open("")) if asked is not None else ft.Container(),
        on_close=lambda: set_open(""),
    )
    if view.refused:
        body: ft.Control | list[ft.Control] = [
            Nothing(t("accesses.refused"), refusal("accesses_role"), icon=ft.Icons.LOCK_OUTLINED)
        ]
        return Screen(t("accesses.title"), body, back=back)
    if view.page is None:
        body = [Loading()]
    elif view.page.lines:
        body = Listing([_first(), *_by_day(view.page.lines, view.person)], more=view.more if view.page.more else None)
    else:
        body = [_none(view, any(one.value for one in filters))]
    return Screen(
        t("accesses.title"),
        body,
        subtitle=view.name,
        back=back,
        head=Chips(*_chips(filters, set_open)),
        pane=False,
    )


def _filters(view: Accesses) -> list[Narrowing]:
    """When, who, what, whose: as people ask."""

    def line(key: str, choices: list[Option]) -> Narrowing:
        chosen = getattr(view.filter, key)
        value = next((one.text for one in choices if one.value == chosen), chosen or "")
        return Narrowing(t(f"accesses.by_{key}"), value, chosen, choices, lambda to: view.narrow(**{key: to}))

    periods = [Option(period, capital(t(f"encounters.period_{period}"))) for period in PERIODS]
    value = t(f"encounters.period_{view.period}") if view.period else ""
    found = [
        Narrowing(t("encounters.by_period"), value, view.period or None, periods, view.choose_period),
        line("member", [Option(one.id, one.name) for one in view.members]),
        line("what", options("access")),
    ]
    if not view.person:
        found.append(line("person", [Option(one.id, one.name) for one in view.page.people] if view.page else []))
    return found


def _chips(filters: list[Narrowing], ask: Callable[[str], None]) -> list[ft.Control]:
    return [
        Chip(f"{one.name}: {one.value}", True, lambda on, one=one: one.choose(None), key=one.name)
        if one.value
        else ActionChip(one.name, lambda one=one: ask(one.name), icon=ft.Icons.TUNE, quiet=True)
        for one in filters
    ]


def _sheet(asked: Narrowing, close: Callable[[], None]) -> ft.Control:
    everything = Option(None, capital(t("encounters.anything")))
    return PickSheet(asked.name, [everything, *asked.options], asked.chosen, asked.choose, close, key=asked.name)


def _by_day(lines: list[AccessLine], person: str) -> list[ft.Control]:
    rows: list[ft.Control] = []
    for day, of_day in groupby(lines, key=lambda line: local(line.at).date()):
        rows.append(_day(day))
        rows += [_row(line, named=not person) for line in of_day]
    return rows


def _first() -> ft.Control:
    """Why there is one line where somebody looked three times."""
    return ft.Container(Meta(t("accesses.first")), padding=ft.Padding.symmetric(horizontal=look().edge), key="first")


def _day(day: date) -> ft.Control:
    return ft.Container(
        ft.Semantics(content=Words(long_day(day), "badge", look().palette.ink_soft), header=True, heading_level=2),
        padding=ft.Padding.only(left=look().edge, right=look().edge, top=M, bottom=4),
        key=f"day-{day}",
    )


def _row(line: AccessLine, *, named: bool) -> ft.Control:
    """Jana Keller: Akte geöffnet · 14:02 · Falke · Gerät 3fa2b1c9"""
    name = who(line.who) or t("past.nobody")
    device = "" if not line.device else device_words(line.called, line.device)
    if line.here:
        device = joined(device, t("devices.here"))
    return Row(
        t("accesses.did", who=name, what=say("access", line.what)),
        joined(clock(line.at), who(line.person) if named else "", line.document, who(line.of), device, _reason(line)),
        leading=Avatar(name),
        margin=ft.Margin.symmetric(horizontal=look().edge - L),
        key=line.id,
    )


def _reason(line: AccessLine) -> str:
    if not line.reason:
        return ""
    return t(f"devices.reason_{line.reason}") if line.what == ENDED else say("deletion_reason", line.reason)


def _none(view: Accesses, narrowed: bool) -> ft.Control:
    if narrowed:
        return Nothing(
            t("accesses.none_found"),
            t("encounters.none_found_detail"),
            icon=ft.Icons.SEARCH_OFF_OUTLINED,
            action=t("encounters.clear"),
            on_action=view.clear,
        )
    return Nothing(t("accesses.none"), t("accesses.none_detail"), icon=ft.Icons.VISIBILITY_OUTLINED)
