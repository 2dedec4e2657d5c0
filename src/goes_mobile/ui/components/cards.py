"""Surfaces: Card, Hero, Banner. Borders layer, nothing casts a shadow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import flet as ft

from goes_mobile.ui.colours import Tone
from goes_mobile.ui.components.buttons import IconAction, TextAction
from goes_mobile.ui.components.words import Icon, Meta, Number, Strong, Words
from goes_mobile.ui.frame import Handler
from goes_mobile.ui.guarded import guarded
from goes_mobile.ui.look import look
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import CARD, HERO, XL, L, M, S


def Card(
    *content: ft.Control,
    spacing: float = M,
    padding: float = L,
    on_press: Handler | None = None,
    chosen: bool | None = None,
    tone: Tone | None = None,
    **more: Any,
) -> ft.Control:
    """Things that belong together. With `on_press` it is a button; with `chosen` (True/False) one of a choice."""
    shown = look()
    p = shown.palette
    touchable = on_press is not None
    pair = p.pair(tone) if tone else None
    ground = pair.ground if pair else p.primary_container if chosen else p.card
    border = p.primary if chosen else p.outline if touchable else p.card_border
    box = ft.Container(
        content=ft.Column(
            list(content), spacing=spacing, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
        ),
        padding=padding,
        bgcolor=ground,
        border=None if pair and shown.theme != "sun" else ft.Border.all(2 if chosen else p.border, border),
        border_radius=CARD,
        ink=touchable,
        on_click=guarded(on_press),
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        **({} if chosen is not None else more),
    )
    if chosen is None:
        return box
    return ft.Semantics(content=box, checked=chosen, container=True, **more)


def Group(rows: Sequence[ft.Control], *, inset: float = 72, **more: Any) -> ft.Control:
    """A card of rows, divided by lines that begin where the titles begin; `inset` 16 for rows without a disc."""
    p = look().palette
    lines: list[ft.Control] = []
    for index, row in enumerate(rows):
        if index:
            lines.append(ft.Container(height=p.border, bgcolor=p.outline_soft, margin=ft.Margin.only(left=inset)))
        lines.append(row)
    return Card(*lines, spacing=0, padding=0, **more)


def Hero(
    title: str,
    *,
    overline: str = "",
    detail: str = "",
    numbers: Sequence[tuple[str, str]] = (),
    action: str = "",
    on_action: Handler | None = None,
    lamp: bool = False,
) -> ft.Control:
    """The one thing that is going on, e.g. the running outing: title, up to three numbers, one way on."""
    shown = look()
    p = shown.palette
    head: list[ft.Control] = []
    if overline:
        dot = [ft.Container(width=10, height=10, border_radius=5, bgcolor=p.lamp)] if lamp else []
        head.append(ft.Row([*dot, Words(overline, "label", p.on_hero, expand=True)], spacing=S))
    head.append(ft.Semantics(content=Words(title, "headline", p.on_hero), header=True, heading_level=2))
    if detail:
        head.append(Words(detail, "meta", p.on_hero))
    words = ft.Column(head, spacing=4, tight=True, expand=True)
    way: ft.Control | None = None
    if on_action is not None:
        if shown.compact and not shown.roomy:
            way = IconAction(
                ft.Icons.ARROW_FORWARD,
                action,
                on_action,
                colour=p.on_hero_action,
                ground=p.hero_action,
                size=56,
                round=True,
            )
        else:
            from goes_mobile.ui.components.buttons import Outlined

            way = Outlined(action, on_action, icon=ft.Icons.ARROW_FORWARD, on_hero=True, height=52)
    # Beside a button there is no room for a long name in large letters: it would be broken inside a word.
    below = way if shown.roomy else None
    beside = [way] if way and not shown.roomy else []
    top = ft.Row([words, *beside], spacing=L, vertical_alignment=ft.CrossAxisAlignment.CENTER)
    facts = ft.Row(
        [
            ft.Column([Words(value, "title", p.on_hero), Words(what, "meta", p.on_hero)], spacing=0, tight=True)
            for value, what in numbers
        ],
        spacing=XL,
        run_spacing=S,
        wrap=True,
    )
    return ft.Container(
        content=ft.Column([top, *([facts] if numbers else []), *([below] if below else [])], spacing=L, tight=True),
        padding=ft.Padding.symmetric(horizontal=20, vertical=20),
        bgcolor=p.hero,
        border_radius=HERO,
    )


def Banner(
    title: str,
    detail: str = "",
    *,
    tone: Tone = "info",
    icon: ft.IconData | None = None,
    action: str = "",
    on_action: Handler | None = None,
    on_close: Handler | None = None,
    live: bool = False,
    **more: Any,
) -> ft.Control:
    """A coloured field with a sentence: how to reach somebody safely, what is next, what went wrong."""
    shown = look()
    p = shown.palette
    pair = p.pair(tone)
    default = {
        "ok": ft.Icons.CHECK_CIRCLE_OUTLINED,
        "look": ft.Icons.INFO_OUTLINED,
        "lost": ft.Icons.ERROR_OUTLINE,
    }.get(tone, ft.Icons.INFO_OUTLINED)
    words: list[ft.Control] = [Strong(title, pair.ink)]
    if detail:
        words.append(Meta(detail, pair.ink))
    if action:
        words.append(ft.Row([TextAction(action, on_action)], wrap=True, margin=ft.Margin.only(left=-12)))
    row: list[ft.Control] = [Icon(icon or default, pair.ink, 24), ft.Column(words, spacing=2, tight=True, expand=True)]
    if on_close is not None:
        row.append(IconAction(ft.Icons.CLOSE, t("do.close_notice"), on_close, colour=pair.ink))
    box = ft.Container(
        content=ft.Row(row, spacing=L, vertical_alignment=ft.CrossAxisAlignment.CENTER),
        padding=ft.Padding.only(
            left=L, right=S if on_close else L, top=M if detail else 14, bottom=M if detail else 14
        ),
        bgcolor=pair.ground,
        border_radius=CARD,
        border=ft.Border.all(p.border, p.outline) if shown.theme == "sun" else None,
    )
    return ft.Semantics(content=box, container=True, live_region=live or None, **more)


def Figure(
    value: str, what: str, note: str = "", *, tone: Tone = "plain", icon: ft.IconData | None = None
) -> ft.Control:
    """One number of a report with what it counts and one remark."""
    p = look().palette
    accent = p.pair(tone).accent
    lines: list[ft.Control] = [Words(what, "label", p.ink_soft), Number(value)]
    if note:
        lines.append(ft.Row([*([Icon(icon, accent, 16)] if icon else []), Meta(note, accent, expand=True)], spacing=6))
    return Card(*lines, spacing=4)
