"""The way with somebody on the screen: taps that can be taken back, and the form that ends an accompaniment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import flet as ft

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import absences, cases, entries, goals, lost_answers
from goes_mobile.services.cases import CaseEnd
from goes_mobile.state.app import App


@dataclass(frozen=True)
class CaseworkActions:
    """What one tap does in the file, and what takes it back."""

    app: App

    async def begin(self, person: str) -> str:
        """The case's id; empty if another device has begun one meanwhile."""
        try:
            saved = await self.app.do(cases.begin, person)
        except InputRefused:
            return ""
        return saved[0].id

    async def drop(self, case: str) -> None:
        await self.app.do(entries.delete, "case", case)

    async def pause(self, case: str) -> None:
        await self.app.do(cases.pause, case)

    async def resume(self, case: str) -> None:
        await self.app.do(cases.resume, case)

    async def reopen(self, case: str, outcome: str) -> None:
        await self.app.do(cases.reopen, case, outcome)

    async def tick(self, goal: str, step: str, done: bool) -> None:
        await self.app.do(goals.tick if done else goals.untick, goal, step)

    async def add_step(self, goal: str, what: str) -> None:
        if what.strip():
            await self.app.do(goals.add_step, goal, what)

    async def rate(self, goal: str, attainment: str | None) -> None:
        await self.app.do(goals.rate, goal, attainment)

    async def returned(self, absence: str, back: bool) -> None:
        await self.app.do(absences.returned if back else absences.away, absence)

    async def arrived(self, referral: str, there: bool) -> None:
        if there:
            await self.app.do(lost_answers.arrived, referral)
        else:
            await self.app.do(entries.change, "referral", referral, {"arrived": None, "arrived_on": None})


@ft.observable
@dataclass
class CaseEnding:
    """Ending an accompaniment: until it is saved, it runs."""

    app: App
    case: str
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    loaded: bool = False
    missing: bool = False

    async def reload(self) -> None:
        if self.loaded:
            return
        try:
            await self.app.ask(entries.detail, "case", self.case)
        except InputRefused:
            self.missing = True
            return
        self.values = {"ends": await self.app.ask(lambda desk: desk.today)}
        self.loaded = True

    def set(self, name: str, value: Any) -> None:
        self.values = {**self.values, name: value}
        self.errors = {key: code for key, code in self.errors.items() if key != name}

    async def save(self) -> str:
        """The id of the outcome at the exit; empty if something is missing, which `errors` then says."""
        try:
            saved = await self.app.do(cases.close, self.case, CaseEnd(**self.values))
        except InputRefused as refused:
            self.errors = {str(refused.facts.get("field", "")): refused.code}
            return ""
        return saved[-1].id
