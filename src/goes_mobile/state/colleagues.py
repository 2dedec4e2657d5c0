"""Team und Geräte: who works here, on how many devices, and how somebody new comes in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import flet as ft

from goes_mobile.protocol.ids import to_text
from goes_mobile.protocol.problems import GoesError, Locked
from goes_mobile.protocol.roles import ROLES, rights
from goes_mobile.services import organisation
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.organisation import MemberLine
from goes_mobile.state.app import App
from goes_mobile.state.county import county
from goes_mobile.sync.local import SERVER_URL

HOURS = (24, 72, 168)


@dataclass(frozen=True)
class Colleague:
    """A member with the devices that are certified for them."""

    line: MemberLine
    devices: int
    invited: bool
    """Invited, and no device has come yet."""
    suspended: bool = False
    """Two devices came with one code; neither may do anything."""


@ft.observable
@dataclass
class Colleagues:
    """Everybody of the organisation; their devices as the control log certifies them."""

    app: App
    lines: list[Colleague] | None = None
    left: list[Colleague] = field(default_factory=list)
    """Who has left: their devices' late work and their tasks are still looked for on their page."""

    async def reload(self) -> None:
        members = await self.app.ask(organisation.members, active=False)
        devices, invites, suspended = await self.app.profile.lane(_certified, self.app)
        found = [
            Colleague(m, devices.get(m.id, 0), m.id in invites, m.id in suspended and m.id not in devices)
            for m in members
        ]
        self.left = [one for one in found if not one.line.active]
        self.lines = [one for one in found if one.line.active]

    @property
    def invites(self) -> bool:
        """Whether this member's role lets them invite anybody."""
        me = self.app.status.me
        return me is not None and bool(rights(me.role).appoints)

    async def rename(self, member: str, name: str) -> None:
        await self.app.do(organisation.rename_member, member, name)


def _certified(app: App) -> tuple[dict[str, int], set[str], set[str]]:
    store = app.profile.store
    if store is None:
        raise Locked("locked")
    devices: dict[str, int] = {}
    invites: set[str] = set()
    suspended: set[str] = set()
    for principal in store.ledger.principals.values():
        if not principal.member or principal.revoked is not None:
            continue
        member = to_text(principal.member)
        if principal.suspended:
            suspended.add(member)
        elif principal.sort == "device":
            devices[member] = devices.get(member, 0) + 1
        elif principal.sort == "invite" and (principal.expires_at or 0) > store.now_ms():
            invites.add(member)
    open_invites = invites - devices.keys() - suspended  # the code that two came with is used up
    return devices, open_invites, suspended


@ft.observable
@dataclass
class Invitation:
    """A code for somebody new. It is shown once and never kept."""

    app: App
    name: str = field(default="", repr=False)
    role: str = "outreach"
    sites: list[str] = field(default_factory=list)
    """Short names, as the county's preset calls them."""
    hours: int = 72
    errors: dict[str, str] = field(default_factory=dict)
    trouble: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    busy: bool = False
    code: str = field(default="", repr=False)
    expires: datetime | None = None
    server: str = ""

    async def reload(self) -> None:
        if not self.sites:
            mine = await self.app.ask(_my_sites)
            self.sites = [site.short for site in county(self.app).sites if site.id in mine][:1]

    @property
    def offered(self) -> list[Named]:
        """The county's sites by short name; of somebody who may not invite everywhere, their own."""
        me = self.app.status.me
        mine = set(me.sites) if me is not None and not rights(me.role).everywhere else None
        return [Named(site.short, site.name) for site in county(self.app).sites if mine is None or site.id in mine]

    @property
    def roles(self) -> list[str]:
        """As what this member may invite, by the table of roles."""
        me = self.app.status.me
        return [role for role in ROLES if me is not None and role in rights(me.role).appoints]

    def type_name(self, text: str) -> None:
        self.name, self.errors = text, {}

    def toggle(self, site: str, on: bool) -> None:
        self.sites = [*self.sites, site] if on else [s for s in self.sites if s != site]
        self.errors = {}

    async def invite(self) -> bool:
        """Needs the server: the code works only once it knows of it."""
        if not self.name.strip():
            self.errors = {"name": "required"}
            return False
        if not self.sites and self.role != "admin":
            self.errors = {"sites": "required"}
            return False
        self.busy, self.trouble = True, ""
        try:
            secret, expires_ms = await self.app.entrance.invite(
                self.app.profile, self.role, list(self.sites), self.name.strip(), float(self.hours)
            )
            store = self.app.profile.store
            if store is not None:
                self.server = str(await self.app.profile.lane(store.settings.get, SERVER_URL, ""))
        except GoesError as error:
            self.trouble, self.facts = error.code, dict(error.facts)
            return False
        finally:
            self.busy = False
        self.code, self.expires = secret.code, datetime.fromtimestamp(expires_ms / 1000, UTC)
        return True


def _my_sites(desk: Desk) -> tuple[str, ...]:
    return desk.me.sites
