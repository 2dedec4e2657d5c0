"""Counting people: a cell per age band and gender, one number at the thumb, a PIN pad."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import flet as ft

from goes_mobile.ui.components.buttons import IconAction, Outlined
from goes_mobile.ui.components.words import Label, Meta, Number, Words
from goes_mobile.ui.frame import Handler
from goes_mobile.ui.guarded import guarded
from goes_mobile.ui.look import look
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import CARD, SMALL, TALLY, L, M, S
from goes_mobile.ui.typography import TYPES, Role


def Tally(
    bands: Sequence[tuple[str, str]],
    genders: Sequence[tuple[str, str]],
    counts: Mapping[tuple[str, str], int],
    on_count: Callable[[str, str, int], Any],
    *,
    on_undo: Handler | None = None,
    note: str = "",
) -> ft.Control:
    """Who was there: tap counts one more, hold takes one away, "Letztes zurück" for those who cannot hold.

    `bands` and `genders` are (code, label); `counts` by (band, gender); `on_count(band, gender, +1 or -1)`.
    """
    shown = look()
    total = sum(counts.values())
    head: list[ft.Control] = [
        Number(str(total), shown.palette.primary, semantics_label=t("tally.total", n=total)),
        ft.Column(
            [Label(t("tally.counted", n=total)), *([Meta(note)] if note else [])], spacing=0, tight=True, expand=True
        ),
    ]
    undo = Outlined(t("tally.undo"), on_undo, icon=ft.Icons.UNDO) if on_undo else None
    if undo and not (shown.compact or shown.roomy):
        head.append(undo)
    first = 84 * min(shown.scale, 1.5) if shown.compact else 104 * min(shown.scale, 1.5)

    def cell(band: tuple[str, str], gender: tuple[str, str]) -> ft.Control:
        return TallyCell(
            counts.get((band[0], gender[0]), 0),
            f"{band[1]}, {gender[1]}",
            lambda step: on_count(band[0], gender[0], step),
        )

    def line(*cells: ft.Control) -> ft.Control:
        below = ft.CrossAxisAlignment.END if shown.roomy else ft.CrossAxisAlignment.CENTER
        return ft.Row(list(cells), spacing=S, vertical_alignment=below)

    grid: list[ft.Control] = []
    if shown.roomy and shown.compact:
        # Four columns of large words do not fit: one block per age band.
        for band in bands:
            grid.append(Label(band[1]))
            for start in range(0, len(genders), 2):
                grid.append(
                    line(
                        *(
                            ft.Column(
                                [Meta(g[1]), cell(band, g)],
                                spacing=4,
                                tight=True,
                                expand=True,
                                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                            )
                            for g in genders[start : start + 2]
                        )
                    )
                )
    else:
        names = [
            ft.Semantics(
                content=Meta(_short(g[1], shown.compact), text_align=ft.TextAlign.CENTER, expand=True),
                exclude_semantics=True,
                expand=True,
            )
            for g in genders
        ]
        grid.append(line(ft.Container(width=first), *names))
        for band in bands:
            grid.append(line(Label(band[1], width=first), *(cell(band, g) for g in genders)))
    return ft.Column(
        [
            ft.Row(head, spacing=L),
            *([ft.Row([undo])] if undo and (shown.compact or shown.roomy) else []),
            *grid,
        ],
        spacing=S,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _short(label: str, compact: bool) -> str:
    return (
        {"keine Angabe": "k. A.", "no answer": "n/a", "weiblich": "weibl.", "männlich": "männl."}.get(label, label)
        if compact
        else {"keine Angabe": "k. A.", "no answer": "n/a"}.get(label, label)
    )


def _line(role: Role) -> float:
    """How high a line of that role is at the person's own text size."""
    return look().size(role) * TYPES[role].line / TYPES[role].size


def TallyCell(n: int, name: str, on_step: Callable[[int], Any]) -> ft.Control:
    """One cell, at least 56 high: "+" while empty, the number afterwards."""
    shown = look()
    p = shown.palette
    text = Words(
        str(n) if n else "+",
        "title" if n else "body",
        p.on_primary_container if n else p.ink_soft,
        semantics_label=f"{name}: {n}",
    )
    border = 2 if n else p.border
    line, other = (_line("title"), _line("body")) if n else (_line("body"), _line("title"))
    box = ft.Container(
        content=ft.Row([text], alignment=ft.MainAxisAlignment.CENTER, spacing=0),
        # Empty or counted, all cells of a line are equally high.
        padding=ft.Padding.symmetric(vertical=(max(TALLY, line + L, other + L) - line) / 2 - border),
        bgcolor=p.primary_container if n else p.card,
        border=ft.Border.all(border, p.primary if n else p.outline),
        border_radius=SMALL,
        ink=True,
        on_click=guarded(on_step, 1, touch="light"),
        on_long_press=guarded(on_step, -1, touch="light") if n else None,
    )
    return ft.Semantics(
        content=box,
        container=True,
        expand=True,
        on_tap_hint_text=t("tally.hint_tap"),
        on_long_press_hint_text=t("tally.hint_hold"),
    )


def CountBar(n: int, what: str, on_step: Callable[[int], Any], *, on_grid: Handler | None = None) -> ft.Control:
    """One number at the thumb, for counting while people come and go."""
    shown = look()
    p = shown.palette

    def button(sign: str, name: str, step: int, filled: bool) -> ft.Control:
        return ft.Container(
            content=ft.Row(
                [
                    ft.Icon(
                        ft.Icons.ADD if filled else ft.Icons.REMOVE,
                        size=32 if filled else 28,
                        color=p.on_primary if filled else p.ink,
                        semantics_label=name,
                    )
                ],
                alignment=ft.MainAxisAlignment.CENTER,
            ),
            width=112 if filled else 64,
            height=64,
            bgcolor=p.primary if filled else p.card,
            border=None if filled else ft.Border.all(p.border, p.outline),
            border_radius=CARD,
            ink=True,
            on_click=guarded(on_step, step, touch="light"),
        )

    number = ft.Semantics(
        content=ft.Column(
            [Number(str(n), p.primary), Meta(what)],
            spacing=0,
            tight=True,
        ),
        container=True,
        live_region=True,
        expand=True,
    )
    parts: list[ft.Control] = [number]
    if on_grid is not None:
        parts.append(IconAction(ft.Icons.GRID_ON, t("tally.by_age"), on_grid, colour=p.primary))
    parts += [button("-", t("tally.one_less"), -1, False), button("+", t("tally.one_more"), 1, True)]
    return ft.Container(
        content=ft.Row(list(reversed(parts)) if shown.left_handed else parts, spacing=S),
        padding=ft.Padding.symmetric(horizontal=shown.edge, vertical=M),
        bgcolor=p.bars,
        border=ft.Border.only(top=ft.BorderSide(p.border, p.outline_soft)),
    )


def PinPad(
    filled: int,
    on_digit: Callable[[str], Any],
    on_back: Handler,
    *,
    title: str,
    length: int = 6,
    error: str = "",
    paused: bool = False,
) -> ft.Control:
    """Digits of 96 x 60 in the thumb zone. The PIN itself never comes here, only how many digits are in."""
    shown = look()
    p = shown.palette
    dots = ft.Row(
        [
            ft.Container(
                width=16,
                height=16,
                border_radius=8,
                bgcolor=p.primary if index < filled else None,
                border=ft.Border.all(2, p.primary if index < filled else p.outline),
            )
            for index in range(max(length, filled))
        ],
        alignment=ft.MainAxisAlignment.CENTER,
        spacing=14,
    )

    def key(content: ft.Control, on_press: Handler | None, framed: bool = True) -> ft.Control:
        return ft.Container(
            content=ft.Row([content], alignment=ft.MainAxisAlignment.CENTER),
            width=96,
            height=60,
            bgcolor=p.card if framed else None,
            border=ft.Border.all(p.border, p.outline) if framed else None,
            border_radius=CARD,
            ink=not paused,
            on_click=None if paused else guarded(on_press, touch="selection"),
        )

    def digit(sign: str) -> ft.Control:
        # The key has its own size: its digit does not grow with the text.
        style = shown.style("headline", p.ink_soft if paused else p.ink)
        style.size = 26
        return key(ft.Text(sign, style=style), lambda: on_digit(sign))

    back = key(
        ft.Icon(ft.Icons.BACKSPACE_OUTLINED, size=26, color=p.ink_soft, semantics_label=t("pin.back")), on_back, False
    )
    lines = [["1", "2", "3"], ["4", "5", "6"], ["7", "8", "9"]]
    pad: list[ft.Control] = [
        ft.Row([digit(d) for d in line], spacing=M, alignment=ft.MainAxisAlignment.CENTER) for line in lines
    ]
    pad.append(ft.Row([ft.Container(width=96), digit("0"), back], spacing=M, alignment=ft.MainAxisAlignment.CENTER))
    # An error takes the title's place: beside it the pad would grow over the people above.
    said = (
        ft.Semantics(
            content=Words(error, "meta", p.lost, text_align=ft.TextAlign.CENTER), live_region=True, container=True
        )
        if error
        else ft.Semantics(content=Words(title, "section", text_align=ft.TextAlign.CENTER), header=True, heading_level=2)
    )
    entered = ft.Semantics(content=dots, label=t("pin.entered", n=filled), container=True, live_region=True)
    return ft.Column(
        [said, entered, ft.Container(height=4), *pad],
        spacing=S,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )
