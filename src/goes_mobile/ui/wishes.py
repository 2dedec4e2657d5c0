"""What people wish about the look, from the profile's settings to the page and back."""

from __future__ import annotations

from typing import Any

from goes_mobile.state.settings import Settings, Wishes, worn
from goes_mobile.ui.frame import Frame, frame


def dress(around: Frame, wished: Wishes) -> None:
    """The page as it was wished; everything redraws."""
    look = around.appearance
    look.theme, look.scale, look.language = wished.theme, wished.scale, wished.language
    look.left_handed, look.touch = wished.left_handed, wished.touch


def seen(around: Frame) -> Wishes:
    """How the page looks now."""
    look = around.appearance
    return Wishes(look.theme, look.scale, look.language, look.left_handed, look.touch)


async def restore(around: Frame, usual: Wishes) -> None:
    """When a profile was chosen: its lock screen already looks as its person wants it, or as the window came."""
    dress(around, await worn(around.app, usual))


async def wish(view: Settings, **changed: Any) -> None:
    """A wish counts at once and stays."""
    around = frame()
    dress(around, await view.wish(**changed))
