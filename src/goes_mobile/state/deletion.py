"""Löschen beantragen, Löschanträge, Löschkalender, Auskunft."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, Literal

import flet as ft

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import accesses, deletion, disclosure, disclosure_files, retention, sameness
from goes_mobile.services.deletion import OrderLine
from goes_mobile.services.desk import Desk
from goes_mobile.services.disclosure import Disclosure
from goes_mobile.services.names import name_of
from goes_mobile.services.retention import DueLine
from goes_mobile.state.app import App

PAGE = 50


@ft.observable
@dataclass
class DeletionForm:
    """Asking for a file or a record to be deleted."""

    app: App
    kind: str
    record: str
    name: str = field(default="", repr=False)
    others: list[str] = field(default_factory=list, repr=False)
    """The same young person's other files, which are deleted with it."""
    reason: str = ""
    text: str = field(default="", repr=False)
    error: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    async def reload(self) -> None:
        self.name = await self.app.ask(name_of, self.kind, self.record)
        if self.kind == deletion.PERSON:
            merged = await self.app.ask(sameness.merged, self.record)
            self.others = [one.facts.alias for one in merged]

    def choose(self, reason: str) -> None:
        self.reason, self.error = reason, ""

    def write(self, text: str) -> None:
        self.text = text

    async def ask(self) -> bool:
        """False if something is in the way; `error` says what."""
        if not self.reason:
            self.error = "no_reason"
            return False

        def then(desk: Desk) -> None:
            deletion.propose(desk, self.kind, self.record, self.reason)

        try:
            await self.app.do_then(then, deletion.request, self.kind, self.record, self.reason, self.text)
        except InputRefused as refused:
            self.error, self.facts = refused.code, dict(refused.facts)
            return False
        return True


@ft.observable
@dataclass
class Deletions:
    """All requests, and what became of them."""

    app: App
    lines: list[OrderLine] | None = None
    chosen: list[OrderLine] = field(default_factory=list)
    """About to be released: asked once more, because there is no way back."""
    declining: OrderLine | None = None
    why: str = field(default="", repr=False)
    error: str = ""
    shown: int = PAGE

    async def reload(self) -> None:
        self.lines = await self.app.ask(deletion.lines)

    @property
    def left_behind(self) -> list[OrderLine]:
        """Old copies of moved records that this supervisor can release: asked for by devices, so many, and alike."""
        return [
            line for line in self.lines or ()
            if (line.state, line.reason, line.refusal) == ("proposed", "moved", "")
        ]  # fmt: skip

    def choose(self, *lines: OrderLine) -> None:
        self.chosen = [*lines]

    def more(self) -> None:
        self.shown += PAGE

    async def release(self) -> str:
        """A refusal's code, or nothing."""
        lines, self.chosen = self.chosen, []
        try:
            for line in lines:
                await self.app.profile.release(line.id)
        except InputRefused as refused:
            return refused.code
        finally:
            await self.reload()
        return ""

    def begin_no(self, line: OrderLine | None) -> None:
        """*Ablehnen*: a reason is asked for."""
        self.declining, self.why, self.error = line, "", ""

    def write(self, why: str) -> None:
        self.why, self.error = why, ""

    async def decline(self) -> bool:
        """False if something is in the way; `error` says what."""
        line = self.declining
        if line is None:
            return False
        try:
            await self.app.do(deletion.decline, line.id, self.why)
        except InputRefused as refused:
            self.error = refused.code
            return False
        self.begin_no(None)
        await self.reload()
        return True


@ft.observable
@dataclass
class Calendar:
    """What is due by the county's rules."""

    app: App
    lines: list[DueLine] | None = None
    shown: int = PAGE

    async def reload(self) -> None:
        self.lines = await self.app.ask(retention.calendar)

    def more(self) -> None:
        self.shown += PAGE


@ft.observable
@dataclass
class DisclosureView:
    """Everything held about a young person, to be read and handed out."""

    app: App
    person: str
    made: Disclosure | None = None
    error: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    writing: bool = False

    async def reload(self) -> None:
        try:
            self.made = await self.app.ask(disclosure.of_person, self.person)
            self.app.note(accesses.DISCLOSED, "young_person", self.person)
        except InputRefused as refused:
            self.error, self.facts = refused.code, dict(refused.facts)

    async def save(self, wanted: Literal["pdf", "json"]) -> str | None:
        """Where the file went; ``None`` if it was not wanted after all."""
        if self.made is None or self.app.files is None:
            return None
        self.writing = True
        try:
            write = disclosure_files.as_pdf if wanted == "pdf" else disclosure_files.as_json
            content = await asyncio.to_thread(write, self.made)
            place = await self.app.files.save(f"auskunft-{self.person[-6:]}.{wanted}", content)
            if place is not None:
                self.app.note(accesses.EXPORTED, "young_person", self.person)
            return place
        finally:
            self.writing = False
