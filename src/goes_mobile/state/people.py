"""Menschen: the list and one file."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date

import flet as ft

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import (
    accesses,
    casework,
    consent_sheet,
    consents,
    people,
    person_file,
    sameness,
    sharing,
    tasks,
)
from goes_mobile.services.casework import Casework
from goes_mobile.services.people import PeoplePage, Which
from goes_mobile.services.person_file import PersonView
from goes_mobile.services.sharing import Sharing
from goes_mobile.state.app import App

PAGE = 50
MOMENTS = 50
CONSENT_FILE = "einwilligung.pdf"
"""No name: files show up in lists of what was opened last."""


@ft.observable
@dataclass
class PeopleList:
    """Mine, those with something open, all; narrowed by what is typed."""

    app: App
    which: Which | None = None
    """None until it is known whether there is anybody of mine."""
    text: str = ""
    page: PeoplePage | None = None
    _limit: int = PAGE
    _turn: int = 0

    async def reload(self) -> None:
        self._turn = turn = self._turn + 1
        page = await self.app.ask(people.lines, self.which or "mine", self.text, limit=self._limit)
        if self.which is None:
            me = self.app.status.me
            self.which = "all" if not page.mine or (me is not None and me.supervises) else "mine"
            if self.which == "all":
                await self.reload()
                return
        if turn == self._turn:  # a slower answer to an older question does not overwrite a newer one
            self.page = page

    async def choose(self, which: Which) -> None:
        self.which, self._limit = which, PAGE
        await self.reload()

    async def search(self, text: str) -> None:
        self.text, self._limit = text, PAGE
        await self.reload()

    async def more(self) -> None:
        self._limit += PAGE
        await self.reload()


@ft.observable
@dataclass
class PersonFile:
    """One file. `missing`: not on this device."""

    app: App
    person: str
    view: PersonView | None = None
    work: Casework | None = None
    stands: Sharing | None = None
    """How it stands between the sites."""
    missing: bool = False
    _moments: int = MOMENTS

    async def reload(self) -> None:
        try:
            files = await self.app.ask(sameness.ids, self.person)
            self.stands = await self.app.ask(sharing.of_person, files[0])
            self.work = await self.app.ask(casework.of_person, files[0])
            self.view = await self.app.ask(person_file.detail, files[0], self._moments)
            self.missing = False
            for file in files:
                self.app.note(accesses.OPENED, "young_person", file)
        except InputRefused:
            self.missing = True

    async def more(self) -> None:
        """More of the timeline."""
        self._moments += MOMENTS
        await self.reload()

    async def finish(self, task: str) -> None:
        await self.app.do(tasks.done, task)

    async def reopen(self, task: str) -> None:
        await self.app.do(tasks.reopen, task)

    async def postpone(self, task: str, to: date) -> None:
        await self.app.do(tasks.postpone, task, to)

    async def withdraw(self, consent: str) -> None:
        await self.app.do(consents.withdraw, consent)

    async def clear_late(self) -> None:
        await self.app.do(consents.clear_late, self.person)

    async def give_out(self, consent: str) -> str | None:
        """The consent as a PDF, to where the person chooses; ``None`` if they thought better of it."""
        if self.app.files is None:
            return None
        told = await self.app.ask(consent_sheet.parts, consent)
        place = await self.app.files.save(CONSENT_FILE, await asyncio.to_thread(consent_sheet.as_pdf, told))
        if place is not None:
            self.app.note(accesses.GIVEN_OUT, "young_person", self.person)
        return place

    async def accept(self, referral: str) -> str:
        """A refusal's code, or nothing: somebody may have ended it meanwhile."""
        try:
            await self.app.do(sharing.accept, referral)
        except InputRefused as refused:
            return refused.code
        return ""
