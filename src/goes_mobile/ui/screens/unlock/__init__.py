"""Locked: who works here, then PIN or passphrase. What was saved is still delivered, and it says so."""

from __future__ import annotations

import flet as ft

from goes_mobile.state.app import Status
from goes_mobile.state.unlock import Unlock, Who
from goes_mobile.ui.components import (
    Avatar,
    Card,
    Disc,
    Icon,
    Meta,
    Section,
    Strong,
    SyncChip,
    TextAction,
)
from goes_mobile.ui.components.rows import initials
from goes_mobile.ui.frame import Handler, app, frame
from goes_mobile.ui.guarded import component, use_start
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.secret import SecretField, name_of
from goes_mobile.ui.parts.threshold import Threshold
from goes_mobile.ui.screens.unlock.forgotten import ForgottenScreen
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import FULL, L, S


@component
def UnlockScreen() -> ft.Control:
    return UnlockBody(app().status)


@component
def UnlockBody(status: Status) -> ft.Control:
    """What waits is counted anew when some of it was delivered meanwhile."""
    view, _ = ft.use_state(lambda: Unlock(app()))
    use_start(view.reload, status.sync.waiting)
    use_start(view.count_down, view.pause_s > 0)
    forgotten, set_forgotten = ft.use_state(False)
    if forgotten:
        return ForgottenScreen(lambda: set_forgotten(False), key=view.chosen)
    if not view.who:
        return Threshold([])  # some milliseconds; a field that is drawn anew would lose what is typed into it
    several = len(view.who) > 1
    thumb = [SecretField(view)]
    return Threshold(
        [Section(t("unlock.who"), *(_person(view, who, several) for who in view.who), spacing=S)],
        trailing=SyncChip(frame().delivery),
        thumb=thumb,
        foot=_foot(view, lambda: set_forgotten(True)),
    )


def _person(view: Unlock, who: Who, several: bool) -> ft.Control:
    """One profile of this device; a tap changes who works."""
    p = look().palette
    here = who.key == view.chosen
    name = name_of(who)
    words: list[ft.Control] = [Strong(name)]
    if not who.set_up:
        words.append(Meta(t("unlock.set_up")))
    elif who.waiting:
        words.append(Meta(t("net.waiting", n=who.waiting)))
    line: list[ft.Control] = [
        _face(name, here) if who.set_up else Disc(ft.Icons.PERSON_ADD_OUTLINED, "plain", size=48),
        ft.Column(words, spacing=2, tight=True, expand=True),
    ]
    if several and who.set_up:
        mark = ft.Icons.CHECK_CIRCLE if here else ft.Icons.RADIO_BUTTON_UNCHECKED
        line.append(ft.Icon(mark, color=p.primary if here else p.outline, size=look().icon(24)))
    row = ft.Row(line, spacing=L)
    if not several:
        return Card(row)
    return Card(row, on_press=lambda: view.choose(who), chosen=here, key=who.key)


def _face(name: str, here: bool) -> ft.Control:
    if not here:
        return Avatar(name, size=48)
    shown = look()
    p = shown.palette
    style = shown.style("section", p.on_primary)
    style.size = 18  # belongs to the disc, not to the text size
    letters = ft.Semantics(content=ft.Text(initials(name), style=style), exclude_semantics=True)
    return ft.Container(
        letters, width=48, height=48, alignment=ft.Alignment.CENTER, bgcolor=p.primary, border_radius=FULL
    )


def _foot(view: Unlock, forgotten: Handler) -> ft.Control:
    promise = ft.Row(
        [Icon(ft.Icons.LOCK_OUTLINED, size=18), Meta(t("unlock.promise"), expand=True, expand_loose=True)],
        spacing=S,
        alignment=ft.MainAxisAlignment.CENTER,
    )
    lost = TextAction(t("unlock.forgotten_pin" if view.kind == "pin" else "unlock.forgotten"), forgotten)
    return ft.Column(
        [ft.Row([lost], alignment=ft.MainAxisAlignment.CENTER), promise],
        spacing=0,
        tight=True,
    )
