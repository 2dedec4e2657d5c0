"""The general form: every field of a kind in the order of its class."""

from __future__ import annotations

import flet as ft

from goes_mobile.records.registry import kind as kind_named
from goes_mobile.state.county import county
from goes_mobile.state.entries import EntryWriting
from goes_mobile.ui.components import DraftKept, Loading, Note, NotHere, Option, SaveBar
from goes_mobile.ui.forms import Around, RecordForm
from goes_mobile.ui.frame import Notice, frame
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.words import who
from goes_mobile.ui.refusals import refusals
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import label, t
from goes_mobile.ui.views import use_view


@component
def NewEntryScreen(kind: str) -> ft.Control:
    return EntryForm(kind)


@component
def NewPersonEntryScreen(kind: str, person: str) -> ft.Control:
    return EntryForm(kind, person)


@component
def ChangeEntryScreen(kind: str, record: str) -> ft.Control:
    return EntryForm(kind, record=record)


@component
def EntryForm(kind: str, person: str = "", record: str = "") -> ft.Control:
    view = use_view(lambda app: EntryWriting(app, kind, person, record), "member")
    known = kind_named(kind)
    title = label(known.de, known.en)

    async def save() -> None:
        if await view.save():
            frame().leave()
            frame().notices.show(Notice(t("entry.saved", what=title), tone="ok"))

    if view.missing:
        return Screen(title, [NotHere()], on_close=frame().leave)
    if not view.loaded:
        return Screen(title, [Loading()], on_close=frame().leave)
    said = refusals(view.errors, view.facts)
    around = Around(
        refs={of: [Option(one.id, one.name) for one in offered] for of, offered in view.refs.items()},
        preset=county(view.app),
        new_id=view.new_id,
    )
    elsewhere = [words for name, words in said.items() if name not in {info.name for info in known.form}]
    return Screen(
        title,
        [
            *(Note(words, tone="look") for words in elsewhere),
            RecordForm(kind, view.values, view.set, errors=said, around=around),
        ],
        subtitle=who(view.about),
        on_close=frame().leave,
        status=DraftKept("kept" if view.kept else ""),
        bar=SaveBar(t("do.save"), save),
    )
