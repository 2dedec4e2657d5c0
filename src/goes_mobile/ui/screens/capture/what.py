"""What it was about, what was done, how the young person feels, and what should not be forgotten."""

from __future__ import annotations

from typing import Any, Literal

import flet as ft

from goes_mobile.state.capture import Capture, Mark
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
from goes_mobile.ui.frame import Notice, frame
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.screens.capture.hand import Hand
from goes_mobile.ui.text import t

Coding = Literal["topics", "actions"]
_MOST: dict[Coding, tuple[int, int]] = {"topics": (6, 9), "actions": (4, 6)}
"""How many chips there are on a phone, and where there is more room."""


@component
def Coded(hand: Hand, mark: Mark, name: Coding) -> ft.Control:
    """One's own most used as chips; all of them, with search, behind "Alle 20"."""
    view = hand.view
    codes, title = ("topic", t("capture.topics")) if name == "topics" else ("action", t("capture.actions"))
    most = _MOST[name][0 if look().compact else 1]
    all_, set_all = ft.use_state(False)
    chosen: list[str] = getattr(view.at_hand, name)
    labels = {o.value: capital(o.text) for o in options(codes)}
    use_sheet(
        all_,
        lambda: CodeSheet(title, labels, chosen, lambda new: view.put(name, **{name: new}), lambda: set_all(False)),
        lambda: set_all(False),
    )
    chips = [
        Chip(short(labels, codes, code), code in chosen, _toggle(view, name, code), key=code)
        for code in view.offered(name, most)
    ]
    more = ActionChip(
        t("field.all", n=len(labels)), lambda: set_all(True), icon=ft.Icons.KEYBOARD_ARROW_DOWN, quiet=True, about=title
    )

    async def like_last() -> None:
        if not await view.like_last():
            frame().notices.show(Notice(t("capture.no_last"), tone="info"))

    fresh = name == "topics" and not chosen and not view.at_hand.corrects
    return Section(
        title,
        Chips(*chips, more),
        action=t("capture.like_last") if fresh else "",
        on_action=like_last if fresh else None,
    )


def _toggle(view: Capture, name: Coding, code: str) -> Any:
    return lambda on: view.toggle(name, code, on)


def short(labels: dict[str, str], codes: str, code: str) -> str:
    """„Wohnen, Wohnungslosigkeit“ is „Wohnen“ on a chip, as long as no other one is called so."""
    label = labels.get(code) or capital(say(codes, code))
    first = label.split(",")[0]
    return first if sum(other.split(",")[0] == first for other in labels.values()) <= 1 else label


@component
def Mood(hand: Hand, mark: Mark) -> ft.Control:
    view = hand.view
    return Section(
        t("capture.mood"),
        Cells(
            [Choice(n, "", icon, name=t(f"capture.mood_{n}")) for n, icon in enumerate(MOODS, 1)],
            view.at_hand.mood,
            lambda mood: view.again("mood", "mood", mood),
        ),
        hint=t("capture.mood_hint"),
    )


@component
def NoteField(hand: Hand) -> ft.Control:
    view = hand.view
    return Field(
        t("capture.note"), view.at_hand.note, lambda text: view.write(note=text), lines=4, hint=t("capture.note_hint")
    )
