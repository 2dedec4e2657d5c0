"""Locked: who works here, then PIN or passphrase. What was saved is still delivered, and it says so."""

from __future__ import annotations

import flet as ft

from goes_mobile.state.app import Status
from goes_mobile.state.unlock import MIN_PIN, Unlock, Who
from goes_mobile.ui.components import (
    Avatar,
    Card,
    Disc,
    Field,
    Icon,
    Meta,
    PinPad,
    Primary,
    Section,
    Strong,
    SyncChip,
)
from goes_mobile.ui.components.rows import initials
from goes_mobile.ui.frame import app, frame
from goes_mobile.ui.guarded import component, use_start
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.threshold import Threshold
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import FULL, SAVE, L, M, S


@component
def UnlockScreen() -> ft.Control:
    return UnlockBody(app().status)


@component
def UnlockBody(status: Status) -> ft.Control:
    """What waits is counted anew when some of it was delivered meanwhile."""
    view, _ = ft.use_state(lambda: Unlock(app()))
    use_start(view.reload, status.sync.waiting)
    use_start(view.count_down, view.pause_s > 0)
    if not view.who:
        return Threshold([])  # some milliseconds; a field that is drawn anew would lose what is typed into it
    several = len(view.who) > 1
    thumb = [_pin(view)] if view.kind == "pin" else [_Passphrase(view, key=view.chosen)]
    return Threshold(
        [Section(t("unlock.who"), *(_person(view, who, several) for who in view.who), spacing=S)],
        trailing=SyncChip(frame().delivery),
        thumb=thumb,
        foot=_promise(),
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


def name_of(who: Who) -> str:
    """Whose profile it is, as far as a locked device knows."""
    if not who.set_up:
        return t("unlock.newcomer")
    return t("unlock.profile_n", n=who.number) if who.number else who.name


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


def _said(view: Unlock) -> str:
    """What went wrong, and what is left."""
    if view.pause_s:
        return t("unlock.pause", clock=f"{view.pause_s // 60}:{view.pause_s % 60:02d}")
    match view.problem:
        case "":
            return ""
        case "empty":
            return t("unlock.empty")
        case "short":
            return t("unlock.short", n=MIN_PIN)
        case "wrong_pin":
            wrong = t("unlock.wrong_pin") if view.kind == "pin" else t("unlock.wrong_passphrase")
            return f"{wrong} {t('unlock.tries_left', n=view.tries_left)}"
        case "lease":
            return t("unlock.lease", n=view.days)
        case "revoked":
            return t("unlock.revoked")
        case "device_secret_missing":
            return t("unlock.no_device_secret")
        case _:
            return t("unlock.not_now")


def _pin(view: Unlock) -> ft.Control:
    name = next((name_of(who) for who in view.who if who.key == view.chosen), "")
    return ft.Column(
        [
            PinPad(
                view.digits,
                view.digit,
                view.back,
                title=t("unlock.pin_for", name=name.split(" ")[0]),
                error=_said(view),
                paused=view.pause_s > 0,
            ),
            ft.Container(
                Primary(t("unlock.open"), view.open, icon=ft.Icons.LOCK_OPEN, height=SAVE),
                padding=ft.Padding.only(top=M),
            ),
        ],
        spacing=0,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@component
def _Passphrase(view: Unlock) -> ft.Control:
    async def submit(text: str) -> None:
        view.type(text)
        await view.open()

    busy = view.busy
    return ft.Column(
        [
            Field(
                t("unlock.passphrase"),
                view.typed,
                view.type,
                password=True,
                autofocus=True,
                correct=False,
                on_submit=submit,
                error=_said(view),
            ),
            Primary(
                t("unlock.opening") if busy else t("unlock.open"),
                None if busy else view.open,
                icon=ft.Icons.LOCK_OPEN,
                height=SAVE,
            ),
        ],
        spacing=L,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _promise() -> ft.Control:
    return ft.Row(
        [Icon(ft.Icons.LOCK_OUTLINED, size=18), Meta(t("unlock.promise"), expand=True, expand_loose=True)],
        spacing=S,
        alignment=ft.MainAxisAlignment.CENTER,
    )
