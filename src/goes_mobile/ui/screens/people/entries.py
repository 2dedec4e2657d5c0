"""What is noted in a file by kind: situation, case, goals, services, absences, conferences, appointments, outcome."""

from __future__ import annotations

from collections.abc import Iterable

import flet as ft

from goes_mobile.records import registry
from goes_mobile.services.casework import SHOWN
from goes_mobile.services.entries import EntryLine
from goes_mobile.services.person_file import PersonView
from goes_mobile.ui.components import Disc, Group, Row, Section, kind_icon
from goes_mobile.ui.frame import go
from goes_mobile.ui.parts.words import joined
from goes_mobile.ui.text import label, numeric_day, t


def writable() -> Iterable[registry.Kind]:
    """The kinds that can be added to a file with the general form."""
    return [known for known in registry.kinds() if known.general and "person" in known.fields]


def EntrySections(found: PersonView, *, closed: bool) -> list[ft.Control]:
    """A section for each kind there is something of, and that has no part of its own."""
    shown = ((kind, lines) for kind, lines in found.entries.items() if kind not in SHOWN)
    return [_section(found.id, kind, lines, closed=closed) for kind, lines in shown]


def _section(person: str, kind: str, lines: list[EntryLine], *, closed: bool) -> ft.Control:
    known = registry.kind(kind)
    rows = [
        Row(
            line.title,
            joined(numeric_day(line.day), *line.said),
            leading=Disc(kind_icon(kind)),
            on_press=lambda line=line: go(f"/people/{person}/entry/{kind}/{line.id}"),
            key=line.id,
        )
        for line in lines
    ]
    return Section(
        label(known.de, known.en),
        Group(rows),
        count=len(rows),
        action="" if closed else t("entry.add"),
        on_action=lambda: go(f"/new/entry/{kind}/{person}"),
        key=f"entries-{kind}",
    )
