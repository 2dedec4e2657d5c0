"""Aufbewahren: what keeps a file from being deleted, until when, and a new reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import flet as ft

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import holds
from goes_mobile.services.holds import HoldLine
from goes_mobile.services.names import name_of
from goes_mobile.state.app import App


@ft.observable
@dataclass
class Holds:
    """One young person's."""

    app: App
    person: str
    name: str = field(default="", repr=False)
    lines: list[HoldLine] | None = None
    reason: str = field(default="", repr=False)
    until: date | None = None
    errors: dict[str, str] = field(default_factory=dict)

    async def reload(self) -> None:
        self.name = await self.app.ask(name_of, "young_person", self.person)
        self.lines = await self.app.ask(holds.of_person, self.person)

    def write(self, reason: str) -> None:
        self.reason = reason
        self.errors = {}

    def end_on(self, day: date | None) -> None:
        self.until = day
        self.errors = {}

    async def hold(self) -> bool:
        """False if something is missing; `errors` says what."""
        try:
            await self.app.do(holds.hold, self.person, self.reason, self.until)
        except InputRefused as refused:
            self.errors = {str(refused.facts.get("field", "reason")): refused.code}
            return False
        return True

    async def lift(self, line: HoldLine) -> None:
        await self.app.do(holds.lift, line.id)

    async def put_back(self, line: HoldLine) -> None:
        await self.app.do(holds.put_back, line.id)
