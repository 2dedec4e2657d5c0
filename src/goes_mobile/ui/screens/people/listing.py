"""The list: who was met last comes first; a search finds how it sounds, too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import flet as ft

from goes_mobile.services.people import PersonLine, Which
from goes_mobile.state.county import county
from goes_mobile.state.people import PeopleList
from goes_mobile.ui.components import (
    Avatar,
    Chip,
    Chips,
    Icon,
    IconAction,
    Listing,
    Loading,
    Nothing,
    Row,
    SearchField,
)
from goes_mobile.ui.frame import app, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.words import age, joined, last_seen
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import lasting, number, t
from goes_mobile.ui.theme import M
from goes_mobile.ui.views import use_view

KINDS = ("young_person", "encounter", "participation", "task", "consent")


@component
def PeopleScreen() -> ft.Control:
    view = use_view(PeopleList, *KINDS)
    chosen = ft.use_route_params().get("person", "")
    page = view.page
    p = look().palette
    if page is None:
        body: ft.Control | list[ft.Control] = [Loading()]
    elif page.lines:
        body = Listing(
            [_row(line, chosen == line.id) for line in page.lines],
            more=view.more if page.more else None,
        )
    else:
        body = [_nobody(view)]
    return Screen(
        t("people.title"),
        body,
        actions=[
            IconAction(ft.Icons.PERSON_ADD_OUTLINED, t("people.new"), lambda: go("/new/person"), colour=p.primary)
        ],
        head=ft.Column(
            [
                SearchField(t("people.search"), view.text, view.search),
                Chips(
                    *(_chip(view, which, n) for which, n in _counts(view)),
                ),
            ],
            spacing=M,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        pane=look().spacious,
    )


def _counts(view: PeopleList) -> list[tuple[Which, int | None]]:
    page = view.page
    if page is None:
        return [("mine", None), ("open", None), ("all", None)]
    return [("mine", page.mine), ("open", page.open), ("all", page.all)]


def _chip(view: PeopleList, which: Which, n: int | None) -> ft.Control:
    words = t(f"people.which_{which}")
    here = view.which == which
    return Chip(f"{words} {number(n)}" if here and n is not None else words, here, lambda on: view.choose(which))


def _row(line: PersonLine, chosen: bool) -> ft.Control:
    return Row(
        line.alias,
        joined(age(line.age, line.age_exact), line.municipality, last_seen(line.last_contact)),
        leading=Avatar(line.alias),
        trailing=_why(line),
        on_press=lambda: go(f"/people/{line.id}"),
        selected=chosen,
        key=line.id,
    )


def _why(line: PersonLine) -> ft.Control | None:
    """Somebody may be getting lost: something is overdue, or nobody has seen them for weeks."""
    lost = look().palette.lost
    if line.overdue:
        return Icon(ft.Icons.EVENT_BUSY_OUTLINED, lost, 22, name=t("people.overdue", n=line.overdue))
    if line.last_contact is None:
        return None
    away = datetime.now(UTC) - line.last_contact
    if away > timedelta(weeks=county(app()).lost_after_weeks):
        return Icon(ft.Icons.PERSON_SEARCH_OUTLINED, lost, 22, name=t("people.away", time=lasting(away)))
    return None


def _nobody(view: PeopleList) -> ft.Control:
    if view.text.strip():
        return Nothing(
            t("people.not_found"),
            t("people.not_found_detail"),
            icon=ft.Icons.PERSON_SEARCH_OUTLINED,
            action=t("people.new"),
            on_action=lambda: go("/new/person"),
        )
    if view.which == "open":
        return Nothing(t("people.none_open"), t("people.none_open_detail"))
    return Nothing(
        t("people.none"), t("people.none_detail"), action=t("people.new"), on_action=lambda: go("/new/person")
    )
