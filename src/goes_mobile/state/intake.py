"""Einlesen on the screen: a list is chosen, its columns understood, every line tried; then something is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import flet as ft

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import importing
from goes_mobile.services.importing import Row, Wiring
from goes_mobile.services.tables import Table
from goes_mobile.state.app import App
from goes_mobile.state.importing import taken_in

MOST_BYTES = 50_000_000
ENDINGS = ("csv", "txt", "xlsx")


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that cannot be taken, and why."""

    number: int
    code: str
    facts: Mapping[str, Any] = field(repr=False)


@dataclass(slots=True)
class Tried:
    """What has become of so many lines."""

    new: int = 0
    same: int = 0
    refused: list[Refused] = field(default_factory=list)

    @property
    def lines(self) -> int:
        return self.new + self.same + len(self.refused)

    def add(self, rows: list[Row]) -> None:
        for row in rows:
            if row.refused is not None:
                self.refused.append(Refused(row.number, row.refused.code, row.refused.facts))
            elif row.change is not None:
                self.new += 1
            else:
                self.same += 1


@ft.observable
@dataclass
class Intake:
    """``tried``: by a run that writes nothing, until ``written``. ``at``: lines that are through, while it runs."""

    app: App
    kind: str = "encounter"
    table: Table | None = None
    wiring: Wiring | None = None
    tried: Tried | None = None
    written: bool = False
    problem: str = ""
    running: bool = False
    at: int = 0

    async def reload(self) -> None:
        """Nothing that comes from elsewhere changes what is being read in."""

    def choose_kind(self, kind: str) -> None:
        self.kind = kind
        self._begin()

    def _begin(self) -> None:
        self.table = self.wiring = self.tried = None
        self.written, self.problem, self.at = False, "", 0

    async def choose(self) -> None:
        """A file of the office's own; every line is tried at once."""
        if self.app.files is None:
            return
        picked = await self.app.files.choose(MOST_BYTES, ENDINGS)
        if picked is None:
            return
        self._begin()
        try:
            table, self.wiring = await self.app.ask(importing.opened, self.kind, picked.name, picked.content)
        except InputRefused as refused:
            self.problem = refused.code
            return
        self.table = table
        await self._run(dry_run=True)

    async def wire(self, heading: str, name: str | None) -> None:
        """This column is that field, or none; a field has one column."""
        if self.wiring is None:
            return
        kept = {h: f for h, f in self.wiring.columns.items() if h != heading and f != name}
        self.wiring = Wiring({**kept, **({heading: name} if name else {})}, self.wiring.values)
        await self._run(dry_run=True)

    async def write(self) -> None:
        """Good lines are kept as they come; stopped in between, the rest follows with the same file."""
        await self._run(dry_run=False)
        self.written = True

    async def _run(self, *, dry_run: bool) -> None:
        if self.table is None or self.wiring is None or self.running:
            return
        tried = Tried()

        def tell(rows: list[Row]) -> None:
            tried.add(rows)
            self.at = tried.lines

        self.running, self.at = True, 0
        try:
            await taken_in(self.app.profile, self.kind, self.table, self.wiring, tell, dry_run=dry_run)
        finally:
            self.running = False
        self.tried = tried

    async def save_refused(self, words: Mapping[str, str]) -> str | None:
        """The lines that were not taken, by number and reason alone: what stood in them stays in the office's file."""
        if self.app.files is None or self.tried is None:
            return None
        lines = [f"{one.number};{words[one.code]}" for one in self.tried.refused]
        return await self.app.files.save("abgelehnt.csv", "\r\n".join(lines).encode("utf-8-sig"))
