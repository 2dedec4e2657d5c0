"""Buttons: one filled per screen (the thing to do), the rest tonal, outlined or text. Verbs, never OK.

Flat, radius 12, at least 48 high. The height comes from padding, never from `height`: at 200 % text a fixed height
cuts. Text wraps instead of being truncated.
"""

from __future__ import annotations

from typing import Any, Literal

import flet as ft

from goes_mobile.ui.components.words import Icon, Words
from goes_mobile.ui.frame import Handler, Touch
from goes_mobile.ui.guarded import guarded
from goes_mobile.ui.look import look
from goes_mobile.ui.theme import CARD, SMALL, TARGET, S, rounded, side
from goes_mobile.ui.typography import TYPES, Role

ButtonKind = Literal["primary", "tonal", "outlined", "text", "danger"]


def _style(kind: ButtonKind, role: Role, height: int, enabled: bool, on_hero: bool) -> tuple[ft.ButtonStyle, str]:
    shown = look()
    p = shown.palette
    ground, ink, border = {
        "primary": (p.primary, p.on_primary, None),
        "tonal": (p.secondary_container, p.on_secondary_container, None),
        "outlined": (None, p.primary, p.outline),
        "text": (None, p.primary, None),
        "danger": (None, p.lost, p.outline),
    }[kind]
    if on_hero:
        ground, ink, border = p.hero_action, p.on_hero_action, None
    if not enabled:
        ground, ink = (p.container_high if ground else None), p.ink_soft
    if shown.theme == "sun" and kind == "tonal":
        border = p.outline
    # The line of text grows with the scale, the padding around it stays: so 48 at 100 %, more above.
    vertical = (height - TYPES[role].line) / 2
    style = ft.ButtonStyle(
        color=ink,
        bgcolor=ground or ft.Colors.TRANSPARENT,
        overlay_color=ft.Colors.with_opacity(0.10, ink),
        shadow_color=ft.Colors.TRANSPARENT,
        elevation=0,
        padding=ft.Padding.symmetric(vertical=vertical, horizontal=12 if kind == "text" else 20),
        shape=rounded(SMALL),
        side=side(border, p.border) if border else side(ft.Colors.TRANSPARENT, 0),
        visual_density=ft.VisualDensity.STANDARD,
    )
    return style, ink


def _button(
    kind: ButtonKind,
    text: str,
    on_press: Handler | None,
    *,
    icon: ft.IconData | None = None,
    why_not: str | None = None,
    height: int = TARGET,
    touch: Touch | None = None,
    strong: bool = False,
    on_hero: bool = False,
    **more: Any,
) -> ft.Control:
    enabled = why_not is None
    role: Role = "section" if strong else "label"
    style, ink = _style(kind, role, height, enabled, on_hero)
    words = Words(text, role, ink, text_align=ft.TextAlign.CENTER)
    if icon is None:
        content: ft.Control = words
    else:
        words.expand, words.expand_loose = True, True
        content = ft.Row([Icon(icon, ink), words], tight=True, spacing=S, alignment=ft.MainAxisAlignment.CENTER)
    button = ft.TextButton(
        content=content, style=style, on_click=guarded(on_press, touch=touch) if enabled else None, **more
    )
    button.disabled = not enabled
    return button


def Primary(text: str, on_press: Handler | None = None, **more: Any) -> ft.Control:
    """The one filled button of a screen. `why_not`: disabled, and the reason has to stand beside it."""
    return _button("primary", text, on_press, strong=True, **more)


def Tonal(text: str, on_press: Handler | None = None, **more: Any) -> ft.Control:
    """The best answer in a row or card."""
    return _button("tonal", text, on_press, **more)


def Outlined(text: str, on_press: Handler | None = None, **more: Any) -> ft.Control:
    """The other answers."""
    return _button("outlined", text, on_press, **more)


def TextAction(text: str, on_press: Handler | None = None, **more: Any) -> ft.Control:
    """A quiet way on: "Alle", "Ändern", "Später fertig machen"."""
    return _button("text", text, on_press, **more)


def Danger(text: str, on_press: Handler | None = None, **more: Any) -> ft.Control:
    """What takes something away."""
    return _button("danger", text, on_press, **more)


def _named(icon: ft.IconData, name: str, colour: str) -> ft.Icon:
    # The browser does not read tooltips: the icon itself carries the name.
    return ft.Icon(icon, color=colour, size=look().icon(24), semantics_label=name)


def _tip(name: str) -> ft.Tooltip:
    return ft.Tooltip(message=name, exclude_from_semantics=True)


def IconAction(
    icon: ft.IconData,
    name: str,
    on_press: Handler | None = None,
    *,
    colour: str | None = None,
    ground: str | None = None,
    touch: Touch | None = None,
    size: int = TARGET,
    round: bool = False,  # noqa: A002
    **more: Any,
) -> ft.Control:
    """A button that is only an icon; its `name` is shown on hover and read aloud."""
    p = look().palette
    return ft.IconButton(
        icon=_named(icon, name, colour or p.ink_soft),
        tooltip=_tip(name),
        on_click=guarded(on_press, touch=touch),
        width=size,
        height=size,
        style=ft.ButtonStyle(
            padding=0,
            bgcolor=ground or ft.Colors.TRANSPARENT,
            overlay_color=ft.Colors.with_opacity(0.10, colour or p.ink_soft),
            shape=ft.CircleBorder() if round or ground is None else rounded(CARD),
        ),
        **more,
    )


def Menu(
    name: str, items: list[tuple[str, ft.IconData | None, Handler]], icon: ft.IconData | None = None
) -> ft.Control:
    """A ⋮ button with further actions: (text, icon, handler)."""
    shown = look()
    # A menu is 280 wide at most and cuts what is wider: large text gets a width in which it wraps.
    width = 248 if shown.roomy else None
    return ft.PopupMenuButton(
        icon=_named(icon or ft.Icons.MORE_VERT, name, shown.palette.ink_soft),
        tooltip=_tip(name),
        width=TARGET,
        height=TARGET,
        padding=0,
        menu_position=ft.PopupMenuPosition.UNDER,
        items=[
            ft.PopupMenuItem(
                content=ft.Row(
                    [*([Icon(item_icon)] if item_icon else []), Words(text, "body", expand=shown.roomy or None)],
                    spacing=12,
                    tight=not shown.roomy,
                    width=width,
                    margin=ft.Margin.symmetric(vertical=4) if shown.roomy else None,
                ),
                height=TARGET,
                on_click=guarded(handler),
            )
            for text, item_icon, handler in items
        ],
    )
