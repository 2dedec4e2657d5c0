"""Wiedervorlagen: the list, and what can be done with one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import flet as ft

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import organisation, people, tasks
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.people import PersonLine
from goes_mobile.services.tasks import TaskForm, TaskLine, Which
from goes_mobile.state.app import App
from goes_mobile.state.kept import Kept


@ft.observable
@dataclass
class TaskList:
    """Mine, the site's, those done."""

    app: App
    which: Which = "mine"
    lines: list[TaskLine] | None = None

    async def reload(self) -> None:
        which = self.which
        found = await self.app.ask(tasks.lines, which)
        if which == self.which:
            self.lines = found

    async def choose(self, which: Which) -> None:
        self.which = which
        await self.reload()


@ft.observable
@dataclass
class TaskActions:
    """What a line of a task offers, on whichever screen it stands."""

    app: App
    colleagues: list[Named] = field(default_factory=list)

    async def reload(self) -> None:
        self.colleagues = await self.app.ask(_colleagues)

    async def finish(self, task: str) -> None:
        await self.app.do(tasks.done, task)

    async def reopen(self, task: str) -> None:
        await self.app.do(tasks.reopen, task)

    async def postpone(self, task: str, to: date) -> None:
        await self.app.do(tasks.postpone, task, to)

    async def put_back(self, task: str, due: date | None) -> None:
        """Undoes a postponement, into the past too."""
        await self.app.do(tasks.change, task, {"due": due})

    async def assign(self, task: str, member: str) -> None:
        await self.app.do(tasks.assign, task, member)


def _colleagues(desk: Desk) -> list[Named]:
    """Me first, then those of my sites, then everybody."""
    found = organisation.members(desk)
    mine = set(desk.me.sites)
    near = sorted(found, key=lambda m: (not m.me, not any(s.id in mine for s in m.sites), m.name.casefold()))
    return [Named(m.id, m.name) for m in near]


@ft.observable
@dataclass
class NewTask:
    """Something to do: what, until when, who, about whom."""

    app: App
    person: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    colleagues: list[Named] = field(default_factory=list)
    about: PersonLine | None = None
    today: date | None = None
    kept: bool = False
    loaded: bool = False

    def __post_init__(self) -> None:
        self._draft = Kept(self.app, f"task:{self.person or 'new'}", self._was_kept)

    def _was_kept(self) -> None:
        self.kept = True

    async def reload(self) -> None:
        if self.loaded:
            return
        self.colleagues, me, self.today = await self.app.ask(_begin)
        typed = await self._draft.load()
        self.values = {"assignee": me, **({"person": self.person} if self.person else {}), **typed}
        self.kept = bool(typed)
        await self._about()
        self.loaded = True

    async def _about(self) -> None:
        person = self.values.get("person")
        self.about = await self.app.ask(people.line, person) if person else None

    async def set(self, name: str, value: Any) -> None:
        self.values = {**self.values, name: value}
        self.errors = {k: v for k, v in self.errors.items() if k != name}
        self._draft.later(self.values)
        if name == "person":
            await self._about()

    async def find(self, text: str) -> list[PersonLine]:
        found: list[PersonLine] = await self.app.ask(people.find, text)
        return found

    async def drop(self) -> None:
        await self._draft.drop()

    async def save(self) -> bool:
        form = TaskForm(**{name: value for name, value in self.values.items() if value})
        try:
            await self.app.do(tasks.create, form)
        except InputRefused as refused:
            self.errors = {str(refused.facts.get("field", "title")): refused.code}
            return False
        await self._draft.drop()
        return True


def _begin(desk: Desk) -> tuple[list[Named], str, date]:
    return _colleagues(desk), desk.me.member, desk.today
