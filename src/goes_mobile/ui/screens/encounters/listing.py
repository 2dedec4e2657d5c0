"""The list: newest first, by day; narrowed by words and filters."""

from __future__ import annotations

from datetime import date
from itertools import groupby

import flet as ft

from goes_mobile.services.encounters import EncounterLine
from goes_mobile.state.encounters import EncounterList
from goes_mobile.ui.components import (
    ActionChip,
    Avatar,
    Chip,
    Chips,
    Listing,
    Loading,
    Nothing,
    Row,
    SearchField,
    StatePill,
    Words,
    use_sheet,
)
from goes_mobile.ui.frame import go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.delivery import DeliveryPill, ReviewPill
from goes_mobile.ui.parts.encounter import title
from goes_mobile.ui.parts.words import joined, who
from goes_mobile.ui.screens.encounters.filters import FilterSheet, chosen_filters
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import clock, local, long_day, t
from goes_mobile.ui.theme import M
from goes_mobile.ui.views import use_view

KINDS = ("encounter", "participation", "review", "review_answer", "young_person", "delivery")


@component
def EncountersScreen() -> ft.Control:
    view = use_view(EncounterList, *KINDS)
    open_, set_open = ft.use_state(False)
    chosen = ft.use_route_params().get("encounter", "")
    use_sheet(open_, lambda: FilterSheet(view, lambda: set_open(False)), on_close=lambda: set_open(False))
    page = view.page
    narrowed = bool(view.filter.text or chosen_filters(view))
    if page is None:
        body: ft.Control | list[ft.Control] = [Loading()]
    elif page.lines:
        body = Listing(
            _by_day(page.lines, chosen),
            more=view.more if page.more else None,
            left=min(50, page.total - len(page.lines)),
        )
    else:
        body = [_none(view)]
    return Screen(
        t("encounters.title"),
        body,
        subtitle=t("encounters.found", n=page.total) if page and narrowed else "",
        back="/more",
        head=ft.Column(
            [
                SearchField(t("encounters.search"), view.filter.text, view.search),
                Chips(*_filter_chips(view, lambda: set_open(True))),
            ],
            spacing=M,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        pane=look().spacious,
    )


def _filter_chips(view: EncounterList, more: ft.OptionalControlEventCallable) -> list[ft.Control]:
    me = view.around.me if view.around else ""
    mine = bool(me) and view.filter.author == me
    chips: list[ft.Control] = [
        Chip(t("encounters.mine"), mine, lambda on: view.narrow(author=me if on else None), key="mine")
    ]
    chips += [
        Chip(f"{words}: {value}", True, lambda on, clear=clear: clear(), key=words)
        for words, value, clear in chosen_filters(view)
        if not (words == t("encounters.by_author") and mine)
    ]
    chips.append(ActionChip(t("encounters.filter"), more, icon=ft.Icons.TUNE, quiet=True))
    return chips


def _by_day(lines: list[EncounterLine], chosen: str) -> list[ft.Control]:
    rows: list[ft.Control] = []
    for day, of_day in groupby(lines, key=lambda line: local(line.at).date()):
        rows.append(_day(day))
        rows += [_row(line, chosen == line.id) for line in of_day]
    return rows


def _day(day: date) -> ft.Control:
    edge = 16 if look().spacious else look().edge
    return ft.Container(
        ft.Semantics(content=Words(long_day(day), "badge", look().palette.ink_soft), header=True, heading_level=2),
        padding=ft.Padding.only(left=edge, right=edge, top=M, bottom=4),
        key=f"day-{day}",
    )


def _row(line: EncounterLine, chosen: bool) -> ft.Control:
    people = line.person.name if line.person else t("encounters.people", n=line.people) if line.people > 1 else ""
    pills: list[ft.Control] = []
    if line.conflict:
        pills.append(StatePill("two_versions"))
    if line.review in ("question", "answered", "returned", "changed"):
        pills.append(ReviewPill(line.review))
    if line.delivery.state in ("waiting", "held"):
        pills.append(DeliveryPill(line.delivery))
    return Row(
        title(line.where, line.setting),
        joined(clock(line.at), people, who(line.author)),
        leading=Avatar(who(line.author)),
        below=pills,
        on_press=lambda: go(f"/encounters/{line.id}"),
        selected=chosen,
        key=line.id,
    )


def _none(view: EncounterList) -> ft.Control:
    if view.filter.text or chosen_filters(view):
        return Nothing(
            t("encounters.none_found"),
            t("encounters.none_found_detail"),
            icon=ft.Icons.SEARCH_OFF_OUTLINED,
            action=t("encounters.clear"),
            on_action=view.clear,
        )
    return Nothing(
        t("encounters.none"),
        t("encounters.none_detail"),
        icon=ft.Icons.FORUM_OUTLINED,
        action=t("encounters.new"),
        on_action=lambda: go("/record"),
    )
