"""Termine: the list, whether they came, and the file for one's own calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import flet as ft

from goes_mobile.services import appointments
from goes_mobile.services.appointments import AppointmentLine, Which
from goes_mobile.state.app import App

FILE = "termine.ics"
"""Without a name: a file's name stands in lists that others see."""


@ft.observable
@dataclass
class AppointmentList:
    app: App
    which: Which = "mine"
    lines: list[AppointmentLine] | None = None

    async def reload(self) -> None:
        which = self.which
        found = await self.app.ask(appointments.lines, which)
        if which == self.which:
            self.lines = found

    async def choose(self, which: Which) -> None:
        self.which = which
        await self.reload()


@ft.observable
@dataclass
class AppointmentActions:
    """What a line offers, on whichever screen it stands."""

    app: App

    async def reload(self) -> None:
        """Nothing to load."""

    async def keep(self, appointment: str, kept: bool | None) -> None:
        await self.app.do(appointments.keep, appointment, kept)

    async def export(self, wanted: Sequence[str] | None, *, alias: bool) -> str | None:
        """Where the calendar file went; ``None`` if they thought better of it."""
        if self.app.files is None:
            return None
        content = await self.app.ask(partial(appointments.file, wanted=wanted, alias=alias))
        return await self.app.files.save(FILE, content)
