"""How the screens look and when they lock: kept with the profile, readable while locked; nothing personal."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

import flet as ft

from goes_mobile.protocol.problems import GoesError, Locked
from goes_mobile.services import organisation
from goes_mobile.services.desk import Desk, Named
from goes_mobile.state.app import App
from goes_mobile.state.secret import Strength, strength
from goes_mobile.store.store import Store
from goes_mobile.sync.local import SERVER_URL

KEY = "wishes"
LOCK_MINUTES = (0, 1, 2, 5, 10)
SCALES = (1.0, 1.15, 1.3, 1.5, 1.75, 2.0)
Theme = Literal["system", "light", "dark", "sun"]


@dataclass(frozen=True)
class Wishes:
    """`lock_minutes`: None is the program's own, 0 locks as soon as nobody looks."""

    theme: Theme = "system"
    scale: float = 1.0
    language: str = "de"
    left_handed: bool = False
    touch: bool = True
    lock_minutes: int | None = None


async def worn(app: App, usual: Wishes) -> Wishes:
    """What counts for the chosen profile now; ``usual`` if nothing was wished for, nothing of who was here before."""
    wished = await wishes(app) or usual
    heed(app, wished)
    return wished


async def wishes(app: App) -> Wishes | None:
    """What was wished for this profile, if anything was."""
    store = app.profile.store
    kept = await app.profile.lane(store.settings.get, KEY, None) if store is not None else None
    if kept is None:
        return None
    known = {name: value for name, value in kept.items() if name in Wishes.__dataclass_fields__}
    return replace(Wishes(), **known)


async def keep(app: App, wished: Wishes) -> None:
    store = app.profile.store
    if store is not None:
        await app.profile.lane(store.settings.set, KEY, asdict(wished))
    heed(app, wished)


def heed(app: App, wished: Wishes) -> None:
    """What is not for the eyes: when to lock, in which language services speak."""
    app.language = "en" if wished.language == "en" else "de"
    app.presence.wish(wished.lock_minutes)
    if app.status.phase == "open":
        app.presence.touched()


@dataclass(frozen=True)
class Here:
    """This device and who works on it."""

    name: str
    role: str
    sites: list[Named]
    device: str
    county: str
    server: str
    lock_kind: str
    waiting: int


@ft.observable
@dataclass
class Settings:
    """The settings screen: every wish counts at once."""

    app: App
    wished: Wishes | None = None
    here: Here | None = None

    async def reload(self) -> None:
        self.wished = await wishes(self.app) or Wishes()
        self.here = await self.app.ask(_here)
        store = _store(self.app)
        server = await self.app.profile.lane(store.settings.get, SERVER_URL, "")
        self.here = replace(self.here, server=server, lock_kind=await self.app.profile.lane(_lock_kind, store))

    async def wish(self, **changed: Any) -> Wishes:
        self.wished = replace(self.wished or Wishes(), **changed)
        await keep(self.app, self.wished)
        return self.wished


def _here(desk: Desk) -> Here:
    mine = [Named(s.id, s.name) for s in organisation.sites(desk) if s.mine]
    me = desk.me
    return Here(me.name, me.role, mine, me.device, desk.preset.title, "", "", desk.archive.counts().waiting)


def _lock_kind(store: Store) -> str:
    return store.gate.kind


def _store(app: App) -> Store:
    if app.profile.store is None:
        raise Locked("locked")
    return app.profile.store


@ft.observable
@dataclass
class NewSecret:
    """Another PIN or passphrase; until it is saved the old one counts."""

    app: App
    old: str = field(default="", repr=False)
    new: str = field(default="", repr=False)
    errors: dict[str, str] = field(default_factory=dict)
    bound: bool = False
    """The device has a keystore, so a PIN is enough."""
    kind: str = ""
    busy: bool = False
    _device: bytes | None = field(default=None, repr=False)

    async def reload(self) -> None:
        store = _store(self.app)
        self.kind = await self.app.profile.lane(_lock_kind, store)
        if self.app.entrance is not None:
            self._device = await self.app.entrance.device_secret(self.app.profile)
        self.bound = self._device is not None

    @property
    def strength(self) -> Strength:
        return strength(self.new, self.bound)

    def type_old(self, text: str) -> None:
        self.old, self.errors = text, {}

    def type_new(self, text: str) -> None:
        self.new, self.errors = text, {}

    async def save(self) -> bool:
        judged = self.strength
        if not self.old:
            self.errors = {"old": "required"}
            return False
        if not judged.accepted:
            self.errors = {"new": judged.code}
            return False
        self.busy = True
        try:
            store = _store(self.app)
            await self.app.profile.lane(store.gate.change, self.old, self.new, self._device)
        except GoesError as error:
            self.errors = {"old" if isinstance(error, Locked) else "new": error.code}
            return False
        finally:
            self.busy = False
        self.old = self.new = ""
        return True
