"""A screen and the observable state behind it: made when the screen appears, reloaded when its records change."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar, cast

import flet as ft

from goes_mobile.ui.frame import app
from goes_mobile.ui.guarded import guarded, use_start


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
    running = app()

    def follow() -> None:
        # From whichever thread it is announced: observables may only change on the page's own loop.
        reload = cast(Callable[[], Awaitable[None]], guarded(view.reload, by_person=False))
        ended.current = running.subscribe(kinds, lambda *_: page.run_task(reload))

    def leave() -> None:
        # Flet forgets a cleanup that `follow` would return as soon as the component draws again.
        if ended.current is not None:
            ended.current()
            ended.current = None

    ft.use_effect(follow, dependencies=[], cleanup=leave)
    use_start(view.reload)
    return view
