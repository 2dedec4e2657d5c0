"""A forgotten PIN, from both sides: the locked device that asks, and the supervisor's that answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import flet as ft

from goes_mobile.protocol.codes import SHEET_BYTES, RecoverySheet
from goes_mobile.protocol.problems import GoesError, Locked
from goes_mobile.protocol.reset import CODE_BYTES
from goes_mobile.services import names
from goes_mobile.state.app import App
from goes_mobile.state.first_start import checked_groups
from goes_mobile.state.secret import Strength, strength
from goes_mobile.store import resetting
from goes_mobile.store.store import Store
from goes_mobile.sync import recovery

Groups = list[tuple[str, bool | None]]
_ABOUT = {"reset_new_differs": "new", "reset_over": "new", "device_secret_missing": "new"}


@ft.observable
@dataclass
class Forgotten:
    """On the locked device: choose a new PIN or passphrase, show the code, take the answer."""

    app: App
    new: str = field(default="", repr=False)
    again: str = field(default="", repr=False)
    code: str = field(default="", repr=False)
    """What a supervisor is shown; empty until the new PIN is chosen."""
    answer: str = field(default="", repr=False)
    remembered: bool = False
    """The new PIN is still here: nobody has left this screen since it was chosen."""
    bound: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    busy: bool = False
    _device: bytes | None = field(default=None, repr=False)

    async def reload(self) -> None:
        """A code that was shown before still counts."""
        if self.app.entrance is not None:
            self._device = await self.app.entrance.device_secret(self.app.profile)
        self.bound = self._device is not None
        self.code = await self._lane(resetting.asked)

    @property
    def strength(self) -> Strength:
        return strength(self.new, self.bound)

    @property
    def groups(self) -> Groups:
        return checked_groups(self.answer, CODE_BYTES)

    def set(self, name: str, text: str) -> None:
        setattr(self, name, text)
        self.errors = {}

    async def ask(self) -> None:
        """The new PIN or passphrase is chosen: the code to show."""
        judged = self.strength
        if not judged.accepted:
            self.errors = {"new": judged.code}
        elif self.new != self.again:
            self.errors = {"again": "differs"}
        elif (code := await self._try(resetting.ask, self.new, self._device)) is not None:
            self.code, self.again, self.remembered = code, "", True

    def begin_anew(self) -> None:
        """Another code; the old one is void as soon as the new one is shown."""
        self.code = self.answer = self.new = self.again = ""
        self.remembered = False
        self.errors = {}

    async def finish(self) -> None:
        """With the answer the new PIN opens this profile at once."""
        if not self.answer.strip() or not self.new:
            self.errors = {"answer" if not self.answer.strip() else "new": "required"}
            return
        if await self._try(resetting.finish, self.answer, self.new, self._device, done="done") is None:
            if self.errors.get("new") == "reset_over":
                self.code = self.answer = ""
            if "new" in self.errors:
                self.new, self.remembered = "", False
            return
        secret, self.new, self.answer = self.new, "", ""
        await self.app.unlock(secret, self._device)

    async def _try(self, act: Any, *arguments: Any, done: str = "") -> str | None:
        self.busy = True
        self.errors, self.facts = {}, {}
        try:
            told = await self._lane(act, *arguments)
        except GoesError as error:
            self.errors, self.facts = {_ABOUT.get(error.code, "answer"): error.code}, dict(error.facts)
            return None
        finally:
            self.busy = False
        return done or str(told)

    async def _lane(self, act: Any, *arguments: Any) -> Any:
        return await self.app.profile.lane(act, _store(self.app), *arguments)


@ft.observable
@dataclass
class Helping:
    """On a supervisor's device (or an administrator's with the sheet): whose code it is, then the answer."""

    app: App
    code: str = field(default="", repr=False)
    by_sheet: bool = False
    words: str = field(default="", repr=False)
    who: str = field(default="", repr=False)
    """Whose device asks; to be compared with who stands there."""
    role: str = ""
    answer: str = field(default="", repr=False)
    errors: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    _asking: resetting.Asking | None = field(default=None, repr=False)

    async def reload(self) -> None:
        """Nothing is known before the code is typed."""

    @property
    def groups(self) -> Groups:
        return checked_groups(self.code, CODE_BYTES)

    @property
    def sheet_groups(self) -> Groups:
        return checked_groups(self.words, SHEET_BYTES)

    def set(self, name: str, value: Any) -> None:
        setattr(self, name, value)
        self.errors, self.who = {}, ""

    async def look(self) -> None:
        """Whose code it is."""
        if not self.code.strip():
            self.errors = {"code": "required"}
            return
        try:
            asking = await self.app.profile.lane(resetting.asking, _store(self.app), self.code)
        except GoesError as error:
            self.errors, self.facts = {"code": error.code}, dict(error.facts)
            return
        self.role, self._asking = asking.role, asking
        self.who = await self.app.ask(lambda desk: names.name_of(desk, "member", asking.member))

    async def help(self) -> None:
        """They are who they should be: the answer."""
        if self._asking is None:
            return
        try:
            sheet = RecoverySheet.typed(self.words) if self.by_sheet else None
            self.answer = await self.app.profile.lane(resetting.answer, _store(self.app), self._asking, sheet)
        except GoesError as error:
            about = "words" if self.by_sheet and error.code != "reset_bad_key" else "code"
            self.errors, self.facts = {about: error.code}, dict(error.facts)
            return
        self.words = ""


@ft.observable
@dataclass
class HandingOut:
    """On an administrator's device: the sheet gives a new supervisor the keys that no administrator may hold."""

    app: App
    words: str = field(default="", repr=False)
    handed: int | None = None
    errors: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    async def reload(self) -> None:
        """Nothing to look up."""

    @property
    def sheet_groups(self) -> Groups:
        return checked_groups(self.words, SHEET_BYTES)

    def set(self, name: str, value: Any) -> None:
        setattr(self, name, value)
        self.errors = {}

    async def hand_out(self) -> None:
        if not self.words.strip():
            self.errors = {"words": "required"}
            return
        try:
            sheet = RecoverySheet.typed(self.words)
            self.handed = await self.app.profile.lane(recovery.hand_out, _store(self.app), sheet)
        except GoesError as error:
            self.errors, self.facts = {"words": error.code}, dict(error.facts)
            return
        self.words = ""
        if self.app.profile.delivering is not None:
            self.app.profile.delivering.saved()


def _store(app: App) -> Store:
    if app.profile.store is None:
        raise Locked("locked")
    return app.profile.store
