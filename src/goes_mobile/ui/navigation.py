"""The bottom bar of a phone and the rail of a tablet."""

from __future__ import annotations

import flet as ft

from goes_mobile.ui.components.buttons import IconAction
from goes_mobile.ui.components.rows import Avatar
from goes_mobile.ui.components.words import Words
from goes_mobile.ui.frame import Station, frame
from goes_mobile.ui.guarded import component, guarded
from goes_mobile.ui.look import look
from goes_mobile.ui.routes import NAVIGATION, RECORD, Item, active
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import CARD, FULL, L, M


def _face(item: Item, here: bool, badge: int) -> ft.Control:
    """The icon of a destination on its 64 x 32 ground; "Erfassen" is filled."""
    p = look().palette
    act = item is RECORD
    ground = p.primary if act else p.primary_container if here else None
    ink = p.on_primary if act else p.on_primary_container if here else p.ink_soft
    icon = ft.Container(
        content=ft.Icon(item.chosen_icon if here else item.icon, color=ink, size=26 if act else 24),
        width=64,
        height=32,
        bgcolor=ground,
        border_radius=10 if act else FULL,
        alignment=ft.Alignment.CENTER,
    )
    if not badge:
        return icon
    # Flet's own badge cuts "12" to "1".
    style = look().style("badge", p.on_lost)
    style.size, style.height = 12, 1.2
    count = ft.Container(
        content=ft.Text(str(badge) if badge < 100 else "99+", style=style),
        padding=ft.Padding.symmetric(horizontal=6, vertical=2),
        bgcolor=p.lost,
        border_radius=FULL,
        right=0,
        top=0,
    )
    return ft.Stack([icon, count], width=64, height=32)


def _destination(item: Item, here: bool, badge: int, expand: int) -> ft.Control:
    p = look().palette
    text = t(item.key)
    named = t("nav.with_badge", name=text, n=badge) if badge else text
    words = Words(
        text, "nav", p.ink if here else p.ink_soft, no_wrap=True, text_align=ft.TextAlign.CENTER, semantics_label=named
    )
    face = ft.Semantics(content=_face(item, here, badge), exclude_semantics=True)
    return ft.Semantics(
        content=ft.Container(
            content=ft.Column([face, words], spacing=4, tight=True, horizontal_alignment=ft.CrossAxisAlignment.CENTER),
            padding=ft.Padding.symmetric(vertical=M),
            ink=True,
            border_radius=CARD,
            on_click=guarded(lambda: frame().go(item.path), touch="selection"),
        ),
        selected=here,
        container=True,
        expand=expand or None,
    )


@component
def BottomBar(station: Station, location: str) -> ft.Control:
    p = look().palette
    items = NAVIGATION[station.role]
    current = active(items, location)
    return ft.Container(
        # Room goes to the long words: equal parts would cut "Auswertung" when the text grows.
        content=ft.Row(
            [_destination(i, i is current, station.badges.get(i.path, 0), max(len(t(i.key)), 7)) for i in items],
            spacing=0,
        ),
        bgcolor=p.bars,
        border=ft.Border.only(top=ft.BorderSide(p.border, p.outline_soft)),
    )


@component
def Rail(station: Station, location: str) -> ft.Control:
    shown = look()
    p = shown.palette
    items = NAVIGATION[station.role]
    current = active(items, location)
    top: list[ft.Control] = []
    if RECORD in items:
        top.append(
            ft.Container(
                IconAction(
                    ft.Icons.ADD,
                    t(RECORD.key),
                    lambda: frame().go(RECORD.path),
                    colour=p.on_primary,
                    ground=p.primary,
                    size=60,
                ),
                padding=ft.Padding.only(top=12, bottom=M),
            )
        )
    top += [_destination(i, i is current, station.badges.get(i.path, 0), 0) for i in items if i is not RECORD]
    below: list[ft.Control] = []
    if station.on_lock is not None:
        below.append(IconAction(ft.Icons.LOCK_OUTLINED, t("do.lock"), station.on_lock))
    if station.name:
        below.append(Avatar(station.name, size=48, tone="look"))
    return ft.Container(
        content=ft.Column(
            [
                ft.Column(
                    top,
                    spacing=4,
                    expand=True,
                    scroll=ft.ScrollMode.HIDDEN,
                    horizontal_alignment=ft.CrossAxisAlignment.CENTER,
                ),
                ft.Column(below, spacing=M, tight=True, horizontal_alignment=ft.CrossAxisAlignment.CENTER),
            ],
            spacing=0,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        width=112 if shown.roomy else 96,
        padding=ft.Padding.only(top=M, bottom=L),
        bgcolor=p.bars,
    )
