"""The filters: one sheet with a line for each; a line opens its choices in the same sheet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, cast

import flet as ft

from goes_mobile.state.encounters import EncounterList, Period
from goes_mobile.ui.codes import capital, options, say
from goes_mobile.ui.components import (
    Chevron,
    DateField,
    Icon,
    Option,
    PickSheet,
    Primary,
    Row,
    Sheet,
    TextAction,
    sheet_row,
)
from goes_mobile.ui.frame import Handler
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.delivery import REVIEW
from goes_mobile.ui.text import numeric_day, t
from goes_mobile.ui.theme import L, M

PERIODS: tuple[Period, ...] = ("today", "week", "month", "quarter", "year", "own")
STATES = tuple(REVIEW)


class Line(NamedTuple):
    """One filter: its key, its name, what is chosen in words, what can be chosen."""

    key: str
    name: str
    value: str
    chosen: Any
    options: list[Option]
    choose: Callable[[Any], Any]


def filter_lines(view: EncounterList) -> list[Line]:
    """All filters in the order people think: when, what, where, who."""
    f, around = view.filter, view.around
    members = [Option(m.id, m.name) for m in around.members] if around else []
    sites = [Option(s.id, s.name) for s in around.sites] if around else []

    def line(key: str, value: str, choices: list[Option]) -> Line:
        def choose(chosen: Any) -> Any:
            return view.narrow(**{key: chosen})

        return Line(key, t(f"encounters.by_{key}"), value, getattr(f, key), choices, choose)

    def named(choices: list[Option], chosen: str | None) -> str:
        return next((o.text for o in choices if o.value == chosen), chosen or "")

    lines = [
        Line("period", t("encounters.by_period"), _period(view), view.period or None, [], view.choose_period),
        line("topic", say("topic", f.topic), options("topic")),
        line("place", say("place", f.place), options("place")),
        line("work_form", say("work_form", f.work_form), options("work_form")),
        line("author", named(members, f.author), members),
        line("state", _state(f.state), [Option(state, _state(state)) for state in STATES]),
    ]
    if len(sites) > 1:
        lines.insert(4, line("site", named(sites, f.site), sites))
    return lines


def chosen_filters(view: EncounterList) -> list[tuple[str, str, Handler]]:
    """Name, value and how to take it away again, of every filter that is set."""
    found: list[tuple[str, str, Handler]] = []
    for line in filter_lines(view):
        if line.value:
            empty: Any = "" if line.key == "period" else None
            found.append((line.name, line.value, lambda line=line, empty=empty: line.choose(empty)))
    if view.filter.deleted:
        found.append((t("encounters.by_state"), t("encounters.deleted_ones"), lambda: view.narrow(deleted=False)))
    return found


def _state(state: str | None) -> str:
    return t(f"state.{REVIEW[state]}") if state else ""


def _period(view: EncounterList) -> str:
    if view.period == "own":
        days = (view.filter.start, view.filter.end)
        return " – ".join(numeric_day(day) if day else "…" for day in days) if any(days) else ""
    return t(f"encounters.period_{view.period}") if view.period else ""


@component
def FilterSheet(view: EncounterList, on_close: Handler) -> ft.Control:
    step, set_step = ft.use_state("")

    def back() -> None:
        set_step("")

    line = next((one for one in filter_lines(view) if one.key == step), None)
    if step == "period":
        return _PeriodSheet(view, lambda: set_step("own"), back)
    if step == "own":
        return _own(view, back)
    if line is not None:
        everything = Option(None, t("encounters.anything"))
        offered = [everything, *(o._replace(text=capital(o.text)) for o in line.options)]
        return PickSheet(line.name, offered, line.chosen, line.choose, back)
    rows: list[ft.Control] = [
        Row(
            one.name,
            one.value or t("encounters.anything"),
            trailing=Icon(ft.Icons.CHECK_CIRCLE, look().palette.primary, 24) if one.value else Chevron(),
            on_press=lambda one=one: set_step(one.key),
            margin=ft.Margin.symmetric(horizontal=8),
            key=one.key,
        )
        for one in filter_lines(view)
    ]
    rows.append(
        sheet_row(
            t("encounters.deleted_ones"),
            many=True,
            chosen=view.filter.deleted,
            on_press=lambda: view.narrow(deleted=not view.filter.deleted),
        )
    )
    all_ = TextAction(t("encounters.clear"), view.clear)
    show = Primary(t("encounters.show", n=view.page.total if view.page else 0), on_close)
    stacked = look().compact and look().roomy
    return Sheet(
        t("encounters.filters"),
        rows,
        on_close=on_close,
        foot=ft.Column([show, all_], spacing=M, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
        if stacked
        else ft.Row([all_, ft.Container(show, expand=True)], spacing=M),
    )


def _PeriodSheet(view: EncounterList, own: Handler, back: Handler) -> ft.Control:
    def choose(period: str) -> Any:
        if period == "own":
            return own()
        return view.choose_period(cast(Period, period))

    rows = [
        sheet_row(
            capital(t(f"encounters.period_{period}")) if period else capital(t("encounters.anything")),
            chosen=view.period == period,
            on_press=lambda period=period: _then(choose(period), back if period != "own" else None),
        )
        for period in ("", *PERIODS)
    ]
    return Sheet(t("encounters.by_period"), rows, on_close=back)


async def _then(work: Any, after: Handler | None) -> None:
    if work is not None:
        await work
    if after is not None:
        after()


def _own(view: EncounterList, back: Handler) -> ft.Control:
    async def set_day(**days: Any) -> None:
        await view.choose_period("own")
        await view.narrow(**days)

    return Sheet(
        t("encounters.by_period"),
        [
            ft.Container(
                ft.Column(
                    [
                        DateField(t("encounters.from"), view.filter.start, lambda day: set_day(start=day)),
                        DateField(t("encounters.to"), view.filter.end, lambda day: set_day(end=day)),
                    ],
                    spacing=L,
                    tight=True,
                    horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                ),
                padding=ft.Padding.symmetric(horizontal=24, vertical=8),
            )
        ],
        on_close=back,
        foot=ft.Row([ft.Container(Primary(t("do.take"), back), expand=True)]),
    )
