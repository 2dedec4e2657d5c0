"""Zusammenführen: two files side by side before they are shown as one, and what a merged file says of itself."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from goes_mobile.records.registry import kind
from goes_mobile.services.people import PersonLine
from goes_mobile.services.sameness import Facts, Merged
from goes_mobile.state.merging import Merging, join, part, take_out
from goes_mobile.ui.components import (
    Avatar,
    Banner,
    Card,
    Chevron,
    Fact,
    Group,
    Loading,
    Meta,
    Nothing,
    Row,
    SaveBar,
    SearchField,
    Section,
    Side,
    Subtitle,
    TextAction,
    Tonal,
)
from goes_mobile.ui.components import Facts as FactRows
from goes_mobile.ui.forms import field_label
from goes_mobile.ui.frame import Notice, app, frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.words import age_years, joined, last_seen, who
from goes_mobile.ui.refusals import refusal
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import numeric_day, t
from goes_mobile.ui.theme import M
from goes_mobile.ui.views import use_view


@component
def MergeScreen(person: str) -> ft.Control:
    view = use_view(lambda app: Merging(app, person), "young_person")
    if view.one is None or view.found is None:
        return Screen(t("merge.title"), [Loading()], on_close=frame().leave)
    if view.other is None:
        return Screen(t("merge.title"), _choice(view, view.found), subtitle=view.one.alias, on_close=frame().leave)
    other = view.other

    async def merge() -> None:
        said = await view.merge()
        if said:
            go(f"/people/{person}")
            frame().notices.show(
                Notice(
                    t("merge.done", alias=other.alias),
                    tone="ok",
                    action=t("do.undo"),
                    on_action=lambda: part(view.app, said),
                )
            )

    return Screen(
        t("merge.compare"),
        [
            *([Banner(refusal(view.error), tone="lost", live=True)] if view.error else []),
            Side(_file(view.one, other), _file(other, view.one)),
            Banner(t("merge.what_happens"), t("merge.what_happens_detail"), icon=ft.Icons.CALL_MERGE),
            ft.Row([TextAction(t("merge.another"), view.choose_another, icon=ft.Icons.ARROW_BACK)]),
        ],
        on_close=frame().leave,
        bar=None if view.error else SaveBar(t("merge.title"), merge, icon=ft.Icons.CALL_MERGE),
    )


def _choice(view: Merging, found: Sequence[PersonLine]) -> list[ft.Control]:
    rows = [_row(view, line) for line in found]
    return [
        SearchField(t("merge.which_hint"), view.text, view.search),
        Section(t("merge.which"), Group(rows))
        if rows
        else Nothing(t("merge.none"), t("merge.none_detail"), icon=ft.Icons.PERSON_SEARCH_OUTLINED),
    ]


def _row(view: Merging, line: PersonLine) -> ft.Control:
    detail = joined(age_years(line.age, line.age_exact), line.municipality, last_seen(line.last_contact))
    return Row(
        line.alias,
        detail,
        leading=Avatar(line.alias),
        trailing=Chevron(),
        on_press=lambda: view.choose(line.id),
        key=line.id,
    )


def _file(facts: Facts, other: Facts) -> ft.Control:
    """The same rows on both sides, so that what differs can be seen."""
    names = [name for name in kind("young_person").fields if name in facts.words or name in other.words]
    return Card(Subtitle(facts.alias), _rows(facts, names), spacing=M)


def _rows(facts: Facts, names: Sequence[str]) -> ft.Control:
    fields = kind("young_person").fields
    return FactRows([Fact(field_label(fields[name]), facts.words.get(name, t("fact.none"))) for name in names])


def MergedFiles(merged: Sequence[Merged]) -> ft.Control:
    """The files that are shown here too, each with what its own consents open."""
    return Section(t("merge.files"), ft.Column([_merged(one) for one in merged], spacing=M, tight=True))


def _merged(one: Merged) -> ft.Control:
    facts = one.facts

    async def separate() -> None:
        window = app()
        said = await take_out(window, facts.id)
        frame().notices.show(
            Notice(
                t("merge.separated", alias=facts.alias),
                tone="ok",
                action=t("do.undo"),
                on_action=lambda: join(window, said),
            )
        )

    day = numeric_day(one.since) if one.since else ""
    return Card(
        Subtitle(t("merge.with", alias=facts.alias, day=day)),
        *([Meta(who(one.by))] if one.by else []),
        *([_rows(facts, list(facts.words)), Meta(t("merge.own"))] if facts.words else []),
        ft.Row([Tonal(t("merge.separate"), separate, icon=ft.Icons.CALL_SPLIT)]),
        spacing=M,
    )
