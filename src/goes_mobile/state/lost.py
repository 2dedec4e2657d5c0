"""Niemand geht verloren: the whole list, the answers, and the form of an explanation."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

import flet as ft

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import encounters, lost, lost_answers, organisation, tasks
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.lost import LostLine, Reason
from goes_mobile.services.names import name_of
from goes_mobile.state.app import App
from goes_mobile.store.change import Change


@ft.observable
@dataclass
class LostList:
    app: App
    lines: list[LostLine] | None = None

    async def reload(self) -> None:
        self.lines = await self.app.ask(lost.lines)


@ft.observable
@dataclass
class LostActions:
    """What a line offers, on whichever screen it stands."""

    app: App
    colleagues: list[Named] = field(default_factory=list)

    async def reload(self) -> None:
        self.colleagues = await self.app.ask(_colleagues)

    async def reached(self, line: LostLine) -> str:
        """The encounter's id."""
        return (await self.app.do(lost_answers.reached, line.person))[0].id

    async def not_reached(self, line: LostLine, again: date) -> None:
        await self.app.do(lost_answers.not_reached, line.person, line.reason, again)

    async def hand_over(self, line: LostLine, member: str) -> None:
        await self.app.do(lost_answers.hand_over, line.person, member)

    async def arrived(self, line: LostLine) -> None:
        await self.app.do(lost_answers.arrived, line.record)

    async def finish(self, line: LostLine) -> None:
        await self.app.do(tasks.done, line.record)

    async def take_back(self, kind: str, record: str) -> None:
        """Undoes the last answer."""
        match kind:
            case "encounter":
                await self.app.do(encounters.delete, record)
            case "task":
                await self.app.do(tasks.reopen, record)
            case "referral":
                await self.app.do(lambda _: [Change("referral", record, {"arrived": None, "arrived_on": None})])


def _colleagues(desk: Desk) -> list[Named]:
    """Who works at my sites too."""
    mine = set(desk.me.sites)
    return [Named(m.id, m.name) for m in organisation.members(desk) if not m.me and mine & {s.id for s in m.sites}]


@ft.observable
@dataclass
class Explaining:
    """Why somebody is not called lost for now, and until when."""

    app: App
    reason: str
    person: str
    alias: str = field(default="", repr=False)
    because: str = ""
    until: date | None = None
    errors: dict[str, str] = field(default_factory=dict)
    _words: str = field(default="", repr=False)

    async def reload(self) -> None:
        self.alias = await self.app.ask(name_of, "young_person", self.person)

    def choose(self, because: str) -> None:
        self.because, self.errors = because, {}

    def rest_until(self, day: date | None) -> None:
        self.until, self.errors = day, {}

    def write(self, words: str) -> None:
        self._words = words

    async def save(self) -> bool:
        """Whether it is explained; if not, ``errors`` says what is missing."""
        if self.until is None:
            self.errors = {"until": "required"}
            return False
        told: dict[str, Any] = {"because": self.because, "until": self.until, "words": self._words}
        try:
            await self.app.do(lost_answers.explain, self.person, cast(Reason, self.reason), **told)
        except InputRefused as refused:
            self.errors = {str(refused.facts.get("field", "")): refused.code}
            return False
        return True
