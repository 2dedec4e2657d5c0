"""The locked screen: who works here, the PIN or passphrase, how many tries are left, how long to wait."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import flet as ft

from goes_mobile.protocol.problems import InputRefused, Locked, Refused
from goes_mobile.state.app import App
from goes_mobile.state.profile import Profile
from goes_mobile.store.store import Store
from goes_mobile.vault.lock import MIN_PIN

LONGEST = 64
NUMBERED = "profile-"


@dataclass(frozen=True, slots=True)
class Who:
    """A profile on this device. Locked, only its directory has a name; after the first unlocking the member's."""

    profile: Profile = field(repr=False)
    name: str = field(repr=False)
    number: int
    """Of a numbered directory, whose member's name is not known yet; 0 for others."""
    set_up: bool
    waiting: int

    @property
    def key(self) -> str:
        return self.profile.home.name


@dataclass(frozen=True, slots=True)
class _Door:
    kind: str
    tries_left: int
    wait_s: int
    waiting: int


@ft.observable
@dataclass
class Unlock:
    app: App
    who: list[Who] = field(default_factory=list)
    chosen: str = ""
    kind: str = "passphrase"
    digits: int = 0
    problem: str = ""
    tries_left: int = 0
    pause_s: int = 0
    days: int = 0
    """Without contact, after which a device asks for it."""
    busy: bool = False
    waiting: int = 0
    _typed: str = field(default="", repr=False)

    async def reload(self) -> None:
        """Which profiles there are and what is known about them without a key."""
        self.chosen = self.app.profile.home.name
        self.who = [await self._describe(profile) for profile in self.app.profiles]
        store = self.app.profile.store
        if store is None:
            return
        door = await self.app.profile.lane(_look, store, self.app.profile.clock())
        self.kind, self.waiting = door.kind, door.waiting
        self.tries_left, self.pause_s = door.tries_left, door.wait_s
        if door.wait_s:
            self.problem = "wait"

    async def _describe(self, profile: Profile) -> Who:
        waiting = 0
        if profile.store is not None:
            waiting = (await profile.lane(_look, profile.store, profile.clock())).waiting
        folder = profile.home.name
        number = int(folder.removeprefix(NUMBERED) or 0) if _numbered(folder) and not profile.name else 0
        return Who(profile, profile.name or _title(folder), number, profile.exists, waiting)

    async def choose(self, who: Who) -> None:
        """Somebody else takes the tablet; an empty profile leads to the first start."""
        if who.key == self.chosen:
            return
        self._forget()
        self.problem = ""
        await self.app.choose(who.profile)
        if self.app.status.phase == "locked":
            await self.reload()

    # -- typing ------------------------------------------------------------------------------------------------

    def digit(self, sign: str) -> None:
        if len(self._typed) < LONGEST:
            self._typed += sign
            self.digits = len(self._typed)
            self.problem = ""

    def back(self) -> None:
        self._typed = self._typed[:-1]
        self.digits = len(self._typed)

    def type(self, text: str) -> None:
        """The passphrase field keeps what is shown; here is only what will be tried."""
        self._typed = text
        if self.problem and text:
            self.problem = ""

    @property
    def typed(self) -> str:
        """What stands in the field; empty again after every try."""
        return self._typed

    async def open(self) -> None:
        """One try. A wrong one is counted on disk before it is checked."""
        if self.busy or self.pause_s > 0:
            return
        if not self._typed or (self.kind == "pin" and self.digits < MIN_PIN):
            self.problem = "short" if self.kind == "pin" else "empty"
            return
        self.busy = True
        try:
            await self._enter(self._typed, await self._device_secret())
        except Locked as error:
            self.tries_left = int(error.facts.get("tries_left", 0))
            self.pause_s = int(error.facts.get("wait_s", 0))
            self.problem = "wait" if self.pause_s else error.code
            self.days = int(error.facts.get("days", 0))
        except Refused as error:
            self.problem = error.code
        except InputRefused as error:
            if error.code != "not_certified":
                raise
            self.app.status.phase = "empty"  # enrolment was interrupted: the same code goes on where it stopped
        finally:
            self.busy = False
            self._forget()

    async def _enter(self, secret_text: str, device_secret: bytes | None) -> None:
        await self.app.unlock(secret_text, device_secret)

    async def _device_secret(self) -> bytes | None:
        if self.app.entrance is None:
            return None
        found: bytes | None = await self.app.entrance.device_secret(self.app.profile)
        return found

    def _forget(self) -> None:
        self._typed = ""
        self.digits = 0

    # -- pausing -----------------------------------------------------------------------------------------------

    async def count_down(self) -> None:
        """Until the next try is allowed; the store judges by the clock, this only shows it."""
        while self.pause_s > 0:
            await asyncio.sleep(1)
            store = self.app.profile.store
            if store is None:
                return
            self.pause_s = (await self.app.profile.lane(_look, store, self.app.profile.clock())).wait_s
        if self.problem == "wait":
            self.problem = ""


def _numbered(folder: str) -> bool:
    return folder.startswith(NUMBERED) and folder.removeprefix(NUMBERED).isdecimal()


def _title(folder: str) -> str:
    """A directory's name, as one would write it: „buero-nuertingen“ is „Buero Nuertingen“."""
    return " ".join(word[:1].upper() + word[1:] for word in folder.replace("_", "-").split("-") if word)


def _look(store: Store, now_ms: int) -> _Door:
    attempts = store.gate.attempts
    wait = attempts.wait_ms(now_ms)
    return _Door(store.gate.kind, attempts.left(), -(-wait // 1000), store.counts().waiting)
