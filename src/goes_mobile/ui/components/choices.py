"""Choosing: chips, segments, cells. All say to assistive technology whether they are chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import flet as ft

from goes_mobile.ui.components.words import Icon, Words
from goes_mobile.ui.frame import Handler
from goes_mobile.ui.guarded import guarded, guarded_event
from goes_mobile.ui.look import look
from goes_mobile.ui.theme import SMALL, S, rounded, side
from goes_mobile.ui.typography import TYPES


def Chip(
    text: str, chosen: bool, on_choose: Callable[[bool], Any], *, icon: ft.IconData | None = None, **more: Any
) -> ft.Control:
    """Something that can be chosen; reads as a checkbox. Only inside `Chips`: elsewhere its label is cut."""
    shown = look()
    p = shown.palette
    ink = p.on_primary if chosen else p.ink
    if shown.roomy:
        return _RoomyChip(text, chosen, on_choose, icon, more)
    return ft.Chip(
        label=Words(text, "label", ink),
        leading=Icon(icon, ink) if icon and not chosen else None,
        selected=chosen,
        show_checkmark=True,
        check_color=p.on_primary,
        bgcolor=p.card,
        selected_color=p.primary,
        color={ft.ControlState.SELECTED: p.primary, ft.ControlState.DEFAULT: p.card},
        border_side=side(p.primary if chosen else p.outline, p.border),
        shape=rounded(SMALL),
        elevation=0,
        elevation_on_click=0,
        shadow_color=ft.Colors.TRANSPARENT,
        # A chip ignores `height`; 20 of text and twice this is what makes it 48.
        padding=ft.Padding.symmetric(horizontal=8, vertical=13),
        label_padding=ft.Padding.symmetric(horizontal=6),
        on_select=guarded_event(on_choose, lambda e: bool(e.control.selected), touch="selection"),
        **more,
    )


def _RoomyChip(
    text: str, chosen: bool, on_choose: Callable[[bool], Any], icon: ft.IconData | None, more: dict[str, Any]
) -> ft.Control:
    """Large words may be wider than the screen, and a chip then cuts them: these go on in a second line."""
    p = look().palette
    ink = p.on_primary if chosen else p.ink
    sign = ft.Icons.CHECK if chosen else icon
    words = Words(text, "label", ink, expand=True)
    words.expand_loose = True
    box = ft.Container(
        content=ft.Row([*([Icon(sign, ink)] if sign else []), words], spacing=S, tight=True),
        padding=14,
        bgcolor=p.primary if chosen else p.card,
        border=ft.Border.all(p.border, p.primary if chosen else p.outline),
        border_radius=SMALL,
        ink=True,
        on_click=guarded(on_choose, not chosen, touch="selection"),
    )
    return ft.Semantics(content=box, checked=chosen, container=True, **more)


def ActionChip(
    text: str, on_press: Handler, *, icon: ft.IconData | None = None, quiet: bool = False, about: str = ""
) -> ft.Control:
    """A way to more choices beside chips: "Person suchen", "Alle 20" (quiet; `about` is read aloud with it)."""
    shown = look()
    p = shown.palette
    words = Words(text, "label", semantics_label=f"{about}: {text}" if about else None)
    # Not a Chip: that reads as a checkbox.
    return ft.TextButton(
        content=ft.Row([*([Icon(icon)] if icon else []), words], spacing=S, tight=True),
        style=ft.ButtonStyle(
            bgcolor=p.surface if quiet else p.card,
            overlay_color=ft.Colors.with_opacity(0.10, p.ink),
            elevation=0,
            padding=ft.Padding.only(left=12 if icon else 14, right=14, top=14, bottom=14),
            shape=rounded(SMALL),
            side=side(p.outline, p.border),
        ),
        on_click=guarded(on_press),
    )


def Chips(*chips: ft.Control, **more: Any) -> ft.Control:
    """Chips beside each other, wrapping."""
    return ft.Row(list(chips), wrap=True, spacing=S, run_spacing=S, **more)


class Choice(NamedTuple):
    """One of few: a value, what is shown, and what is read aloud when the shown word is too short."""

    value: Any
    text: str
    icon: ft.IconData | None = None
    name: str | None = None


def Segment(choices: Sequence[Choice], chosen: Any, on_choose: Callable[[Any], Any], **more: Any) -> ft.Control:
    """Two or three that exclude each other; with large text stacked."""
    shown = look()
    p = shown.palette
    stacked = shown.roomy and (len(choices) > 2 or (shown.scale >= 1.75 and shown.compact and _long(choices)))
    parts: list[ft.Control] = []
    for index, choice in enumerate(choices):
        here = choice.value == chosen
        ink = p.on_primary_container if here else p.ink
        words = Words(choice.text, "label", ink, semantics_label=choice.name, expand=True)
        words.expand_loose = True
        first, last = index == 0, index == len(choices) - 1
        if stacked:
            radius = ft.BorderRadius(*(SMALL if x else 0 for x in (first, first, last, last)))
        else:
            radius = ft.BorderRadius(*(SMALL if x else 0 for x in (first, last, first, last)))
        box = ft.Container(
            content=ft.Row(
                [*([Icon(choice.icon, ink)] if choice.icon else []), words],
                alignment=ft.MainAxisAlignment.CENTER,
                spacing=S,
            ),
            padding=ft.Padding.symmetric(vertical=15, horizontal=S),
            bgcolor=p.primary_container if here else p.card,
            border=ft.Border.all(2 if here else p.border, p.primary if here else p.outline),
            border_radius=radius,
            ink=True,
            on_click=guarded(on_choose, choice.value, touch="selection"),
        )
        parts.append(ft.Semantics(content=box, checked=here, container=True, expand=None if stacked else True))
    if stacked:
        return ft.Column(parts, spacing=-1, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, **more)
    return ft.Row(parts, spacing=0, **more)


def _long(choices: Sequence[Choice]) -> bool:
    return any(len(choice.text) > 9 for choice in choices)


def Cells(
    choices: Sequence[Choice], chosen: Any, on_choose: Callable[[Any], Any], *, per_row: int | None = None, **more: Any
) -> ft.Control:
    """Equal cells in a row: age bands, moods, weather. From 130 % text on three in a row."""
    shown = look()
    p = shown.palette
    count = per_row or (3 if shown.roomy and len(choices) > 3 and any(not c.icon for c in choices) else len(choices))
    cells: list[ft.Control] = []
    for choice in choices:
        here = choice.value == chosen
        ink = p.on_primary if here else p.ink
        if choice.icon:
            face: ft.Control = Icon(choice.icon, ink, 28, name=choice.name or choice.text)
        else:
            face = Words(choice.text, "label", ink, semantics_label=choice.name, no_wrap=True)
        vertical = (52 - (28 if choice.icon else TYPES["label"].line)) / 2
        box = ft.Container(
            content=ft.Row([face], alignment=ft.MainAxisAlignment.CENTER, spacing=0),
            padding=ft.Padding.symmetric(vertical=vertical),
            bgcolor=p.primary if here else p.card,
            border=ft.Border.all(p.border, p.primary if here else p.outline),
            border_radius=SMALL,
            ink=True,
            on_click=guarded(on_choose, choice.value, touch="selection"),
        )
        cells.append(ft.Semantics(content=box, checked=here, container=True, expand=True))
    lines = [cells[start : start + count] for start in range(0, len(cells), count)]
    for line in lines:
        line.extend(ft.Container(expand=True) for _ in range(count - len(line)))
    gap = 6 if count > 5 and shown.compact else S
    return ft.Column([ft.Row(line, spacing=gap) for line in lines], spacing=S, tight=True, **more)


def AgeCells(
    bands: Sequence[tuple[str, str]], chosen: str | None, on_choose: Callable[[str | None], Any], **more: Any
) -> ft.Control:
    """The age bands as (code, label); a second tap takes the choice back. "unter 14" is shown as "<14"."""

    def short(label: str) -> str:
        for word, sign in (("unter ", "<"), ("über ", ">"), ("under ", "<"), ("over ", ">")):
            label = label.replace(word, sign)
        return label

    return Cells(
        [Choice(code, short(label), name=label) for code, label in bands],
        chosen,
        lambda code: on_choose(None if code == chosen else code),
        **more,
    )


def Switch(text: str, on: bool, on_switch: Callable[[bool], Any], *, hint: str = "") -> ft.Control:
    """A setting that is on or off at once; the whole row can be tapped."""
    from goes_mobile.ui.components.words import Body, Meta

    p = look().palette
    words: list[ft.Control] = [Body(text)]
    if hint:
        words.append(Meta(hint))
    knob = ft.Switch(
        value=on,
        on_change=guarded_event(on_switch, lambda e: bool(e.control.value), touch="selection"),
        active_color=p.on_primary,
        active_track_color=p.primary,
        inactive_thumb_color=p.outline,
        inactive_track_color=p.card,
        track_outline_color=p.outline,
    )
    line = ft.Row([ft.Column(words, spacing=0, tight=True, expand=True), knob], spacing=16)
    return ft.MergeSemantics(
        content=ft.Container(
            content=line,
            padding=ft.Padding.symmetric(horizontal=16, vertical=8),
            on_click=guarded(on_switch, not on, touch="selection"),
            ink=True,
        )
    )


def Tick(
    text: str,
    done: bool,
    on_tick: Callable[[bool], Any],
    *,
    detail: str = "",
    trailing: ft.Control | None = None,
    below: Sequence[ft.Control] = (),
) -> ft.Control:
    """A line that can be ticked off: a due task, a step of a goal. `below` are pills under the words."""
    from goes_mobile.ui.components.words import Meta, Strong

    p = look().palette
    words: list[ft.Control] = [Strong(text)]
    if detail:
        words.append(Meta(detail))
    if below:
        words.append(ft.Row(list(below), wrap=True, spacing=S, run_spacing=S, margin=ft.Margin.only(top=4)))
    box = ft.Icon(
        ft.Icons.CHECK_BOX_ROUNDED if done else ft.Icons.CHECK_BOX_OUTLINE_BLANK_ROUNDED,
        color=p.ok if done else p.outline,
        size=look().icon(28),
    )
    # As wide as a disc: titles of all rows begin at the same place.
    mark = ft.Container(box, width=40, alignment=ft.Alignment.CENTER)
    line: list[ft.Control] = [mark, ft.Column(words, spacing=2, tight=True, expand=True)]
    if trailing is not None:
        line.append(trailing)
    return ft.Semantics(
        content=ft.Container(
            content=ft.Row(line, spacing=16),
            padding=ft.Padding.symmetric(horizontal=16, vertical=12),
            ink=True,
            on_click=guarded(on_tick, not done, touch="selection"),
        ),
        checked=done,
        container=True,
    )
