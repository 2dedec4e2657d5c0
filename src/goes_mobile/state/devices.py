"""A member's devices and ending them; late work and the decision about it."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import flet as ft

from goes_mobile.protocol.problems import GoesError, Locked
from goes_mobile.services import device_names, organisation
from goes_mobile.services import devices as service
from goes_mobile.services.desk import Named
from goes_mobile.services.devices import REASONS, DeviceLine, LateWork
from goes_mobile.services.organisation import MemberLine
from goes_mobile.state.app import App
from goes_mobile.store.store import Store

__all__ = ["REASONS", "Decisions", "MemberDevices"]


@ft.observable
@dataclass
class MemberDevices:
    """One member, the devices that are theirs, and what they would leave behind."""

    app: App
    member: str
    line: MemberLine | None = None
    devices: list[DeviceLine] = field(default_factory=list)
    tasks: list[Named] = field(default_factory=list)
    heirs: list[Named] = field(default_factory=list)
    missing: bool = False
    busy: bool = False
    trouble: str = ""
    _handed: list[str] = field(default_factory=list)

    async def reload(self) -> None:
        lines = await self.app.ask(organisation.members, False)
        self.devices = await self.app.ask(service.devices, _store(self.app), self.member)
        self.tasks = await self.app.ask(service.open_tasks, self.member)
        self.heirs = await self.app.ask(service.heirs, self.member)
        self.line = next((line for line in lines if line.id == self.member), None)
        self.missing = self.line is None

    @property
    def may_leave(self) -> bool:
        """Whether this device may end all of theirs."""
        if self.line is None or self.line.me or not self.line.active:
            return False
        return any(d.state != "revoked" for d in self.devices) and all(
            d.state == "revoked" or not d.refused for d in self.devices
        )

    async def end(self, device: str, reason: str) -> bool:
        """It cannot be undone."""
        store = _store(self.app)
        return await self._do(lambda: self.app.profile.lane(service.end_device, store, device, reason))

    async def rename(self, device: str, name: str) -> bool:
        """What the team calls it from now on."""
        self.trouble = ""
        try:
            await self.app.do(device_names.rename, device, name)
        except GoesError as error:
            self.trouble = error.code
        await self.reload()
        return not self.trouble

    async def leave(self, heir: str | None) -> bool:
        """All devices at once, and the member's record is inactive; their tasks go to a colleague or to the site."""
        store, tasks = _store(self.app), [task.id for task in self.tasks]
        done = await self._do(lambda: self.app.do(service.end_member, store, self.member, heir))
        self._handed = tasks if done else []
        return done

    async def take_back(self) -> None:
        """The tasks are theirs again; what was revoked stays so."""
        await self.app.do(service.hand_over, self._handed, self.member)
        self._handed = []

    async def _do(self, work: Callable[[], Awaitable[object]]) -> bool:
        self.busy, self.trouble = True, ""
        try:
            with contextlib.suppress(GoesError):
                await self.app.sync_now()  # what the device has delivered until now counts
            await work()
            if self.app.profile.delivering is not None:
                self.app.profile.delivering.saved()
        except GoesError as error:
            self.trouble = error.code
        finally:
            self.busy = False
        await self.reload()
        return not self.trouble


@ft.observable
@dataclass
class Decisions:
    """What revoked devices delivered late."""

    app: App
    works: list[LateWork] | None = None
    trouble: str = ""

    async def reload(self) -> None:
        self.works = await self.app.ask(service.late_work, _store(self.app))

    async def decide(self, work: LateWork, accept: bool) -> bool:
        self.trouble = ""
        try:
            await self.app.profile.lane(service.decide_late, _store(self.app), work, accept)
        except GoesError as error:
            self.trouble = error.code
        if self.app.profile.delivering is not None:
            self.app.profile.delivering.saved()
        await self.reload()
        return not self.trouble


def _store(app: App) -> Store:
    if app.profile.store is None:
        raise Locked("locked")
    return app.profile.store
