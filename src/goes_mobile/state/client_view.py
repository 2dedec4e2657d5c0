"""What is turned to the young person, and the way back to the file, which asks who is there."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import accesses, casework, goals
from goes_mobile.services.casework import ClientView
from goes_mobile.state.app import App
from goes_mobile.state.unlock import Unlock


@ft.observable
@dataclass
class ClientSide:
    """Their words, their goals, what is next, who helps."""

    app: App
    person: str
    view: ClientView | None = None
    missing: bool = False

    async def reload(self) -> None:
        try:
            self.view = await self.app.ask(casework.client_view, self.person)
            self.missing = False
            self.app.note(accesses.OPENED, "young_person", self.person)
        except InputRefused:
            self.missing = True

    async def sign(self, goal: str, signature: str) -> None:
        await self.app.do(goals.sign, goal, signature)


@ft.observable
@dataclass
class WayBack(Unlock):
    """The PIN or passphrase of whoever turned the screen round; wrong tries count as they do at the door."""

    passed: bool = False

    async def _enter(self, secret_text: str, device_secret: bytes | None) -> None:
        await self.app.profile.unlock(secret_text, device_secret)
        self.passed = True
