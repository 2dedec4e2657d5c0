"""Zusammenführen: finding the other file, comparing both, merging, separating."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import flet as ft

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import people, sameness
from goes_mobile.services.desk import Desk
from goes_mobile.services.people import PersonLine
from goes_mobile.services.sameness import Facts, Pair
from goes_mobile.state.app import App


@ft.observable
@dataclass
class Merging:
    """A file and the one that may be the same person's. ``found``: whom it resembles, or who was searched for."""

    app: App
    person: str
    text: str = field(default="", repr=False)
    found: list[PersonLine] | None = field(default=None, repr=False)
    one: Facts | None = None
    other: Facts | None = None
    error: str = ""

    async def reload(self) -> None:
        self.one = await self.app.ask(sameness.facts, self.person)
        await self.search(self.text)

    async def search(self, text: str) -> None:
        self.text = text
        found = await self.app.ask(_others, self.person, text)
        if text == self.text:
            self.found = found

    async def choose(self, person: str) -> None:
        self.other = await self.app.ask(sameness.facts, person)
        self.error = self.one.refusal or self.other.refusal if self.one else ""

    def choose_another(self) -> None:
        self.other, self.error = None, ""

    async def merge(self) -> list[Pair]:
        """What was said, to be taken back by `separate`; nothing if something is in the way."""
        assert self.other is not None  # the button is there with the comparison
        try:
            said = await self.app.ask(sameness.pairs, self.person, self.other.id)
            await self.app.do(sameness.join, said)
        except InputRefused as refused:
            self.error = refused.code
            return []
        return said


def _others(desk: Desk, person: str, text: str) -> list[PersonLine]:
    own = sameness.ids(desk, person)
    if text.strip():
        return [line for line in people.find(desk, text) if line.id not in own]
    known = sameness.facts(desk, person)
    words = {name: known.words.get(name, "") for name in ("given_name", "family_name", "phone")}
    year = people.get(desk, person).birth_year
    alike = people.similar(desk, known.alias, words["given_name"], words["family_name"], year, words["phone"])
    return [similar.line for similar in alike if similar.line.id not in own]


async def take_out(app: App, person: str) -> list[Pair]:
    """The file stands alone again; what was said of it, to be put back by `join`."""
    said = await app.ask(sameness.edges, person)
    await app.do(sameness.part, said)
    return said


async def join(app: App, said: Sequence[Pair]) -> None:
    await app.do(sameness.join, said)


async def part(app: App, said: Sequence[Pair]) -> None:
    await app.do(sameness.part, said)
