"""What is noted in a file by kind: situation, case, goals, services, absences, conferences, appointments, outcome."""

from __future__ import annotations

from collections.abc import Iterable

import flet as ft

from goes_mobile.records import registry
from goes_mobile.services.casework import SHOWN
from goes_mobile.services.entries import EntryLine
from goes_mobile.services.person_file import PersonView
from goes_mobile.ui.components import Disc, Group, Outlined, Row, Section, kind_icon
from goes_mobile.ui.frame import go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.words import joined
from goes_mobile.ui.text import label, numeric_day, t
from goes_mobile.ui.theme import M

FEW = 5
MORE = 50


def writable() -> Iterable[registry.Kind]:
    """The kinds that can be added to a file with the general form."""
    return [known for known in registry.kinds() if known.general and "person" in known.fields]


def EntrySections(found: PersonView, *, closed: bool) -> list[ft.Control]:
    """A section for each kind there is something of, and that has no part of its own."""
    shown = ((kind, lines) for kind, lines in found.entries.items() if kind not in SHOWN)
    return [EntrySection(found.id, kind, lines, closed, key=f"entries-{kind}") for kind, lines in shown]


@component
def EntrySection(person: str, kind: str, lines: list[EntryLine], closed: bool) -> ft.Control:
    """The newest few; the others come in parts, so that a long file is drawn as fast as a short one."""
    most, set_most = ft.use_state(FEW)
    known = registry.kind(kind)
    rows = [
        Row(
            line.title,
            joined(numeric_day(line.day), *line.said),
            leading=Disc(kind_icon(kind)),
            on_press=lambda line=line: go(f"/people/{person}/entry/{kind}/{line.id}"),
            key=line.id,
        )
        for line in lines[:most]
    ]
    left, more = len(lines) - len(rows), []
    if left > 0:
        way = Outlined(t("list.more", n=left), lambda: set_most(most + MORE), icon=ft.Icons.EXPAND_MORE)
        more = [ft.Container(ft.Row([way], alignment=ft.MainAxisAlignment.CENTER, wrap=True), padding=M)]
    return Section(
        label(known.de, known.en),
        Group([*rows, *more]),
        count=len(lines),
        action="" if closed else t("entry.add"),
        on_action=lambda: go(f"/new/entry/{kind}/{person}"),
    )
