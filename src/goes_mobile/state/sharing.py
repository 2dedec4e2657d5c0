"""Eine Akte anbieten; ablehnen oder beenden, mit einem Grund."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import flet as ft

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import sharing
from goes_mobile.services.desk import Named
from goes_mobile.services.names import name_of
from goes_mobile.services.sharing import OfferForm
from goes_mobile.state.app import App

Parting = Literal["decline", "end"]


@ft.observable
@dataclass
class Offer:
    """What is offered to whom. ``reads`` are those who can read the file as soon as it is offered."""

    app: App
    person: str
    alias: str = field(default="", repr=False)
    sites: list[Named] | None = None
    to: str = ""
    mode: str = "shared"
    agreed_before: bool = False
    agreed: bool = False
    guardian_needed: bool = False
    reads: list[Named] = field(default_factory=list, repr=False)
    error: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    _reason: str = field(default="", repr=False)
    _guardian: str = field(default="", repr=False)

    async def reload(self) -> None:
        self.alias = await self.app.ask(name_of, "young_person", self.person)
        self.agreed_before = await self.app.ask(sharing.agreement, self.person)
        self.sites = await self.app.ask(sharing.receivers, self.person)
        if len(self.sites) == 1:
            await self.choose(self.sites[0].id)

    async def choose(self, site: str) -> None:
        self.to, self.error = site, ""
        self.reads = await self.app.ask(sharing.will_read, site)

    def how(self, mode: str) -> None:
        self.mode = mode

    def agree(self, agreed: bool) -> None:
        self.agreed, self.error = agreed, ""

    def write(self, reason: str) -> None:
        self._reason = reason

    def name_guardian(self, name: str) -> None:
        self._guardian = name

    async def send(self) -> bool:
        """False if something is in the way; `error` says what."""
        if not self.to:
            self.error = "no_site"
            return False
        form = OfferForm(self.to, self.mode, self._reason, agreed=self.agreed, guardian=self._guardian)
        try:
            await self.app.do(sharing.offer, self.person, form)
        except InputRefused as refused:
            self.guardian_needed = self.guardian_needed or refused.code == "needs_guardian"
            self.error, self.facts = refused.code, dict(refused.facts)
            return False
        return True


@ft.observable
@dataclass
class Leaving:
    """Declining an offer, or ending what is shared; the other site reads why."""

    app: App
    person: str
    how: Parting
    alias: str = field(default="", repr=False)
    ours: bool = False
    """The file stays with us."""
    error: str = ""
    _because: str = field(default="", repr=False)

    async def reload(self) -> None:
        self.alias = await self.app.ask(name_of, "young_person", self.person)
        current = (await self.app.ask(sharing.of_person, self.person)).current
        self.ours = current is not None and current.mine

    def write(self, because: str) -> None:
        self._because = because

    async def leave(self) -> bool:
        """False if something is in the way; `error` says what."""
        try:
            referral = await self.app.ask(sharing.running, self.person)
            await self.app.do(sharing.decline if self.how == "decline" else sharing.end, referral, self._because)
        except InputRefused as refused:
            self.error = refused.code
            return False
        return True
