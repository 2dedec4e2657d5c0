"""The sheet „Person suchen“: hits while typing; the last row makes a new file, and asks who is the same person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from goes_mobile.services.draft import DraftPerson
from goes_mobile.services.people import PersonLine, Similar
from goes_mobile.state.person_search import PersonSearch
from goes_mobile.ui.codes import options
from goes_mobile.ui.components import (
    Avatar,
    Cells,
    Chevron,
    Choice,
    Disc,
    Field,
    Group,
    Label,
    Loading,
    Meta,
    Primary,
    Row,
    SearchField,
    Section,
    Sheet,
    TextAction,
    sheet_row,
)
from goes_mobile.ui.guarded import component, use_start
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.words import age_years, joined, last_seen
from goes_mobile.ui.screens.capture.hand import Hand
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import SAVE, XL, L, S

Take = Callable[[DraftPerson], Any]


@component
def PersonSheet(hand: Hand, search: PersonSearch, take: Take, close: Callable[[], None]) -> ft.Control:
    use_start(lambda: search.search(""))

    async def choose(line: PersonLine) -> None:
        await hand.view.choose_known(line.id)
        close()

    if search.making:
        return _new(search, choose, take, close)
    rows: list[ft.Control] = []
    if search.found is None:
        rows.append(Loading())
    for line in search.found or []:
        rows.append(_hit(line, lambda line=line: choose(line)))
    text = search.text.strip()
    if search.found == []:
        said = t("search.nothing", what=text) if text else t("capture.nobody_yet")
        rows.append(ft.Container(Meta(said), padding=ft.Padding.symmetric(horizontal=XL, vertical=L)))
    rows.append(
        sheet_row(
            t("capture.new_named", alias=text) if text else t("capture.new_person"),
            t("capture.alias_enough"),
            leading=Disc(ft.Icons.PERSON_ADD_OUTLINED, "primary"),
            on_press=search.begin_new,
        )
    )
    field = SearchField(t("capture.find_by"), search.text, search.search, autofocus=True)
    return Sheet(t("capture.find_person"), rows, on_close=close, search=field, tall=True)


def _hit(line: PersonLine, on_press: Any) -> ft.Control:
    seen = last_seen(line.last_contact)
    detail = joined(
        age_years(line.age, line.age_exact), line.municipality, t("capture.seen", when=seen) if seen else ""
    )
    return ft.Container(sheet_row(line.alias, detail, leading=Avatar(line.alias), on_press=on_press), key=line.id)


def _new(search: PersonSearch, choose: Any, take: Take, close: Callable[[], None]) -> ft.Control:
    async def make() -> None:
        person = await search.make()
        if person is not None:
            take(person)

    content: list[ft.Control] = [
        Field(
            t("capture.alias"),
            search.alias,
            search.set_alias,
            error=t("capture.alias_missing") if search.wrong == "alias" else "",
            note=t("capture.alias_note"),
            autofocus=not search.alias,
            correct=False,
        )
    ]
    if search.similar:
        rows = [_same(similar, choose) for similar in search.similar]
        content.append(Section(t("capture.same_person"), Group(rows), spacing=0))
    content += [
        Field(
            t("capture.birth_year"),
            search.year_typed,
            search.set_year,
            error=t("capture.year_wrong") if search.wrong == "year" else "",
            note=t("capture.year_note"),
            keyboard=ft.KeyboardType.NUMBER,
        ),
        ft.Column(
            [
                Label(t("capture.gender")),
                GenderCells(search.gender, search.set_gender),
            ],
            spacing=6,
            tight=True,
        ),
    ]
    back = TextAction(t("do.back"), search.back, icon=ft.Icons.ARROW_BACK)
    done = Primary(t("capture.make"), make, icon=ft.Icons.CHECK, height=SAVE)
    if look().roomy and look().compact:
        foot: ft.Control = ft.Column(
            [done, back], spacing=S, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
        )
    else:
        foot = ft.Row([back, ft.Container(done, expand=True)], spacing=S)
    column = ft.Column(content, spacing=L, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    padded = ft.Container(column, padding=ft.Padding.only(left=XL, right=XL, bottom=L))
    return Sheet(t("capture.new_person"), [padded], on_close=close, foot=foot, tall=True)


def _same(similar: Similar, choose: Any) -> ft.Control:
    """Somebody who may be meant: a tap takes them instead of making a second file."""
    line = similar.line
    why = ", ".join(t(f"capture.why.{reason}") for reason in similar.why)
    detail = joined(age_years(line.age, line.age_exact), line.municipality, why)
    return Row(
        line.alias, detail, leading=Avatar(line.alias), trailing=Chevron(), on_press=lambda: choose(line), key=line.id
    )


def GenderCells(chosen: str | None, on_choose: Callable[[str | None], Any]) -> ft.Control:
    """All genders of the list; with large text two in a row, so that no word is cut."""
    small = look().compact
    short = {"keine Angabe": "k. A.", "no answer": "n/a"} if small else {}
    choices = [Choice(o.value, short.get(o.text, o.text), name=o.text) for o in options("gender")]
    return Cells(choices, chosen, on_choose, per_row=2 if small and look().roomy else None)
