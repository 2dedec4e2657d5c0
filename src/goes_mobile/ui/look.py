"""How everything is drawn right now: palette, text size, language, width of the window.

`look()` answers inside every component and every handler of a page. It is *not* a parameter that every component
hands down, and not `ft.use_context` either: a hook takes a slot in its component, so a plain function that reads a
hook breaks as soon as it is called under an `if` or in a loop. Instead the `Look`, a frozen value, is kept with the
page's session, and the root component (`shell.Root`) is subscribed to the `Appearance` it is made from: when the
appearance changes, the root redraws and with it everything below. So never wrap a component in `ft.memo` unless
`look()` is one of its arguments.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Literal

import flet as ft

from goes_mobile.ui.colours import PALETTES, Palette
from goes_mobile.ui.typography import FALLBACK, FAMILIES, ROOMY, TYPES, Role, heavier, scaled

Window = Literal["compact", "medium", "expanded", "wide"]
ThemeWish = Literal["system", "light", "dark", "sun"]

_KEY = "goes.look"
_outside: ContextVar[Look | None] = ContextVar("look", default=None)


def window_of(width: float) -> Window:
    """Window class of a width in logical pixels; a third column fits from 1200 on."""
    if width < 600:
        return "compact"
    if width < 840:
        return "medium"
    return "expanded" if width < 1200 else "wide"


@dataclass(frozen=True)
class Look:
    theme: str = "light"
    scale: float = 1.0
    language: str = "de"
    window: Window = "compact"
    left_handed: bool = False
    still: bool = False
    """Nothing moves: the system asks for reduced motion."""
    touch: bool = True
    """Haptic answers may be given."""

    @property
    def palette(self) -> Palette:
        return PALETTES[self.theme]

    @property
    def compact(self) -> bool:
        return self.window == "compact"

    @property
    def spacious(self) -> bool:
        """List and detail fit beside each other."""
        return self.window in ("expanded", "wide")

    @property
    def roomy(self) -> bool:
        """Text is so large that side by side becomes stacked and state words become icons."""
        return self.scale >= ROOMY

    @property
    def edge(self) -> int:
        return 16 if self.compact else 24

    def size(self, role: Role) -> float:
        return scaled(role, self.scale)

    def icon(self, size: float = 20) -> float:
        """Icons grow with the text, but only a little: their meaning is in their shape."""
        return round(size * min(self.scale, 1.3))

    def style(self, role: Role, colour: str | None = None) -> ft.TextStyle:
        """The text style of a role; in the sun one weight heavier."""
        kind = TYPES[role]
        weight = heavier(kind.weight) if self.theme == "sun" else kind.weight
        return ft.TextStyle(
            size=self.size(role),
            height=kind.line / kind.size,
            font_family=FAMILIES[weight],
            font_family_fallback=FALLBACK[weight],
            letter_spacing=0,
            color=colour or self.palette.ink,
        )

    def milliseconds(self, duration: int) -> int:
        """150 for a change of state, 250 for a screen; none with reduced motion."""
        return 0 if self.still else duration


@ft.observable
@dataclass
class Appearance:
    """What people and system wish; the settings screen assigns its fields."""

    theme: ThemeWish = "system"
    scale: float = 1.0
    language: str = "de"
    left_handed: bool = False
    touch: bool = True
    system_dark: bool = False
    system_contrast: bool = False
    still: bool = False
    window: Window = "compact"

    def look(self) -> Look:
        theme: str = self.theme
        if theme == "system":
            theme = "dark" if self.system_dark else "light"
        return Look(theme, self.scale, self.language, self.window, self.left_handed, self.still, self.touch)


def look() -> Look:
    """How to draw right now; outside of a page (plain tests) the default, or what `drawn_as` says."""
    told = _outside.get()
    if told is not None:
        return told
    try:
        store = ft.context.page.session.store
    except RuntimeError:
        return Look()
    return store.get(_KEY) or Look()


def keep_look(page: ft.Page, value: Look) -> None:
    """Keeps the look with the page's session."""
    page.session.store.set(_KEY, value)


@contextmanager
def drawn_as(value: Look | None = None, **changes: object) -> Iterator[Look]:
    """For tests without a page: inside, `look()` answers this."""
    shown = replace(value or Look(), **changes)  # type: ignore[arg-type]
    token = _outside.set(shown)
    try:
        yield shown
    finally:
        _outside.reset(token)
