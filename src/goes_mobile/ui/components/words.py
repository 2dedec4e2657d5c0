"""Text in its roles. Each function draws one `ft.Text`; the role decides size, line height and weight."""

from __future__ import annotations

from typing import Any

import flet as ft

from goes_mobile.ui.look import look
from goes_mobile.ui.typography import Role


def Words(value: str, role: Role, colour: str | None = None, **more: Any) -> ft.Text:
    """Text in a role. `more` goes to `ft.Text` (`expand`, `text_align`, `max_lines`, `semantics_label`, …)."""
    return ft.Text(value, style=look().style(role, colour), **more)


def _heading(value: str, role: Role, level: int, colour: str | None, **more: Any) -> ft.Control:
    expand = more.pop("expand", None)
    words = Words(value, role, colour, **more)
    return ft.Semantics(content=words, header=True, heading_level=level, expand=expand)


def Headline(value: str, colour: str | None = None, **more: Any) -> ft.Control:
    """The screen's title; heading 1."""
    return _heading(value, "headline", 1, colour, **more)


def Title(value: str, colour: str | None = None, **more: Any) -> ft.Control:
    """Title of a card that stands for itself; heading 2."""
    return _heading(value, "title", 2, colour, **more)


def Subtitle(value: str, colour: str | None = None, **more: Any) -> ft.Control:
    return _heading(value, "subtitle", 3, colour, **more)


def Number(value: str, colour: str | None = None, **more: Any) -> ft.Text:
    return Words(value, "number", colour, **more)


def Narrative(value: str, colour: str | None = None, **more: Any) -> ft.Text:
    """Notes and quotes: what is read in one go."""
    return Words(value, "narrative", colour, **more)


def Body(value: str, colour: str | None = None, **more: Any) -> ft.Text:
    return Words(value, "body", colour, **more)


def Strong(value: str, colour: str | None = None, **more: Any) -> ft.Text:
    return Words(value, "strong", colour, **more)


def Label(value: str, colour: str | None = None, **more: Any) -> ft.Text:
    return Words(value, "label", colour, **more)


def Meta(value: str, colour: str | None = None, **more: Any) -> ft.Text:
    """The quiet second line."""
    return Words(value, "meta", colour or look().palette.ink_soft, **more)


def Badge(value: str, colour: str | None = None, **more: Any) -> ft.Text:
    return Words(value, "badge", colour, **more)


def Icon(icon: ft.IconData, colour: str | None = None, size: float = 20, name: str | None = None) -> ft.Control:
    """An icon; without a `name` it is decoration for what stands beside it."""
    drawn = ft.Icon(icon, color=colour or look().palette.ink_soft, size=look().icon(size))
    if name is not None:
        drawn.semantics_label = name
    return drawn
