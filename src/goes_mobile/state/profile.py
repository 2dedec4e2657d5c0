"""A profile directory in a running program: its store, its lane, its synchronisation. Shared by all screens on it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from goes_mobile.protocol.ids import new_id, to_text
from goes_mobile.protocol.problems import GoesError, InputRefused, Locked
from goes_mobile.records.presets import preset
from goes_mobile.records.registry import kind
from goes_mobile.services import accesses, deletion
from goes_mobile.services.desk import Desk, Me
from goes_mobile.state.lane import Lane
from goes_mobile.store import erasure
from goes_mobile.store.change import Change, Saved
from goes_mobile.store.disk import DATABASE
from goes_mobile.store.erasure import Ended
from goes_mobile.store.identity import Clock
from goes_mobile.store.store import Store
from goes_mobile.sync.enrolment import HALF
from goes_mobile.sync.state import SyncState

P = ParamSpec("P")
T = TypeVar("T")
Changed = Mapping[str, frozenset[str]]
Listener = Callable[[Changed], None]


class Delivering(Protocol):
    """What runs the synchronisation of a profile; the composition root brings it."""

    @property
    def state(self) -> SyncState: ...

    def start(self) -> None: ...

    async def stop(self) -> None: ...

    def saved(self) -> None:
        """Something new waits; go soon."""

    async def now(self) -> SyncState:
        """*Jetzt versuchen*: one round at once."""

    def subscribe(self, listener: Callable[[SyncState], None]) -> Callable[[], None]: ...


class Profile:
    """Opened once per process (the directory is locked), used by one or several screen sessions."""

    def __init__(self, home: Path, clock: Clock) -> None:
        self.home = home
        self.clock = clock
        self.lane = Lane()
        self.store: Store | None = None
        self.delivering: Delivering | None = None
        self.name = ""
        """Who works here, once it was unlocked since the program started; names are not kept in clear."""
        self.sessions: set[Any] = set()
        """Screen sessions that have unlocked this profile."""
        self._listeners: list[Listener] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._idle: asyncio.Task[None] | None = None

    @property
    def exists(self) -> bool:
        return (self.home / DATABASE).exists()

    @property
    def ended(self) -> Ended | None:
        """Why there is no profile here any more, if one was erased."""
        return erasure.read(self.home)

    @property
    def locked(self) -> bool:
        return self.store is None or self.store.locked

    async def open(self) -> None:
        """Take the directory; locked. Raises :class:`InUse` if another process has it."""
        self.here()
        if self.store is None:
            self.use(await self.lane(Store.open, self.home, self.clock))

    def use(self, store: Store) -> None:
        """A store that was just opened or created."""
        self.store = store
        store.subscribe(self._hear)

    def here(self) -> None:
        """This event loop is where changes are told; the store itself works in its lane's thread."""
        self._loop = asyncio.get_running_loop()

    async def unlock(self, secret_text: str, device_secret: bytes | None = None) -> None:
        """Open for the first screen session; for a further one the same check without opening twice."""
        store = self._opened()
        await self.lane(store.unlock if store.locked else store.gate.check, secret_text, device_secret)
        self.stir()

    async def lock(self) -> None:
        if self.store is not None:
            await self.lane(self.store.lock)

    async def end(self) -> None:
        """Erase what is here; see :meth:`Store.erase`."""
        store, self.store = self._opened(), None
        await self.lane(store.erase)

    async def close(self) -> None:
        """Finish what began, lock, let go of the directory."""
        if self._idle is not None:
            self._idle.cancel()
        if self.delivering is not None:
            await self.delivering.stop()
        if self.store is not None:
            await self.lane(self.store.close)
            self.store = None
        self.lane.close()

    async def ask(self, query: Callable[Concatenate[Desk, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """A question to the projection."""

        def run() -> T:
            store = self._opened()
            with store.session() as session:
                return query(self._desk(store, session), *args, **kwargs)

        return await self.lane(run)

    async def do(
        self, action: Callable[Concatenate[Desk, P], list[Change]], *args: P.args, **kwargs: P.kwargs
    ) -> list[Saved]:
        """What a person decided: planned, sealed, on disk, projected. Delivery follows by itself."""
        return await self.do_then(None, action, *args, **kwargs)

    async def do_then(
        self, then: Callable[[Desk], Any] | None, action: Callable[Concatenate[Desk, P], list[Change]], *args: P.args,
        **kwargs: P.kwargs,
    ) -> list[Saved]:  # fmt: skip
        """The same, and ``then`` once it is on disk, before anybody is told of it."""

        def run() -> list[Saved]:
            store = self._opened()
            with store.session() as session:
                changes = action(self._desk(store, session), *args, **kwargs)
            saved = store.write(changes) if changes else []
            if then is not None:
                with store.session() as session:
                    then(self._desk(store, session))
            return saved

        saved = await self.lane(run)
        if self.delivering is not None and saved:
            self.delivering.saved()
        self.stir()
        return saved

    def note(self, what: str, kind: str, record: str) -> None:
        """That it was opened or given out. It has its turn right after the answer that is on the screen, so a lock or a
        closed window comes after it; nobody waits for it, and no trouble with it keeps anybody from reading."""

        def run() -> None:
            with contextlib.suppress(GoesError):
                store = self._opened()
                with store.session() as session:
                    changes = accesses.note(self._desk(store, session), what, kind, record)
                if changes:
                    store.write(changes)

        self.lane.afterwards(run)

    async def release(self, order: str) -> None:
        """The second person's yes to a deletion. What is open of it is made anew, so no question may be under way."""
        await self.ask(deletion.may_release, order)
        await self.lane(self._opened().orders.release, order)
        if self.delivering is not None:
            self.delivering.saved()
        self.stir()

    def _opened(self) -> Store:
        if self.store is None:
            raise Locked("locked")
        return self.store

    def _desk(self, store: Store, session: Any) -> Desk:
        now = store.now_ms()
        return Desk(
            read=session, me=self.me(store, session), now=datetime.fromtimestamp(now / 1000, UTC),
            new_id=lambda: new_id(store.now_ms()), preset=preset(store.identity.preset), archive=store,
        )  # fmt: skip

    @staticmethod
    def me(store: Store, session: Any) -> Me:
        """Who works here, as certified, and as the server has heard."""
        principal = store.ledger.principals.get(store.device)
        if principal is None or store.settings.get(HALF, False):
            raise InputRefused("not_certified")
        member = to_text(principal.member)
        role: Any = principal.role
        known = session.get(kind("member").cls, member)
        return Me(member, store.device.hex(), role, principal.sites, known.name if known else "")

    # -- telling ----------------------------------------------------------------------------------------------------

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Called on the event loop after records changed; returns how to stop it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def _hear(self, changed: Changed) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell, changed)

    def _tell(self, changed: Changed) -> None:
        for listener in list(self._listeners):
            listener(changed)

    # -- idle work ----------------------------------------------------------------------------------------------------

    def stir(self) -> None:
        """Text index and snapshot catch up in small steps while nobody waits; nothing runs when nothing is left."""
        if self._idle is None or self._idle.done():
            self._idle = asyncio.get_running_loop().create_task(self._catch_up())

    async def _catch_up(self) -> None:
        await asyncio.sleep(0.5)
        while not self.locked and self.store is not None and await self.lane(self.store.idle):  # noqa: ASYNC110 - no polling
            await asyncio.sleep(0.01)  # room for what people ask between two steps
