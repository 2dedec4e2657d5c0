"""What surrounds every screen of one page: appearance, notices, delivery, who works here.

One `Frame` per page (per browser tab in web mode), found with `frame()` in every component and handler. Each of its
parts is an observable of its own, so that the sync chip redraws alone when delivery changes.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, cast

import flet as ft

from goes_mobile.ui.colours import Tone
from goes_mobile.ui.look import Appearance, keep_look, look, window_of

_KEY = "goes.frame"

Handler = Callable[[], Any] | Callable[[], Awaitable[Any]]
Net = Literal["delivered", "sending", "waiting", "offline", "broken"]
Touch = Literal["selection", "light", "medium", "heavy"]
TeamRole = Literal["team", "supervisor"]


@ft.observable
@dataclass
class Delivery:
    """What the sync chip tells: how many records wait, since when there is no network, whether sending is broken."""

    net: Net = "delivered"
    waiting: int = 0
    since: datetime | None = None


@dataclass(frozen=True)
class Notice:
    """Something people must read: a word, what is safe, a code, at most one action. Never a dialog, never a toast."""

    text: str
    tone: Tone = "info"
    detail: str = ""
    action: str = ""
    on_action: Handler | None = None


@ft.observable
@dataclass
class Notices:
    """The one notice above the screen's body; a new one takes the place of the old one."""

    shown: Notice | None = None

    def show(self, notice: Notice) -> None:
        self.shown = notice

    def clear(self) -> None:
        self.shown = None


@ft.observable
@dataclass
class Station:
    """Who works at this device, and what the navigation shows about it."""

    role: TeamRole = "team"
    name: str = ""
    badges: dict[str, int] = field(default_factory=dict)
    """Counts on navigation items by the item's path, e.g. {"/review": 12}."""
    on_lock: Handler | None = None
    gate: Callable[[], ft.Control] | None = None
    """What stands before all screens: first start, profile picker, unlock. None: they are open."""
    turned: Callable[[], ft.Control] | None = None
    """What is turned to a young person: it stands before all screens too, until the PIN was given."""


class Once:
    """Keeps the second tap of a double tap from doing the same to what has come into its place meanwhile."""

    APART_S = 1.0
    """Nobody reads a record in less."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last = float("-inf")

    def again(self) -> bool:
        """Whether this tap comes too soon after the last one that counted."""
        return self._clock() - self._last < self.APART_S

    def begin(self) -> None:
        """Something is being done; until a while after `done` nothing else is."""
        self._last = float("inf")

    def done(self) -> None:
        self._last = self._clock()

    def free(self) -> None:
        """Nothing was done, or somebody went elsewhere themselves: the next tap counts."""
        self._last = float("-inf")


class Frame:
    """One page's surroundings. `app` is whatever the composition root hands to the screens."""

    def __init__(self, page: ft.Page, app: Any = None, appearance: Appearance | None = None) -> None:
        self.page = page
        self.app = app
        self.appearance = appearance or Appearance()
        self.delivery = Delivery()
        self.notices = Notices()
        self.station = Station()
        self.below = "/"
        """The screen that was shown last; a form lies above it."""
        self.on_touch: Callable[[], Any] | None = None
        """Told of every tap and key stroke: somebody is there, the screen need not lock."""
        self.once = Once()
        # An unreferenced service is dropped.
        self._haptics: ft.HapticFeedback | None = None
        self._semantics: ft.SemanticsService | None = None
        page.session.store.set(_KEY, self)

    def settle(self) -> None:
        """Reads what the page knows about its window and system; called at the start and on every change."""
        page, wish = self.page, self.appearance
        wish.system_dark = page.platform_brightness == ft.Brightness.DARK
        if page.width:
            wish.window = window_of(page.width)
        keep_look(page, wish.look())

    async def read_system(self) -> None:
        """What the system asks for on people's behalf: more contrast, less motion. Where it cannot be read, nothing."""
        with suppress(Exception):
            self._semantics = self._semantics or ft.SemanticsService()
            asked = await self._semantics.get_accessibility_features()
            self.appearance.system_contrast = asked.high_contrast
            self.appearance.still = self.appearance.still or asked.reduce_motion or asked.disable_animations

    def revive(self) -> None:
        """Flet redraws in a loop that ends for good when one control turns out wrong; then it is started anew."""
        with suppress(RuntimeError):  # the page is gone
            self.page.session.start_updates_scheduler()

    def go(self, path: str) -> None:
        """To another screen by its path; notices belong to the screen they arose on."""
        self.notices.clear()
        self.once.free()
        self.page.navigate(path)

    def leave(self) -> None:
        """Out of a form, to the screen it was opened from."""
        self.go(self.below)

    async def answer(self, touch: Touch) -> None:
        """A haptic answer where the device has one and the person did not switch it off."""
        if (
            not look().touch
            or self.page.web
            or self.page.platform
            not in (
                ft.PagePlatform.ANDROID,
                ft.PagePlatform.IOS,
            )
        ):
            return
        self._haptics = self._haptics or ft.HapticFeedback()
        call = {
            "selection": self._haptics.selection_click,
            "light": self._haptics.light_impact,
            "medium": self._haptics.medium_impact,
            "heavy": self._haptics.heavy_impact,
        }[touch]
        with suppress(Exception):  # a device without a motor is no reason to bother anybody
            await cast(Callable[[], Awaitable[None]], call)()


def frame() -> Frame:
    """The surroundings of the page that is being drawn or whose handler runs."""
    found = ft.context.page.session.store.get(_KEY)
    if not isinstance(found, Frame):
        raise RuntimeError("this page has no frame; start it with goes_mobile.ui.shell.show")
    return found


def app() -> Any:
    """The app behind the screens (`await app().ask(...)`, `await app().do(...)`)."""
    return frame().app


def go(path: str) -> None:
    """To another screen: `go("/people/…")`."""
    frame().go(path)
