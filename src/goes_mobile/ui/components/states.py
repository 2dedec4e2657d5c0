"""Empty, loading, broken, not here yet: designed, never accidental."""

from __future__ import annotations

import asyncio
from typing import Any

import flet as ft

from goes_mobile.ui.colours import Tone
from goes_mobile.ui.components.buttons import Tonal
from goes_mobile.ui.components.cards import Card
from goes_mobile.ui.components.rows import Disc
from goes_mobile.ui.components.words import Meta, Words
from goes_mobile.ui.frame import Handler
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import FULL, XL, L, M, S

PATIENCE = 0.3
"""Seconds before a skeleton shows: what is local is nearly always there sooner."""


def Message(
    title: str,
    detail: str = "",
    *,
    icon: ft.IconData,
    tone: Tone,
    action: str = "",
    on_action: Handler | None = None,
    action_icon: ft.IconData | None = None,
    live: bool = False,
    card: bool = True,
    **more: Any,
) -> ft.Control:
    """A disc, a sentence, what follows from it, at most one button."""
    lines: list[ft.Control] = [
        ft.Row([Disc(icon, tone, size=56)], alignment=ft.MainAxisAlignment.CENTER),
        ft.Semantics(content=Words(title, "subtitle", text_align=ft.TextAlign.CENTER), header=True, heading_level=2),
    ]
    if detail:
        lines.append(Meta(detail, text_align=ft.TextAlign.CENTER))
    if action:
        lines.append(
            ft.Row(
                [Tonal(action, on_action, icon=action_icon)],
                wrap=True,  # keeps a long button inside, its words in two lines
                alignment=ft.MainAxisAlignment.CENTER,
                margin=ft.Margin.only(top=S),
            )
        )
    column = ft.Column(lines, spacing=S, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    room = L if look().compact and look().roomy else XL
    body = Card(column, padding=room) if card else ft.Container(column, padding=room)
    return ft.Semantics(content=body, container=True, live_region=live or None, **more)


def Nothing(
    title: str,
    detail: str = "",
    *,
    icon: ft.IconData | None = None,
    action: str = "",
    on_action: Handler | None = None,
    **more: Any,
) -> ft.Control:
    """Nothing to show: kind, with a next step."""
    return Message(
        title,
        detail,
        icon=icon or ft.Icons.SENTIMENT_SATISFIED_OUTLINED,
        tone="ok",
        action=action,
        on_action=on_action,
        **more,
    )


def NotHere(
    title: str = "", detail: str = "", *, action: str = "", on_action: Handler | None = None, **more: Any
) -> ft.Control:
    """Not on this device yet, comes with the network."""
    return Message(
        title or t("offline.not_here"),
        detail or t("offline.comes_later"),
        icon=ft.Icons.CLOUD_OFF_OUTLINED,
        tone="look",
        action=action,
        on_action=on_action,
        action_icon=ft.Icons.BOOKMARK_ADD_OUTLINED,
        **more,
    )


def Broken(title: str = "", *, code: str, on_retry: Handler | None = None, **more: Any) -> ft.Control:
    """Something did not work: what is safe, the code, one button."""
    return Message(
        title or t("problem.unexpected"),
        t("problem.safe_code", code=code),
        icon=ft.Icons.ERROR_OUTLINE,
        tone="lost",
        action=t("do.retry") if on_retry else "",
        on_action=on_retry,
        action_icon=ft.Icons.REFRESH,
        live=True,
        **more,
    )


@component
def Loading(what: str = "", *, rows: int = 3) -> ft.Control:
    """Grey bars where rows will be, but only if it takes longer than 300 ms. Nothing turns or glimmers."""
    late, set_late = ft.use_state(False)

    async def wait() -> None:
        await asyncio.sleep(PATIENCE)
        set_late(True)

    ft.use_effect(wait, dependencies=[])
    if not late:
        return ft.Container(height=1)
    return Skeleton(what, rows=rows)


def Skeleton(what: str = "", *, rows: int = 3) -> ft.Control:
    """What `Loading` shows after 300 ms."""
    p = look().palette

    def bar(width: int) -> ft.Control:
        return ft.Container(width=width, height=14, border_radius=FULL, bgcolor=p.container_high)

    lines: list[ft.Control] = [
        ft.Row(
            [
                ft.Container(width=40, height=40, border_radius=FULL, bgcolor=p.container_high),
                ft.Column([bar(150), bar(100)], spacing=10, tight=True),
            ],
            spacing=L,
        )
        for _ in range(rows)
    ]
    words = Meta(what or t("loading"), text_align=ft.TextAlign.CENTER)
    return ft.Semantics(content=Card(*lines, words, spacing=20, padding=XL), container=True, live_region=True)


def Note(text: str, *, icon: ft.IconData | None = None, tone: Tone = "plain") -> ft.Control:
    """A quiet remark under something: an icon and a sentence."""
    from goes_mobile.ui.components.words import Icon

    accent = look().palette.pair(tone).accent
    return ft.Row([Icon(icon or ft.Icons.INFO_OUTLINED, accent, 18), Meta(text, accent, expand=True)], spacing=M)
