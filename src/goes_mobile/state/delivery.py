"""A profile's synchronisation in a running program: when, with whom, and who is told."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace

from goes_mobile.protocol.problems import GoesError, InputRefused, Locked
from goes_mobile.services import device_names
from goes_mobile.state.parts import Parts
from goes_mobile.state.profile import Profile
from goes_mobile.store.store import Store
from goes_mobile.sync.engine import Engine, Outcome
from goes_mobile.sync.local import SERVER_URL
from goes_mobile.sync.remote import Remote
from goes_mobile.sync.round import EVERYTHING, Round
from goes_mobile.sync.scheduler import SEND, Scheduler
from goes_mobile.sync.state import SyncState
from goes_mobile.sync.steps import Wish


class Delivery:
    """One engine, one connection, one rhythm. Works locked too, with the delivery token."""

    def __init__(self, profile: Profile, parts: Parts) -> None:
        self._profile = profile
        self._parts = parts
        self._engine = Engine()
        self._listeners: list[Callable[[SyncState], None]] = []
        self._state: SyncState | None = None
        self._remote: Remote | None = None
        self._round: Round | None = None
        self._scheduler: Scheduler | None = None
        self._task: asyncio.Task[None] | None = None
        self._counting: asyncio.Task[None] | None = None
        self._named = False
        self._ending: asyncio.Task[None] | None = None
        self._waiters: list[asyncio.Future[Outcome]] = []
        self._deaf: Callable[[], None] = lambda: None
        self.pushed = self.pulled = 0
        """Entries since the program started."""

    @property
    def state(self) -> SyncState:
        return self._state or self._engine.state()

    def start(self) -> None:
        """Begin, or, if it runs already, look again: the profile was unlocked."""
        if self._scheduler is not None:
            self._scheduler.nudge("unlocked")
            return
        scheduler = self._scheduler = Scheduler(self)
        self._task = asyncio.get_running_loop().create_task(scheduler.run())
        self._deaf = self._parts.connectivity.subscribe(lambda: scheduler.nudge("connectivity"))

    async def stop(self) -> None:
        self._deaf()
        if self._scheduler is not None:
            await self._scheduler.stop()
        if self._task is not None:
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self._counting is not None:
            await asyncio.wait({self._counting})
        close = getattr(self._remote, "close", None)
        if close is not None:
            await close()
        self._counting = None
        self._scheduler = self._task = self._remote = self._round = None

    def saved(self) -> None:
        if self._scheduler is not None:
            self._scheduler.nudge("saved")
        if self._round is not None and (self._counting is None or self._counting.done()):
            self._counting = asyncio.get_running_loop().create_task(self._recount(self._round))

    async def _recount(self, with_server: Round) -> None:
        """Without network the next round may be minutes away: the chip says now that one more waits."""
        with contextlib.suppress(GoesError):  # the next round meets the same trouble, and tells it
            await with_server.recount()

    def foreground(self, shown: bool) -> None:
        """The program is shown, or paused."""
        if self._scheduler is not None:
            self._scheduler.foreground(shown)

    async def now(self) -> SyncState:
        """*Jetzt versuchen*: one whole round; returns how it stands afterwards."""
        if self._scheduler is None:
            await self.run()
            return self.state
        waiter: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        self._scheduler.nudge("asked")
        await waiter
        return self.state

    def subscribe(self, listener: Callable[[SyncState], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    async def run(self, wish: Wish = EVERYTHING) -> Outcome:
        """One round, and what follows from what it brought."""
        outcome = await (await self.rounds()).run(wish)
        self.pushed += outcome.pushed
        self.pulled += outcome.pulled
        if outcome.ended:
            await self._end()
        if wish == EVERYTHING:
            if outcome.reached and (await self._profile.lane(self._keep_in_step) | await self._name_device()):
                self.pushed += (await (await self.rounds()).run(SEND)).pushed
            waiters, self._waiters = self._waiters, []
            for waiter in waiters:
                if not waiter.done():
                    waiter.set_result(outcome)
        return outcome

    async def rounds(self) -> Round:
        """The round with this profile's server; raises :class:`InputRefused` (``no_server``) if none is known."""
        if self._round is None:
            store = opened(self._profile)
            url = await self._profile.lane(store.settings.get, SERVER_URL, "")
            if not url:
                raise InputRefused("no_server")
            self._remote = self._parts.remote(url)
            self._round = Round(self._engine, store, self._remote, self._profile.lane, self._parts.outside, self._watch)
        return self._round

    async def _end(self) -> None:
        """Revoked, proven, delivered: the profile erases itself, and nothing runs for it any more."""
        await self._profile.end()
        self._watch(replace(self.state, phase="trouble", trouble="revoked", waiting=0))
        self._ending = asyncio.get_running_loop().create_task(self.stop())  # which ends the round that this is part of

    def _keep_in_step(self) -> bool:
        """What others' certificates and keys ask of this device, and what they made deliverable of what others gave
        along; whether there is something to send."""
        store = self._profile.store
        if store is None:
            return False
        before, begun = store.ledger.version, 0
        if not store.locked:
            store.complete_newcomers()
            store.orders.follow()
            store.offer_escrow()
            begun = store.begin_led()
        return bool(begun) or store.ledger.version != before or store.carries()

    async def _name_device(self) -> bool:
        """Once it has caught up, so that it takes no name that a colleague's device has; whether it was named now."""
        if self._named:
            return False
        with contextlib.suppress(GoesError):  # locked, or a disk that takes nothing: another time
            given = await self._profile.do(device_names.first, self._parts.platform)
            self._named = True
            return bool(given)
        return False

    def _watch(self, state: SyncState) -> None:
        self._state = state
        for listener in list(self._listeners):
            listener(state)


def opened(profile: Profile) -> Store:
    if profile.store is None:
        raise Locked("locked")
    return profile.store
