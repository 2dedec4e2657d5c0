"""Begegnungen: the list with its filters, and one of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal

import flet as ft

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import accesses, encounters, organisation, review
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.encounters import EncounterPage, EncounterView, Filter
from goes_mobile.services.review import Said
from goes_mobile.state.app import App

PAGE = 50
Period = Literal["", "today", "week", "month", "quarter", "year", "own"]


@dataclass(frozen=True)
class Around:
    """What the filters offer, and who asks."""

    today: date
    me: str
    members: list[Named]
    sites: list[Named]


def span(period: Period, today: date) -> tuple[date | None, date | None]:
    """First and last day of a period as people mean it."""
    if period == "today":
        return today, today
    if period == "week":
        return today - timedelta(days=today.weekday()), None
    if period == "month":
        return today.replace(day=1), None
    if period == "quarter":
        return today - timedelta(days=91), None
    if period == "year":
        return today.replace(month=1, day=1), None
    return None, None


@ft.observable
@dataclass
class EncounterList:
    """Newest first, narrowed by filters and words."""

    app: App
    filter: Filter = field(default_factory=Filter)
    period: Period = ""
    page: EncounterPage | None = None
    around: Around | None = None
    _limit: int = PAGE
    _turn: int = 0

    async def reload(self) -> None:
        self._turn = turn = self._turn + 1
        if self.around is None:
            self.around = await self.app.ask(_around)
        page = await self.app.ask(encounters.lines, self.filter, limit=self._limit)
        if turn == self._turn:
            self.page = page

    async def narrow(self, **chosen: Any) -> None:
        """Sets filters; None takes one away."""
        self.filter, self._limit = replace(self.filter, **chosen), PAGE
        await self.reload()

    async def search(self, text: str) -> None:
        await self.narrow(text=text)

    async def choose_period(self, period: Period) -> None:
        self.period = period
        if self.around is not None and period != "own":
            start, end = span(period, self.around.today)
            await self.narrow(start=start, end=end)

    async def clear(self) -> None:
        """Everything again, but for what is typed."""
        self.period = ""
        self.filter, self._limit = Filter(text=self.filter.text), PAGE
        await self.reload()

    async def more(self) -> None:
        self._limit += PAGE
        await self.reload()


def _around(desk: Desk) -> Around:
    members = [Named(m.id, m.name) for m in organisation.members(desk, active=False)]
    sites = [Named(s.id, s.name) for s in organisation.sites(desk) if s.mine]
    return Around(desk.today, desk.me.member, members, sites)


def _file(desk: Desk, encounter: str) -> tuple[EncounterView, list[Said], str]:
    view = encounters.detail(desk, encounter)
    mine = [q.review for q in review.my_questions(desk) if q.record == encounter] if view.mine else []
    return view, review.talk(desk, encounter), mine[-1] if mine else ""


@ft.observable
@dataclass
class EncounterFile:
    """One encounter. `missing`: not on this device."""

    app: App
    encounter: str
    view: EncounterView | None = None
    talk: list[Said] = field(default_factory=list)
    question: str = ""
    """What a supervisor asked me and I have not answered."""
    missing: bool = False

    async def reload(self) -> None:
        try:
            self.view, self.talk, self.question = await self.app.ask(_file, self.encounter)
            self.missing = False
            self.app.note(accesses.ENCOUNTER, "encounter", self.encounter)
        except InputRefused:
            self.missing = True

    async def delete(self) -> None:
        await self.app.do(encounters.delete, self.encounter)

    async def restore(self) -> None:
        await self.app.do(encounters.restore, self.encounter)
