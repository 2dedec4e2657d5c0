"""No handler and no drawing may crash the session: what goes wrong becomes a sentence with a code.

`guarded(handler)` wraps what runs after a tap; all components of this package do it themselves with the handlers they
are given, so a screen only needs it for bare Flet controls. `@component` is `ft.component` that also survives an
error while drawing: otherwise one exception in one card ends the loop that redraws everything.
"""

from __future__ import annotations

import inspect
import logging
import traceback
import zlib
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

import flet as ft

from goes_mobile.protocol.problems import GoesError
from goes_mobile.ui.frame import Notice, Touch, frame
from goes_mobile.ui.text import has, t

log = logging.getLogger("goes_mobile.ui")

P = ParamSpec("P")
R = TypeVar("R")


def code_of(error: BaseException) -> str:
    """A short code that the same fault always gets: our own code, or one made of where it happened."""
    if isinstance(error, GoesError):
        return error.code
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{type(error).__name__}:{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].name}" if frames else "?"
    return f"G-{zlib.crc32(place.encode()) % 10000:04d}"


def places(error: BaseException) -> str:
    """Where it happened, innermost first. Not the exception's text: it may carry what somebody typed."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno}" for f in reversed(frames[-5:]))


def explain(error: BaseException) -> Notice:
    """What people read about an error. Only codes and harmless facts: exception texts may carry names."""
    code = code_of(error)
    if isinstance(error, GoesError) and has(f"problem.{code}"):
        return Notice(t(f"problem.{code}", **error.facts), tone="look", detail=t("problem.safe"))
    if isinstance(error, GoesError) and has(f"refused.{code}"):
        return Notice(t(f"refused.{code}", **error.facts), tone="look")
    return Notice(t("problem.unexpected"), tone="lost", detail=t("problem.safe_code", code=code))


def report(error: BaseException) -> Notice:
    """Logs the code, shows the sentence."""
    if isinstance(error, GoesError):
        log.warning("handler refused: %s", error.code)
    else:
        log.error("handler failed: %s %s at %s", code_of(error), type(error).__name__, places(error))
    notice = explain(error)
    frame().notices.show(notice)
    return notice


async def _run(handler: Callable[..., Any], *values: Any) -> Any:
    result = handler(*values)
    return await result if inspect.isawaitable(result) else result


def guarded(
    handler: Callable[..., Any] | None, *values: Any, touch: Touch | None = None, by_person: bool = True
) -> Callable[[], Awaitable[None]] | None:
    """A handler for Flet that runs `handler(*values)`, sync or async, and never raises; None stays None.

    `by_person=False`: nobody touched anything, so the time until the screen locks goes on.
    """
    if handler is None:
        return None

    async def safely() -> None:
        try:
            around = frame()
            if by_person and around.on_touch is not None:
                around.on_touch()
            if touch:
                await around.answer(touch)
            await _run(handler, *values)
        except Exception as error:
            report(error)
            await frame().answer("heavy")
        finally:
            frame().revive()

    return safely


def guarded_event(
    handler: Callable[[Any], Any] | None, value: Callable[[Any], Any] = lambda e: e.data, touch: Touch | None = None
) -> Callable[[Any], Awaitable[None]] | None:
    """Like `guarded`, for handlers that are given something out of the event."""
    if handler is None:
        return None

    async def safely(e: Any) -> None:
        run = guarded(handler, value(e), touch=touch)
        assert run is not None
        await run()

    return safely


def component(draw: Callable[P, R]) -> Callable[..., R]:
    """`ft.component` whose body may fail: then a sentence with a code stands in its place, and the rest lives on."""

    @wraps(draw)
    def safely(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return draw(*args, **kwargs)
        except Exception as error:
            from goes_mobile.ui.components.states import Broken  # drawn with this decorator's siblings

            log.error("drawing %s failed: %s at %s", draw.__name__, type(error).__name__, places(error))
            return cast(R, Broken(code=code_of(error)))

    return ft.component(safely)


def use_start(start: Callable[[], Any], *depends_on: Any, stop: Callable[[], Any] | None = None) -> None:
    """Runs `start` (sync or async) after the component appeared, and again when a dependency changed; guarded."""
    ft.use_effect(cast(Any, guarded(start, by_person=False)), dependencies=list(depends_on), cleanup=stop)
