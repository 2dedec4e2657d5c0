"""Giving the PIN or passphrase: at the door, and when a screen is turned back."""

from __future__ import annotations

import flet as ft

from goes_mobile.state.unlock import MIN_PIN, Unlock, Who
from goes_mobile.ui.components import Field, PinPad, Primary
from goes_mobile.ui.guarded import component
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import SAVE, L, M


def SecretField(view: Unlock, label: str = "") -> ft.Control:
    """Whichever of the two this device asks for, what went wrong with it, and the button."""
    label = label or t("unlock.open")
    return _pin(view, label) if view.kind == "pin" else _Passphrase(view, label, key=view.chosen)


def name_of(who: Who) -> str:
    """Whose profile it is, as far as a locked device knows."""
    if not who.set_up:
        return t("unlock.newcomer")
    return t("unlock.profile_n", n=who.number) if who.number else who.name


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


def _pin(view: Unlock, label: str) -> ft.Control:
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
                Primary(label, view.open, icon=ft.Icons.LOCK_OPEN, height=SAVE),
                padding=ft.Padding.only(top=M),
            ),
        ],
        spacing=0,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@component
def _Passphrase(view: Unlock, label: str) -> ft.Control:
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
                t("unlock.opening") if busy else label,
                None if busy else view.open,
                icon=ft.Icons.LOCK_OPEN,
                height=SAVE,
            ),
        ],
        spacing=L,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
