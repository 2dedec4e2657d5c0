"""When to synchronise: on start, resume, connectivity, when asked, after a save, on a timer; and listening between.

    scheduler = Scheduler(round)
    task = asyncio.create_task(scheduler.run())
    scheduler.nudge("saved")        # from anywhere on the loop
    scheduler.foreground(False)     # the app was paused: no listening
    await scheduler.stop()

In the foreground the time between rounds is spent listening: a pull that waits at the server, 25 s at most, so that a
colleague's note appears within a moment. A save meanwhile is pushed beside it. An idle profile costs no processor time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Literal, Protocol, TypeVar

from goes_mobile.protocol import wire
from goes_mobile.protocol.problems import GoesError
from goes_mobile.sync.engine import Outcome
from goes_mobile.sync.steps import Wish

Reason = Literal["resume", "connectivity", "asked", "saved", "unlocked"]

REGULAR_S = 15 * 60.0
DEBOUNCE_S = 0.25  # the taps of one moment go out together
DEAF_S = 60.0
LATER_MS = 60_000
QUICK_S = 2.0  # an empty answer sooner than this did not wait: a proxy in between, or a locked profile

EVERYTHING = Wish()
SEND = Wish(pull=False)
LISTEN = Wish(push=False, wait_s=wire.MAX_WAIT_S)

T = TypeVar("T")


class Rounds(Protocol):
    """What is scheduled: :class:`goes_mobile.sync.round.Round`."""

    async def run(self, wish: Wish = ...) -> Outcome: ...


class Scheduler:
    """One profile's rhythm. ``sleep`` and ``time`` (seconds) are the loop's own unless told."""

    def __init__(self, rounds: Rounds, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
                 time: Callable[[], float] | None = None, foreground: bool = True) -> None:  # fmt: skip
        self._rounds = rounds
        self._sleep = sleep
        self._time = time or (lambda: asyncio.get_running_loop().time())
        self._foreground = foreground
        self._woken = asyncio.Event()
        self._reasons: set[Reason] = set()
        self._stopped = False
        self._running: asyncio.Task[None] | None = None
        self._deaf = False

    def nudge(self, reason: Reason) -> None:
        """Something has happened that is worth a round (or, after a save, a push)."""
        self._reasons.add(reason)
        self._woken.set()

    def foreground(self, shown: bool) -> None:
        """The app is shown, or paused. Coming back is a reason for a round."""
        back = shown and not self._foreground
        self._foreground = shown
        if back:
            self.nudge("resume")
        else:
            self._woken.set()

    async def stop(self) -> None:
        """Ends :meth:`run`, what it has under way included; what was not finished is done next time."""
        self._stopped = True
        self._woken.set()
        if self._running is not None:
            await asyncio.wait({self._running})

    async def run(self) -> None:
        """Until stopped. Starts with a round."""
        self._running = asyncio.current_task()
        outcome: Outcome | None = None
        while not self._stopped:
            if outcome is None:
                self._reasons.clear()
                self._woken.clear()
                outcome = await self._unless_stopped(self._rounds.run(EVERYTHING))
            else:
                outcome = await self._rest(outcome)

    async def _rest(self, last: Outcome) -> Outcome | None:
        """Between two rounds; returns a new last outcome, or ``None`` when it is time for a round."""
        well = last.reached and not last.trouble
        pause = REGULAR_S if last.pause_ms is None else last.pause_ms / 1000
        timer = _begin(self._sleep(DEAF_S if well and self._deaf and self._foreground else pause))
        listening: asyncio.Task[Outcome] | None = None
        begun = 0.0
        try:
            while not self._stopped:
                if well and self._foreground and not self._deaf and listening is None:
                    begun = self._time()
                    listening = _begin(self._rounds.run(LISTEN))
                await self._first_of(timer, listening)
                if timer.done():
                    self._deaf = False
                    return None
                if listening is not None and listening.done():
                    heard = _came_to(listening)
                    listening = None
                    if heard.trouble:
                        return heard
                    self._deaf = heard.pulled == 0 and self._time() - begun < QUICK_S
                    if self._deaf:
                        return heard
                if listening is not None and not self._foreground:
                    await _end(listening)
                    listening = None
                wanted = self._take_reasons()
                if wanted - {"saved"}:
                    self._deaf = False  # unlocked, or in another network: now the server may be heard
                    return None
                if wanted and well:
                    await self._sleep(DEBOUNCE_S)
                    self._reasons.discard("saved")
                    sent = await self._unless_stopped(self._rounds.run(SEND))
                    if sent is None or sent.trouble:
                        return sent
        finally:
            await _end(timer)
            if listening is not None:
                await _end(listening)
        return None

    def _take_reasons(self) -> set[Reason]:
        reasons = set(self._reasons)
        self._reasons.clear()
        self._woken.clear()
        return reasons

    async def _first_of(self, *tasks: asyncio.Task[Any] | None) -> None:
        """Until one of them is done, or somebody nudges."""
        woken = _begin(self._woken.wait())
        try:
            await asyncio.wait({woken, *(task for task in tasks if task)}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _end(woken)

    async def _unless_stopped(self, running: Coroutine[Any, Any, Outcome]) -> Outcome | None:
        """A round, cut short when the scheduler is stopped."""
        task = _begin(running)
        try:
            while not task.done() and not self._stopped:
                woken = _begin(self._woken.wait())
                await asyncio.wait({task, woken}, return_when=asyncio.FIRST_COMPLETED)
                await _end(woken)
                if not self._stopped and self._woken.is_set():
                    self._woken.clear()  # the reason stays noted and is looked at after this round
            return _came_to(task) if task.done() else None
        finally:
            await _end(task)
            if self._reasons or self._stopped:
                self._woken.set()


def _came_to(task: asyncio.Task[Outcome]) -> Outcome:
    """A round's outcome. One that could not even begin (locked meanwhile, no server set) is tried again later."""
    try:
        return task.result()
    except GoesError as error:
        return Outcome(0, 0, False, error.code, LATER_MS)


def _begin(awaitable: Awaitable[T]) -> asyncio.Task[T]:
    return asyncio.ensure_future(awaitable)


async def _end(task: asyncio.Task[Any]) -> None:
    """Cancel and wait; whatever it came to is nobody's any more."""
    task.cancel()
    await asyncio.wait({task})
    if not task.cancelled():
        task.exception()
