"""What stands before all screens has this around it: whose program it is, one narrow column, something at the foot."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from goes_mobile.ui.components import Meta, Title
from goes_mobile.ui.frame import frame
from goes_mobile.ui.look import look
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import SMALL, XL, L, M, S

WIDTH = 560
BESIDE = 880
LOW = 700
"""Below this height everything scrolls together."""


def Threshold(
    body: Sequence[ft.Control],
    *,
    detail: str = "",
    trailing: ft.Control | None = None,
    thumb: Sequence[ft.Control] = (),
    foot: ft.Control | None = None,
) -> ft.Control:
    """`body` scrolls, `thumb` stays where the thumb is (field, pad, button), `foot` is a quiet last line. On a desk,
    where a pad below the people has no room, it stands beside them."""
    shown = look()
    beside = bool(thumb) and shown.spacious and not shown.roomy
    apart = bool(thumb) and shown.compact and not shown.roomy and (frame().page.height or LOW) >= LOW
    content: list[ft.Control] = [_Sign(detail, trailing), *body]
    below: list[ft.Control] = [*thumb, *([foot] if foot is not None else [])]
    if beside:
        content = [
            ft.Row(
                [ft.Container(_column(side, XL), expand=True) for side in (content, below)],
                spacing=2 * XL,
                vertical_alignment=ft.CrossAxisAlignment.START,
            )
        ]
    elif not apart:
        content += below
    scrolling = ft.Column(
        [
            ft.Container(
                _column(content, XL if not shown.compact else L),
                padding=ft.Padding.only(left=shown.edge, right=shown.edge, top=M, bottom=XL),
            )
        ],
        expand=True,
        scroll=ft.ScrollMode.AUTO,
        alignment=ft.MainAxisAlignment.START if shown.compact else ft.MainAxisAlignment.CENTER,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    parts: list[ft.Control] = [scrolling]
    if apart:
        parts.append(
            ft.Container(_column(below, M), padding=ft.Padding.only(left=shown.edge, right=shown.edge, top=S, bottom=L))
        )
    whole = ft.Column(parts, spacing=0, expand=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    if shown.compact:
        return whole
    return ft.Row(
        [ft.Container(whole, width=BESIDE if beside else WIDTH)],
        alignment=ft.MainAxisAlignment.CENTER,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        expand=True,
    )


def _column(content: Sequence[ft.Control], spacing: float) -> ft.Column:
    return ft.Column(list(content), spacing=spacing, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _Sign(detail: str, trailing: ft.Control | None) -> ft.Control:
    shown = look()
    p = shown.palette
    sign = ft.Container(
        content=ft.Icon(ft.Icons.AIRPORT_SHUTTLE, color=p.on_primary, size=26),
        width=44,
        height=44,
        alignment=ft.Alignment.CENTER,
        bgcolor=p.primary,
        border_radius=SMALL,
    )
    words: list[ft.Control] = [Title(t("app.name"))]
    if detail:
        words.append(Meta(detail))
    named = ft.Column(words, spacing=0, tight=True, expand=True)
    return ft.Row([sign, named, *([trailing] if trailing is not None else [])], spacing=M)
