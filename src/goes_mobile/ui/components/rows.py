"""Rows, sections, avatars: a disc of 40, a title, a reason, one trailing thing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import flet as ft

from goes_mobile.ui.colours import Tone
from goes_mobile.ui.components.buttons import TextAction
from goes_mobile.ui.components.pills import Count
from goes_mobile.ui.components.words import Icon, Meta, Strong, Words
from goes_mobile.ui.frame import Handler, frame
from goes_mobile.ui.guarded import guarded
from goes_mobile.ui.look import look
from goes_mobile.ui.theme import FULL, SMALL, L, M, S

LETTER = 0.54
"""How wide a letter of a long German word is, measured in its size."""
NARROW = 360
_TONES: tuple[Tone, ...] = ("primary", "info", "plain", "ok", "look")


def initials(alias: str) -> str:
    """Two letters of an alias: "Falke" -> FA, "Mika B." -> MB."""
    words = [word for word in alias.replace(".", " ").split() if word[:1].isalnum()]
    if not words:
        return "?"
    return (words[0][:2] if len(words) == 1 else words[0][0] + words[-1][0]).upper()


def tone_of(name: str) -> Tone:
    """The same alias always wears the same colour. Never red: that means that somebody may get lost."""
    return _TONES[sum(name.encode()) % len(_TONES)]


def Avatar(alias: str, *, size: int = 40, tone: Tone | None = None) -> ft.Control:
    """Initials of an alias in a disc; decoration, the alias always stands beside it."""
    shown = look()
    pair = shown.palette.pair(tone or tone_of(alias))
    style = shown.style("section", pair.ink)
    style.size = size * 0.38  # belongs to the disc, not to the text size
    letters = ft.Semantics(content=ft.Text(initials(alias), style=style), exclude_semantics=True)
    return _disc(letters, pair.ground, size)


def Disc(icon: ft.IconData, tone: Tone = "plain", *, size: int = 40, name: str | None = None) -> ft.Control:
    """An icon in a disc of a tone."""
    pair = look().palette.pair(tone)
    return _disc(ft.Icon(icon, color=pair.ink, size=size * 0.55, semantics_label=name), pair.ground, size)


def _disc(content: ft.Control, ground: str, size: int) -> ft.Control:
    shown = look()
    return ft.Container(
        content=content,
        width=size,
        height=size,
        alignment=ft.Alignment.CENTER,
        bgcolor=ground,
        border_radius=FULL,
        border=ft.Border.all(shown.palette.border, shown.palette.outline) if shown.theme == "sun" else None,
    )


def Row(
    title: str,
    reason: str = "",
    *,
    leading: ft.Control | None = None,
    trailing: ft.Control | None = None,
    below: Sequence[ft.Control] = (),
    tone: Tone | None = None,
    on_press: Handler | None = None,
    selected: bool = False,
    name: str | None = None,
    **more: Any,
) -> ft.Control:
    """One line of a list: what it is, why it is here, one thing to do.

    `tone` colours the reason ("lost" for somebody who may get lost), `below` are pills or buttons under the words,
    `name` replaces what is read aloud when the words alone do not tell what a tap does.
    """
    shown = look()
    p = shown.palette
    words: list[ft.Control] = [Strong(title, semantics_label=name)]
    if reason:
        words.append(Meta(reason, p.pair(tone).accent if tone else None))
    if below:
        words.append(ft.Row(list(below), wrap=True, spacing=S, run_spacing=S, margin=ft.Margin.only(top=4)))
    button = trailing is not None and not isinstance(trailing, ft.Icon)
    large = shown.roomy and shown.compact
    if large and leading is not None and _breaks(title, reason, trailing is not None and not button):
        top = [leading, trailing] if trailing is not None else [leading]
        words.insert(0, ft.Row(top, alignment=ft.MainAxisAlignment.SPACE_BETWEEN, margin=ft.Margin.only(bottom=4)))
        leading = trailing = None
    line: list[ft.Control] = [leading] if leading is not None else []
    line.append(ft.Column(words, spacing=2, tight=True, expand=True))
    stacked = large and button and trailing is not None
    # A button in a button would be none: it stands beside what the row itself does.
    apart = button and trailing is not None and on_press is not None and not stacked
    if trailing is not None and not stacked and not apart:
        line.append(trailing)
    content: ft.Control = ft.Row(line, spacing=L, vertical_alignment=ft.CrossAxisAlignment.CENTER)
    if stacked and trailing is not None:
        content = ft.Column([content, ft.Row([trailing], alignment=ft.MainAxisAlignment.END)], spacing=S, tight=True)
    box: ft.Control = ft.Container(
        content=content,
        padding=ft.Padding.only(left=S if selected else L, right=S if selected or apart else L, top=M, bottom=M),
        border_radius=SMALL if selected else None,
        ink=on_press is not None,
        on_click=guarded(on_press),
        expand=apart or None,
    )
    if apart and trailing is not None:
        box = ft.Row([box, trailing, ft.Container(width=4)], spacing=4)
    if not selected:
        return ft.Container(box, **more) if more else box
    return ft.Semantics(
        content=ft.Container(
            box, margin=ft.Margin.symmetric(horizontal=S), bgcolor=p.secondary_container, border_radius=SMALL
        ),
        selected=True,
        container=True,
        **more,
    )


def _breaks(title: str, reason: str, icon: bool) -> bool:
    """Whether a word is too long for its line beside a disc; then it has the whole line, and the disc stands above."""
    shown = look()
    room = (frame().page.width or NARROW) - 2 * shown.edge - 2 * L - 40 - L - (24 + L if icon else 0)
    told = ((title, "strong"), (reason, "meta"))
    return any(len(word) * LETTER * shown.size(role) > room for text, role in told for word in text.split())


def Chevron() -> ft.Control | None:
    """Says that a row leads somewhere; with large text on a phone the words need its room."""
    if look().compact and look().roomy:
        return None
    return Icon(ft.Icons.CHEVRON_RIGHT, look().palette.ink_soft, 24)


def Section(
    title: str,
    *content: ft.Control,
    count: int | None = None,
    tone: Tone = "plain",
    action: str = "",
    on_action: Handler | None = None,
    hint: str = "",
    spacing: float = S,
    **more: Any,
) -> ft.Control:
    """A titled part of a screen: heading, count, one text action, and what belongs to it."""
    words: list[ft.Control] = [
        ft.Semantics(content=Words(title, "section"), header=True, heading_level=2),
    ]
    if count is not None:
        words.append(Count(count, tone))
    if hint:
        words.append(Meta(hint))
    named = ft.Row(
        words, spacing=M, run_spacing=0, wrap=True, expand=True, vertical_alignment=ft.CrossAxisAlignment.CENTER
    )
    way: list[ft.Control] = [TextAction(action, on_action)] if action else []
    head: ft.Control = ft.Row([named, *way], spacing=S)
    if way and look().roomy and look().compact:
        end = ft.Row(way, alignment=ft.MainAxisAlignment.END)
        head = ft.Column([ft.Row([named]), end], spacing=0, tight=True)
    return ft.Column(
        [
            ft.Container(
                content=head,
                padding=ft.Padding.only(left=4, top=0 if action else 13, bottom=0 if action else 5),
            ),
            *content,
        ],
        spacing=spacing if not action else 0,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        **more,
    )
