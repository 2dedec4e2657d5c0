"""Zwei Fassungen: side by side, what differs marked; take one, keep both, write your own. Nothing is thrown away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import flet as ft

from goes_mobile.services.conflicts import Contested, Piece, Settled, VersionView
from goes_mobile.state.versions import Versions
from goes_mobile.ui.components import (
    Avatar,
    Banner,
    Card,
    Disc,
    Field,
    Group,
    Loading,
    Meta,
    NotHere,
    Nothing,
    Outlined,
    Pill,
    Row,
    SaveBar,
    Section,
    Side,
    Strong,
)
from goes_mobile.ui.frame import go
from goes_mobile.ui.guarded import component, guarded
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.words import device_words, joined, who
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import t, when
from goes_mobile.ui.theme import CARD, L, M
from goes_mobile.ui.views import use_view


@component
def EncounterVersionsScreen(encounter: str, person: str = "") -> ft.Control:
    back = f"/people/{person}/met/{encounter}" if person else f"/encounters/{encounter}"
    return VersionsScreen("encounter", encounter, back)


@component
def PersonVersionsScreen(person: str) -> ft.Control:
    return VersionsScreen("young_person", person, f"/people/{person}")


@component
def RecordVersionsScreen(kind: str, record: str) -> ft.Control:
    """From Heute, for whatever kind it is; back leads there."""
    paths = {"encounter": "/encounters", "young_person": "/people"}
    return VersionsScreen(
        kind, record, "/", f"{paths[kind]}/{record}" if kind in paths else "/tasks" if kind == "task" else "/"
    )


@component
def UndecidedVersionsScreen(kind: str, record: str) -> ft.Control:
    """From the list under Synchronisation; back leads there."""
    return VersionsScreen(kind, record, "/more/sync/versions")


@component
def VersionsScreen(kind: str, record: str, back: str, done: str = "") -> ft.Control:
    """`done`: where it goes on when all is settled."""
    view = use_view(lambda app: Versions(app, kind, record), kind)
    chip = not look().spacious
    if view.missing:
        return Screen(t("versions.title"), [NotHere()], back=back, chip=chip)
    card = view.card
    if card is None:
        return Screen(t("versions.title"), [Loading()], back=back, chip=chip)
    settled = [Section(t("versions.settled"), _settled(card.settled), count=len(card.settled))] if card.settled else []
    now = view.now
    if now is None:
        way = done or back
        settled_all = Nothing(
            t("versions.all_done"),
            t("versions.all_done_detail"),
            icon=ft.Icons.CHECK_CIRCLE_OUTLINED,
            action=t("missing.home") if way == "/" else t("versions.back"),
            on_action=lambda: go(way),
        )
        return Screen(t("versions.title"), [settled_all, *settled], subtitle=card.title, back=back, chip=chip)
    own = bool(view.own.strip())
    return Screen(
        t("versions.title"),
        [
            Banner(t("versions.why"), tone="info", icon=ft.Icons.DIFFERENCE_OUTLINED),
            *([Banner(t("versions.deletion_why"), tone="look")] if now.deletion else []),
            Section(
                t("versions.deletion_title") if now.deletion else now.label[:1].upper() + now.label[1:],
                Side(*(_version(now, v, view.chosen == v.op, view.tick) for v in now.versions)),
                key=now.path,
            ),
            *([_join(view)] if now.joinable else []),
            *settled,
        ],
        subtitle=card.title,
        back=back,
        actions=[Pill(t("versions.left", n=view.left), None, "look")],
        chip=False,
        bar=SaveBar(
            t("versions.take_own") if own else t("versions.take"),
            view.take,
            later=t("versions.later"),
            on_later=lambda: go(back),
        ),
    )


def _version(now: Contested, version: VersionView, chosen: bool, tick: Callable[[str], Any]) -> ft.Control:
    p = look().palette
    name = who(version.who) or t("past.nobody")
    mark = ft.Icon(
        ft.Icons.RADIO_BUTTON_CHECKED if chosen else ft.Icons.RADIO_BUTTON_UNCHECKED,
        color=p.primary if chosen else p.outline,
        size=look().icon(24),
    )
    head = ft.Row(
        [
            Avatar(name),
            ft.Column(
                [
                    Strong(t("versions.here", who=name) if version.here else name),
                    Meta(joined(when(version.at) if version.at else "", device_words(version.called, version.device))),
                ],
                spacing=0,
                tight=True,
                expand=True,
            ),
            mark,
        ],
        spacing=M,
    )
    if now.deletion:
        words: ft.Control = Strong(t("versions.deletion_gone") if version.value else t("versions.deletion_kept"))
    elif now.joinable and version.pieces:
        words = Marked(version.pieces)
    else:
        words = Strong(version.words or t("versions.nothing"))
    return _Choice(head, words, chosen, lambda: tick(version.op))


def _Choice(head: ft.Control, words: ft.Control, chosen: bool, choose: Callable[[], Any]) -> ft.Control:
    """A card that can be chosen; its ground stays white, so that the marks can be seen on it."""
    p = look().palette
    width = 2 if chosen else p.border
    box = ft.Container(
        content=ft.Column([head, words], spacing=M, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        padding=L + 1 - width,
        bgcolor=p.card,
        border=ft.Border.all(width, p.primary if chosen else p.outline),
        border_radius=CARD,
        ink=True,
        on_click=guarded(choose, touch="selection"),
    )
    return ft.Semantics(content=box, checked=chosen, container=True)


def Marked(pieces: Sequence[Piece]) -> ft.Control:
    """A version's text; what no other version says stands on amber."""
    shown = look()
    pair = shown.palette.pair("look")
    usual = shown.style("narrative")

    def style(differs: bool) -> ft.TextStyle:
        if not differs:
            return usual
        marked = shown.style("narrative", pair.ink)
        marked.bgcolor, marked.font_family = pair.ground, shown.style("strong").font_family
        return marked

    spans = []
    for piece in pieces:
        text = piece.text.rstrip()
        spans.append(ft.TextSpan(text, style(piece.differs)))
        spans.append(ft.TextSpan(piece.text[len(text) :], usual))
    return ft.Text(spans=spans, style=usual)


def _join(view: Versions) -> ft.Control:
    return Card(
        ft.Semantics(content=Strong(t("versions.join_title")), header=True, heading_level=3),
        Field(t("versions.own"), view.own, view.write, lines=3),
        ft.Row([Outlined(t("versions.join"), view.join, icon=ft.Icons.ADD)], wrap=True),
    )


def _settled(settled: Sequence[Settled]) -> ft.Control:
    return Group(
        [
            Row(
                f"{one.label[:1].upper()}{one.label[1:]}: {one.words or t('versions.nothing')}",
                joined(
                    *(f"{who(by)}: {words or t('versions.nothing')}" for by, words in one.versions),
                    t("versions.settled_by", when=when(one.at), who=who(one.by)),
                ),
                leading=Disc(ft.Icons.CHECK, "ok"),
                key=one.path,
            )
            for one in settled
        ]
    )
