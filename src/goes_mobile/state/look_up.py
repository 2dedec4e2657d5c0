"""Suche: one field over everything this device may see."""

from __future__ import annotations

from dataclasses import dataclass, field

import flet as ft

from goes_mobile.records import registry
from goes_mobile.services import look_up
from goes_mobile.services.desk import Desk
from goes_mobile.services.look_up import Found
from goes_mobile.state.app import App

LIMIT = 60
_LEADS_TO = {"participation": ("encounter", "encounter"), "consent": ("young_person", "person")}
"""Kinds that are shown with another record: its kind, and the field that names it."""


@dataclass(frozen=True)
class Hit:
    """Something found, and the record that shows it."""

    found: Found
    kind: str
    record: str


@ft.observable
@dataclass
class LookUp:
    """What is typed, and what holds it. None: nothing was asked yet."""

    app: App
    text: str = ""
    hits: list[Hit] | None = None
    _turn: int = field(default=0)

    async def reload(self) -> None:
        self._turn = turn = self._turn + 1
        text = self.text.strip()
        hits = await self.app.ask(_hits, text) if len(text) > 1 else None
        if turn == self._turn:
            self.hits = hits

    async def search(self, text: str) -> None:
        self.text = text
        await self.reload()


def _hits(desk: Desk, text: str) -> list[Hit]:
    return [_hit(desk, found) for found in look_up.everything(desk, text, LIMIT)]


def _hit(desk: Desk, found: Found) -> Hit:
    if found.kind in ("review", "review_answer"):
        return Hit(found, "encounter", _reviewed(desk, found))
    if found.kind in _LEADS_TO:
        kind, name = _LEADS_TO[found.kind]
        record = desk.read.get(registry.kind(found.kind).cls, found.id)
        return Hit(found, kind, str(getattr(record, name, "") or ""))
    return Hit(found, found.kind, found.id)


def _reviewed(desk: Desk, found: Found) -> str:
    record = desk.read.get(registry.kind(found.kind).cls, found.id)
    if found.kind == "review_answer":
        record = desk.read.get(registry.kind("review").cls, str(getattr(record, "review", "")))
    return str(getattr(record, "record", "") or "")
