"""Zwei Fassungen: two people changed the same field without knowing of each other. Nothing is thrown away."""

from __future__ import annotations

from dataclasses import dataclass, field

import flet as ft

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import accesses, conflicts
from goes_mobile.services.conflicts import ConflictCard, Contested
from goes_mobile.state.app import App


@ft.observable
@dataclass
class Versions:
    """The undecided fields of one record, one question at a time."""

    app: App
    kind: str
    record: str
    card: ConflictCard | None = None
    missing: bool = False
    chosen: str = ""
    """The version that was ticked, by its operation; empty: the own text counts."""
    own: str = ""
    decided: int = 0
    _path: str = field(default="")

    async def reload(self) -> None:
        try:
            self.card = await self.app.ask(conflicts.card, self.kind, self.record)
        except InputRefused:
            self.missing = True
            return
        self.app.note(accesses.opened(self.kind), self.kind, self.record)
        if self.now is None:
            return
        if self.now.path != self._path:
            self._path, self.own, self.chosen = self.now.path, "", ""
        if not self.own.strip() and self.chosen not in {v.op for v in self.now.versions}:
            self.chosen = next(v.op for v in self.now.versions if v.shown)

    @property
    def now(self) -> Contested | None:
        """The field asked about; its versions stay on the screen until it is decided."""
        return self.card.open[0] if self.card and self.card.open else None

    @property
    def left(self) -> int:
        return len(self.card.open) if self.card else 0

    def tick(self, op: str) -> None:
        self.chosen, self.own = op, ""

    def write(self, text: str) -> None:
        """A version of its own; it counts as soon as something stands there."""
        self.own = text
        if text.strip():
            self.chosen = ""
        elif not self.chosen and self.now is not None:
            self.chosen = next(v.op for v in self.now.versions if v.shown)

    def join(self) -> None:
        """Both one after the other, to be looked over before it is taken."""
        if self.now is not None:
            self.write(self.now.joined)

    async def take(self) -> None:
        """What is ticked or written counts; the others stay in the history."""
        field_, card = self.now, self.card
        if field_ is None or card is None:
            return
        own = self.own.strip()
        about = (self.kind, self.record, field_.path)
        try:
            if own:
                await self.app.do(conflicts.write_own, *about, own, base=card.base)
            else:
                await self.app.do(conflicts.take, *about, self.chosen, base=card.base)
            self.decided += 1
        finally:  # also when a colleague has decided meanwhile, which is then said
            await self.reload()
