"""A screen and the observable state behind it: made when the screen appears, reloaded when its records change."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Protocol, TypeVar, cast

import flet as ft

from goes_mobile.protocol.problems import Locked
from goes_mobile.ui.frame import app, frame
from goes_mobile.ui.guarded import report, use_start
from goes_mobile.ui.text import t


class View(Protocol):
    """View state of a screen: `@ft.observable @dataclass`, fields to draw, and how to fill them."""

    def reload(self) -> Awaitable[None]: ...


V = TypeVar("V", bound=View)


def use_view(make: Callable[[Any], V], *kinds: str) -> V:
    """`make(app())` once, `reload()` when the screen appears and whenever records of these kinds have changed.

    The screen is subscribed to the state: assigning one of its fields redraws the screen. `app().subscribe(kinds,
    callback)` has to answer with a function that ends the subscription.
    """
    view: V = ft.use_state(cast(Any, lambda: make(app())))[0]
    page = ft.context.page
    ended: Any = ft.use_ref(None)
    queued: Any = ft.use_ref(False)
    running = app()

    async def load() -> None:
        queued.current = False
        try:
            await view.reload()
        except Locked:
            pass  # locked while it was on its way: there is nothing to show any more
        except Exception as error:
            frame().notices.show(replace(report(error), action=t("do.retry"), on_action=again))

    async def again() -> None:
        frame().notices.clear()
        await load()

    def announced(*_: Any) -> None:
        # Several announcements before the first is heeded are one. From whichever thread they come: observables may
        # only change on the page's own loop. A window that has lost its browser for a while loads when it is back.
        if not queued.current and page.session.connection is not None:
            queued.current = True
            page.run_task(load)

    def follow() -> None:
        ended.current = running.subscribe(kinds, announced)

    def leave() -> None:
        # Flet forgets a cleanup that `follow` would return as soon as the component draws again.
        if ended.current is not None:
            ended.current()
            ended.current = None

    ft.use_effect(follow, dependencies=[], cleanup=leave)
    use_start(load)
    return view
