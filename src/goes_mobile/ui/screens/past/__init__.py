"""Verlauf: wer, wann, was."""

from __future__ import annotations

import flet as ft

from goes_mobile.services.history import FieldChange, HistoryRow
from goes_mobile.state.past import Past
from goes_mobile.ui.colours import Tone
from goes_mobile.ui.components import Card, Loading, Meta, Moment, Nothing, StatePill, Strong, Timeline, Words
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.words import device_words, who
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import t, when
from goes_mobile.ui.theme import M
from goes_mobile.ui.views import use_view

_LOOKS: dict[str, tuple[ft.IconData, Tone]] = {
    "made": (ft.Icons.ADD, "ok"),
    "changed": (ft.Icons.EDIT_OUTLINED, "primary"),
    "deleted": (ft.Icons.DELETE_OUTLINED, "look"),
    "restored": (ft.Icons.RESTORE, "ok"),
}
OFTEN = 600
"""A very long note is cut here; the record itself shows all of it."""


@component
def EncounterPastScreen(encounter: str, person: str = "") -> ft.Control:
    back = f"/people/{person}/met/{encounter}" if person else f"/encounters/{encounter}"
    return PastScreen("encounter", encounter, back)


@component
def CasePastScreen(record: str) -> ft.Control:
    return PastScreen("encounter", record, f"/review/{record}")


@component
def PersonPastScreen(person: str) -> ft.Control:
    return PastScreen("young_person", person, f"/people/{person}")


@component
def EntryPastScreen(kind: str, record: str, person: str = "") -> ft.Control:
    return PastScreen(kind, record, f"/people/{person}/entry/{kind}/{record}" if person else f"/entry/{kind}/{record}")


@component
def MaterialPastScreen(material: str) -> ft.Control:
    return PastScreen("material", material, f"/more/materials/{material}")


@component
def PartnerPastScreen(partner: str) -> ft.Control:
    return PastScreen("partner", partner, f"/more/partners/{partner}")


@component
def PastScreen(kind: str, record: str, back: str) -> ft.Control:
    view = use_view(lambda app: Past(app, kind, record), kind)
    rows = view.rows
    if rows is None:
        body: list[ft.Control] = [Loading()]
    elif not rows:
        body = [Nothing(t("past.none"), t("past.none_detail"), icon=ft.Icons.HISTORY)]
    else:
        body = [Card(Timeline([_moment(row) for row in rows]))]
    return Screen(t("past.title"), body, subtitle=view.title, back=back, chip=not look().spacious)


def _moment(row: HistoryRow) -> Moment:
    icon, tone = _LOOKS[row.sort]
    name = who(row.who) or t("past.nobody")
    where = t("past.here") if row.here else device_words(row.called, row.device)
    return Moment(
        t("past.by", who=name, what=t(f"past.{row.sort}")),
        when(row.at),
        where,
        icon,
        tone,
        pills=[_changes(row)] if row.changes else (),
    )


def _changes(row: HistoryRow) -> ft.Control:
    return ft.Column([_change(change, first=row.sort == "made") for change in row.changes], spacing=M, tight=True)


def _change(change: FieldChange, *, first: bool) -> ft.Control:
    p = look().palette
    words: list[ft.Control] = [Meta(change.label)]
    new = change.new or t("past.empty")
    words.append(Strong(_cut(new)) if change.stands else Words(_cut(new), "body", p.ink_soft))
    for old in () if first else (change.old, *change.beside):
        if old and old != change.new:
            words.append(Meta(t("past.was", old=_cut(old))))
    if change.contested:
        words.append(ft.Row([StatePill("two_versions")]))
    return ft.MergeSemantics(content=ft.Column(words, spacing=4, tight=True))


def _cut(text: str) -> str:
    return text if len(text) <= OFTEN else text[:OFTEN].rsplit(" ", 1)[0] + " …"
