"""Finding the person an encounter is with, or making a file on the fly: nobody should be there twice."""

from __future__ import annotations

from dataclasses import dataclass, field

import flet as ft

from goes_mobile.services import capture, people
from goes_mobile.services.capture import DraftPerson
from goes_mobile.services.people import PersonLine, Similar
from goes_mobile.state.app import App


@ft.observable
@dataclass
class PersonSearch:
    """The sheet „Person suchen“: a text and its hits, or a new file and whom it resembles."""

    app: App
    text: str = field(default="", repr=False)
    found: list[PersonLine] | None = field(default=None, repr=False)
    making: bool = False
    gender: str | None = None
    wrong: str = ""
    similar: list[Similar] = field(default_factory=list, repr=False)
    _alias: str = field(default="", repr=False)
    _year: str = field(default="", repr=False)

    async def search(self, text: str) -> None:
        """Best matches first; only the answer to the newest text counts."""
        self.text = text
        found = await self.app.ask(people.find, text)
        if text == self.text:
            self.found = found

    async def begin_new(self) -> None:
        """What was searched for is the alias to begin with."""
        self.making, self.wrong, self.gender, self._year = True, "", None, ""
        self._alias = self.text.strip()
        await self._compare()

    def back(self) -> None:
        self.making = False

    async def set_alias(self, text: str) -> None:
        self._alias = text
        self.wrong = ""
        await self._compare()

    async def set_year(self, text: str) -> None:
        self._year = text.strip()
        self.wrong = ""
        await self._compare()

    def set_gender(self, gender: str | None) -> None:
        self.gender = None if gender == self.gender else gender

    async def _compare(self) -> None:
        alias, year = self._alias.strip(), self.year
        similar = await self.app.ask(people.similar, alias, birth_year=year) if alias else []
        if alias == self._alias.strip() and year == self.year:
            self.similar = similar

    @property
    def alias(self) -> str:
        return self._alias

    @property
    def year_typed(self) -> str:
        return self._year

    @property
    def year(self) -> int | None:
        return int(self._year) if self._year.isdecimal() and len(self._year) == 4 else None

    async def make(self) -> DraftPerson | None:
        """The new person for the draft; the file itself is written together with the encounter."""
        if not self._alias.strip():
            self.wrong = "alias"
            return None
        if self._year and self.year is None:
            self.wrong = "year"
            return None
        return await self.app.ask(capture.new_person, self._alias, self.year, self.gender)
