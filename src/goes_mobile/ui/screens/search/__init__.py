"""Suche: one field over everything on this device."""

from __future__ import annotations

from itertools import groupby

import flet as ft

from goes_mobile.records.registry import kind, known
from goes_mobile.state.look_up import Hit, LookUp
from goes_mobile.ui.codes import capital
from goes_mobile.ui.components import (
    Avatar,
    Disc,
    Group,
    Loading,
    Message,
    Row,
    SearchField,
    Section,
    kind_icon,
)
from goes_mobile.ui.frame import Handler, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.words import joined, who
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import label, t, when
from goes_mobile.ui.views import use_view

PATHS = {"encounter": "/encounters", "young_person": "/people", "outing": "/outing"}


@component
def SearchScreen() -> ft.Control:
    view = use_view(LookUp)
    text = view.text.strip()
    if len(text) < 2:
        body: list[ft.Control] = [
            Message(t("lookup.begin"), t("lookup.begin_detail"), icon=ft.Icons.SEARCH, tone="plain", card=False)
        ]
    elif view.hits is None:
        body = [Loading()]
    elif view.hits:
        body = _sections(view.hits)
    else:
        body = [
            Message(
                t("search.nothing", what=text), t("lookup.nothing_detail"), icon=ft.Icons.SEARCH_OFF_OUTLINED,
                tone="plain", card=False, live=True,
            )
        ]  # fmt: skip
    return Screen(
        t("lookup.title"),
        body,
        back="/more",
        head=SearchField(t("lookup.field"), view.text, view.search, autofocus=True),
    )


def _sections(hits: list[Hit]) -> list[ft.Control]:
    order = ["young_person", "encounter", "participation", "task"]
    ordered = sorted(hits, key=lambda h: order.index(h.found.kind) if h.found.kind in order else len(order))
    sections: list[ft.Control] = []
    for name, group in groupby(ordered, key=lambda hit: hit.found.kind):
        rows = [_row(hit) for hit in group]
        sections.append(Section(_kind(name), Group(rows), count=len(rows), key=name))
    return sections


def _kind(name: str) -> str:
    titles = {"young_person": t("people.title"), "encounter": t("encounters.title"), "task": t("tasks.title")}
    if name in titles:
        return titles[name]
    if not known(name):
        return name
    return capital(label(kind(name).de, kind(name).en))


def _row(hit: Hit) -> ft.Control:
    found = hit.found
    person = found.kind == "young_person"
    about = joined(who(found.by) if not person else "", when(found.at) if found.at else "")
    return Row(
        found.title,
        joined(found.snippet, about) if person else found.snippet or about,
        leading=Avatar(found.title) if person else Disc(kind_icon(found.kind)),
        on_press=_way(hit),
        key=found.id,
    )


def _way(hit: Hit) -> Handler | None:
    """Where it can be read; sites and colleagues have no screen of their own."""
    if hit.kind == "task":
        return lambda: go("/more/tasks")
    if hit.kind == "member":
        return lambda: go("/more/members")
    if hit.kind in PATHS and hit.record:
        return lambda: go(f"{PATHS[hit.kind]}/{hit.record}")
    return None
