"""Zugriffe: a supervisor's list of who opened, or gave out, what."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import flet as ft

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import accesses, organisation
from goes_mobile.services.accesses import AccessPage, Filter
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.names import name_of
from goes_mobile.state.app import App
from goes_mobile.state.encounters import Period, span

PAGE = 50


@ft.observable
@dataclass
class Accesses:
    """Newest first, narrowed. `person`: the file it was opened from; `refused`: not for this role."""

    app: App
    person: str = ""
    name: str = field(default="", repr=False)
    filter: Filter = field(default_factory=Filter)
    period: Period = "quarter"
    page: AccessPage | None = None
    members: list[Named] = field(default_factory=list)
    refused: bool = False
    _limit: int = PAGE
    _turn: int = 0

    def __post_init__(self) -> None:
        if self.person:  # of one file everything counts, and it is little
            self.period, self.filter = "", Filter(person=self.person)

    async def reload(self) -> None:
        self._turn = turn = self._turn + 1
        try:
            found = await self.app.ask(_look, self.filter, self.period, self.person, self._limit)
        except InputRefused:
            self.refused = True
            return
        if turn == self._turn:
            self.page, self.members, self.name, self.filter = found

    async def narrow(self, **chosen: Any) -> None:
        """Sets filters; None takes one away."""
        self.filter, self._limit = replace(self.filter, **chosen), PAGE
        await self.reload()

    async def choose_period(self, period: Period | None) -> None:
        self.period, self._limit = period or "", PAGE
        await self.reload()

    async def clear(self) -> None:
        self.period, self.filter, self._limit = "", Filter(person=self.person or None), PAGE
        await self.reload()

    async def more(self) -> None:
        self._limit += PAGE
        await self.reload()


def _look(
    desk: Desk, narrowed: Filter, period: Period, person: str, limit: int
) -> tuple[AccessPage, list[Named], str, Filter]:
    start, end = span(period, desk.today)
    narrowed = replace(narrowed, start=start, end=end)
    members = [Named(m.id, m.name) for m in organisation.members(desk, active=False)]
    name = name_of(desk, "young_person", person) if person else ""
    return accesses.page(desk, narrowed, limit), members, name, narrowed
