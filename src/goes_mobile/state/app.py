"""What a screen session talks to. Unlocking belongs to one screen session: a second browser window asks again."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar, cast

import flet as ft

from goes_mobile.protocol.problems import GoesError, InputRefused, Locked, Refused
from goes_mobile.services.desk import Desk, Language, Me
from goes_mobile.state.parts import Files
from goes_mobile.state.presence import Chooser, Presence
from goes_mobile.state.profile import Changed, Profile
from goes_mobile.store.change import Change, Saved
from goes_mobile.sync.state import SyncState

P = ParamSpec("P")
T = TypeVar("T")
Phase = Literal["empty", "locked", "open", "ended"]
"""``ended``: the profile was revoked and has erased itself."""


@ft.observable
@dataclass
class Status:
    """What the whole window depends on: assigned anew when it changes, so that it redraws."""

    phase: Phase = "empty"
    me: Me | None = None
    sync: SyncState = field(default_factory=SyncState)
    profile: str = ""


class App:
    """The screens' way to everything: ``ask`` a query, ``do`` an action, hear of changes, lock."""

    def __init__(self, profiles: Sequence[Profile], entrance: Any = None, lock_after_s: float = 120,
                 clock: Callable[[], float] = time.monotonic) -> None:  # fmt: skip
        self.profiles = list(profiles)
        self.profile = self.profiles[0]
        self.entrance = entrance
        """How an empty profile becomes a member's device (found, enrol); see app.py."""
        self.presence = Presence(lock_after_s, self._lock_if_open, clock)
        self.language: Language = "de"
        """In which services say what they say in words."""
        self._files: Files | None = None
        self.status = Status()
        self.left_open = ""
        """The draft that was on the screen when it locked; whoever unlocks the same profile finds it again."""
        self.before_lock: list[Callable[[], Awaitable[None]]] = []
        """What is on a screen and not sealed yet is sealed before the keys go."""
        self._stops: list[Callable[[], None]] = []
        self._listeners: list[tuple[frozenset[str], Callable[[], Any]]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._noted: set[tuple[str, str, str, int]] = set()
        self._here = contextvars.copy_context()
        """The window's own: what observes the status finds its page there, and delivery runs in nobody's window."""

    # -- life -----------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Look at what is there; nothing is opened that needs a key."""
        for profile in self.profiles:
            if profile.exists:
                with contextlib.suppress(Refused, InputRefused):  # its erasure, or its beginning, was interrupted
                    await profile.open()
        await self.choose(self.profile)

    async def choose(self, profile: Profile) -> None:
        """Another person at the same tablet: profiles are fully apart."""
        self._leave()
        if profile is not self.profile:
            self.left_open = ""
        self.profile = profile
        self.status.me = None
        self.status.profile = profile.home.name
        self.status.phase = "locked" if profile.exists else "ended" if profile.ended else "empty"
        if self.status.phase == "ended" and self.entrance is not None:
            await self.entrance.forget(profile)
        self.status.sync = SyncState()
        if profile.delivering is not None:
            self._stops.append(profile.delivering.subscribe(self._sync_moved))
            self.status.sync = profile.delivering.state

    async def unlock(self, secret_text: str, device_secret: bytes | None = None) -> None:
        """Raises :class:`Locked` with what is left of tries and pauses."""
        await self.profile.unlock(secret_text, device_secret)
        await self.entered()

    async def entered(self) -> None:
        """The profile is open for this session (after unlock, founding or enrolment)."""
        self._stops.append(self.profile.subscribe(self._changed))
        await self._know_me()
        self.status.phase = "open"
        self.profile.sessions.add(self)
        if self.profile.delivering is not None:
            self.profile.delivering.start()
        self.presence.begin()

    async def _know_me(self) -> None:
        """Again when a member's record arrives: a new device hears its own name with the first synchronisation."""
        me = await self.profile.ask(_me)
        self.profile.name = me.name
        self.status.me = me

    async def lock(self) -> None:
        """Blank at once; keys go when the last session of the profile is locked. Saved work is still sent."""
        self.status.phase = "locked"
        self.status.me = None
        profile = self.profile
        await self._last_words()
        self._leave()
        await self.choose(profile)
        if not profile.sessions:
            await profile.lock()

    async def leave(self) -> None:
        """The window was closed."""
        profile = self.profile
        await self._last_words()
        self._leave()
        if not profile.sessions:
            await profile.lock()

    async def _last_words(self) -> None:
        for keep in list(self.before_lock):
            with contextlib.suppress(GoesError):
                await keep()
        self.before_lock.clear()

    def _leave(self) -> None:
        for stop in self._stops:
            stop()
        self._stops = []
        self._listeners = []
        self._noted.clear()
        self.profile.sessions.discard(self)
        self.presence.end()

    async def _lock_if_open(self) -> None:
        if self.status.phase == "open":
            await self.lock()

    @property
    def files(self) -> Files | None:
        """Where a report goes when it leaves the program, and documents come from; the composition root brings it."""
        return self._files

    @files.setter
    def files(self, files: Files | None) -> None:
        self._files = cast(Files, Chooser(files, self.presence)) if files is not None else None

    # -- work -----------------------------------------------------------------------------------------------------

    async def ask(self, query: Callable[Concatenate[Desk, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        self._need_open()
        return await self.profile.ask(self._spoken(query), *args, **kwargs)

    async def do(
        self, action: Callable[Concatenate[Desk, P], list[Change]], *args: P.args, **kwargs: P.kwargs
    ) -> list[Saved]:
        self._need_open()
        self.presence.touched()
        return await self.profile.do(action, *args, **kwargs)

    async def do_then(
        self, then: Callable[[Desk], Any], action: Callable[Concatenate[Desk, P], list[Change]], *args: P.args,
        **kwargs: P.kwargs,
    ) -> list[Saved]:  # fmt: skip
        """The same, and ``then`` once it is on disk, before any screen looks again."""
        self._need_open()
        self.presence.touched()
        return await self.profile.do_then(then, action, *args, **kwargs)

    def note(self, what: str, kind: str, record: str) -> None:
        """After something of a file came onto the screen or left the device; asked again within the hour it is known,
        so a screen says so whenever it loads."""
        looked = (what, kind, record, self.profile.clock() // 3_600_000)
        if self.status.phase == "open" and looked not in self._noted:
            self._noted.add(looked)
            self.profile.note(what, kind, record)

    def _spoken(self, query: Callable[Concatenate[Desk, P], T]) -> Callable[Concatenate[Desk, P], T]:
        """The same question, answered in this window's language."""
        if self.language == "de":
            return query

        def spoken(desk: Desk, *args: P.args, **kwargs: P.kwargs) -> T:
            return query(replace(desk, language=self.language), *args, **kwargs)

        return spoken

    async def sync_now(self) -> SyncState:
        if self.profile.delivering is None:
            return self.status.sync
        return await self.profile.delivering.now()

    def _need_open(self) -> None:
        if self.status.phase != "open":
            raise Locked("locked")

    @property
    def home(self) -> Path:
        return self.profile.home

    # -- hearing ----------------------------------------------------------------------------------------------------

    def subscribe(self, kinds: Collection[str], reload: Callable[[], Any]) -> Callable[[], None]:
        """``reload`` (sync or async) after records of these kinds changed, here or elsewhere; empty: of any kind."""
        item = (frozenset(kinds), reload)
        self._listeners.append(item)
        return lambda: self._listeners.remove(item) if item in self._listeners else None

    def tell(self, kind: str) -> None:
        """Something of this device alone has changed (``draft``, ``delivery``): who follows this kind reloads."""
        self._changed({kind: frozenset()})

    def _changed(self, changed: Changed) -> None:
        if "member" in changed:
            self._run(self._know_me())
        for kinds, reload in list(self._listeners):
            if not kinds or kinds & changed.keys():
                answer = reload()
                if asyncio.iscoroutine(answer):
                    self._run(answer)

    def _run(self, coroutine: Any) -> None:
        async def quietly() -> None:
            with contextlib.suppress(Locked):  # locked while it was on its way: there is nothing to show any more
                await coroutine

        task = asyncio.get_running_loop().create_task(quietly())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _sync_moved(self, state: SyncState) -> None:
        self._here.copy().run(self._show_sync, state)

    def _show_sync(self, state: SyncState) -> None:
        before, self.status.sync = self.status.sync, state
        if (before.waiting, before.confirmed, before.held) != (state.waiting, state.confirmed, state.held):
            self.tell("delivery")
        if state.trouble == "revoked" and self.profile.ended and self.status.phase != "ended":
            self._run(self.choose(self.profile))


def _me(desk: Desk) -> Me:
    return desk.me
