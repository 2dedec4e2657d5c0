"""What it was about, what was done, how the young person feels, and what should not be forgotten."""

from __future__ import annotations

from typing import Any, Literal

import flet as ft

from goes_mobile.state.capture import Capture
from goes_mobile.ui.codes import capital, options, say
from goes_mobile.ui.components import (
    MOODS,
    ActionChip,
    Cells,
    Chip,
    Chips,
    Choice,
    CodeSheet,
    Field,
    Section,
    use_sheet,
)
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.text import t

Coded = Literal["topics", "actions"]


@component
def Topics(view: Capture) -> ft.Control:
    return _Coded(view, "topics", "topic", t("capture.topics"), 6 if look().compact else 9)


@component
def Actions(view: Capture) -> ft.Control:
    return _Coded(view, "actions", "action", t("capture.actions"), 4 if look().compact else 6)


@component
def _Coded(view: Capture, name: Coded, codes: str, title: str, most: int) -> ft.Control:
    """One's own most used as chips; all of them, with search, behind "Alle 20"."""
    all_, set_all = ft.use_state(False)
    chosen: list[str] = getattr(view.at_hand, name)
    labels = {o.value: capital(o.text) for o in options(codes)}
    use_sheet(
        all_,
        lambda: CodeSheet(title, labels, chosen, lambda new: view.put(**{name: new}), lambda: set_all(False)),
        lambda: set_all(False),
    )
    chips = [
        Chip(short(labels, codes, code), code in chosen, _toggle(view, name, code), key=code)
        for code in view.offered(name, most)
    ]
    more = ActionChip(
        t("field.all", n=len(labels)), lambda: set_all(True), icon=ft.Icons.KEYBOARD_ARROW_DOWN, quiet=True, about=title
    )
    return Section(title, Chips(*chips, more))


def _toggle(view: Capture, name: Coded, code: str) -> Any:
    return lambda on: view.toggle(name, code, on)


def short(labels: dict[str, str], codes: str, code: str) -> str:
    """„Wohnen, Wohnungslosigkeit“ is „Wohnen“ on a chip, as long as no other one is called so."""
    label = labels.get(code) or capital(say(codes, code))
    first = label.split(",")[0]
    return first if sum(other.split(",")[0] == first for other in labels.values()) <= 1 else label


@component
def Mood(view: Capture) -> ft.Control:
    return Section(
        t("capture.mood"),
        Cells(
            [Choice(n, "", icon, name=t(f"capture.mood_{n}")) for n, icon in enumerate(MOODS, 1)],
            view.at_hand.mood,
            lambda mood: view.again("mood", mood),
        ),
        hint=t("capture.mood_hint"),
    )


@component
def NoteField(view: Capture) -> ft.Control:
    return Field(
        t("capture.note"), view.at_hand.note, lambda text: view.write(note=text), lines=4, hint=t("capture.note_hint")
    )
