"""A new task: what, until when, who, about whom."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import flet as ft

from goes_mobile.services.people import PersonLine
from goes_mobile.state.tasks import NewTask
from goes_mobile.ui.components import (
    Avatar,
    Chip,
    Chips,
    DateField,
    DraftKept,
    Field,
    Loading,
    Meta,
    Option,
    PickField,
    PickSheet,
    SaveBar,
    SearchField,
    Sheet,
    sheet_row,
    use_sheet,
)
from goes_mobile.ui.frame import Handler, Notice, frame
from goes_mobile.ui.guarded import component, use_start
from goes_mobile.ui.parts.words import age, joined
from goes_mobile.ui.refusals import refusals
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import S
from goes_mobile.ui.views import use_view


@component
def NewTaskScreen() -> ft.Control:
    return TaskForm("")


@component
def NewTaskForScreen(person: str) -> ft.Control:
    return TaskForm(person)


@component
def TaskForm(person: str) -> ft.Control:
    view = use_view(lambda app: NewTask(app, person), "member")
    choosing, set_choosing = ft.use_state("")
    colleagues = [Option(c.id, c.name, icon=ft.Icons.PERSON_OUTLINED) for c in view.colleagues]
    use_sheet(
        choosing == "who",
        lambda: PickSheet(
            t("tasks.who"),
            colleagues,
            view.values.get("assignee"),
            lambda member: view.set("assignee", member),
            lambda: set_choosing(""),
        ),
        on_close=lambda: set_choosing(""),
    )
    use_sheet(
        choosing == "person",
        lambda: FindPerson(view, lambda: set_choosing("")),
        on_close=lambda: set_choosing(""),
    )

    async def save() -> None:
        if await view.save():
            frame().leave()
            frame().notices.show(Notice(t("tasks.saved"), tone="ok"))

    if not view.loaded:
        return Screen(t("tasks.new"), [Loading()], on_close=frame().leave)
    said = refusals(view.errors)
    about = view.about
    body: list[ft.Control] = [
        Field(
            t("tasks.what"),
            view.values.get("title") or "",
            lambda text: view.set("title", text),
            error=said.get("title", ""),
            autofocus=not view.values.get("title"),
        ),
        _until(view, said.get("due", "")),
        PickField(
            t("tasks.who"),
            next((o.text for o in colleagues if o.value == view.values.get("assignee")), ""),
            lambda: set_choosing("who"),
            icon=ft.Icons.PERSON_OUTLINED,
        ),
        PickField(
            t("tasks.for_whom"),
            about.alias if about else "",
            lambda: set_choosing("person"),
            icon=ft.Icons.SEARCH,
            hint=t("tasks.nobody"),
            on_clear=lambda: view.set("person", None),
        ),
    ]
    return Screen(
        t("tasks.new"),
        body,
        on_close=frame().leave,
        status=DraftKept("kept" if view.kept else ""),
        bar=SaveBar(t("do.save"), save),
    )


def _until(view: NewTask, error: str) -> ft.Control:
    today = view.today
    now = view.values.get("due")
    days: list[tuple[str, date]] = []
    if today is not None:
        monday = today + timedelta(days=7 - today.weekday())
        days = [
            (t("tasks.when_today"), today),
            (t("tasks.day_tomorrow"), today + timedelta(days=1)),
            (t("tasks.in_days", n=3), today + timedelta(days=3)),
            (t("tasks.next_week"), monday),
        ]

    def choose(day: date | None) -> Any:
        return view.set("due", day)

    chips = [Chip(words, now == day, lambda on, day=day: choose(day if on else None), key=words) for words, day in days]
    field = DateField(t("tasks.until"), now, choose, error=error)
    return ft.Column([field, Chips(*chips)], spacing=S, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@component
def FindPerson(view: NewTask, on_close: Handler) -> ft.Control:
    """Search by alias; my own people first."""
    text, set_text = ft.use_state("")
    found, set_found = ft.use_state(list[PersonLine])

    async def look() -> None:
        set_found(await view.find(text))

    use_start(look, text)

    async def choose(line: PersonLine) -> None:
        on_close()
        await view.set("person", line.id)

    rows: list[ft.Control] = [
        sheet_row(
            line.alias,
            joined(age(line.age, line.age_exact), line.municipality),
            leading=Avatar(line.alias),
            on_press=lambda line=line: choose(line),
        )
        for line in found
    ]
    if text and not found:
        rows.append(ft.Container(Meta(t("search.nothing", what=text)), padding=24))
    return Sheet(
        t("tasks.find_person"),
        rows,
        on_close=on_close,
        search=SearchField(t("people.search"), text, set_text, autofocus=True),
        tall=True,
    )
