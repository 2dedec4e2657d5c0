"""Synchronisation: what is saved, what the server has, what waits and why; wrong times; what is held back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import flet as ft

from goes_mobile.services import conflicts, sync_view
from goes_mobile.services.conflicts import RecordLine
from goes_mobile.services.sync_view import ClockView, HeldLine, SyncView
from goes_mobile.state.app import App
from goes_mobile.store.evidence import gather


@ft.observable
@dataclass
class Synchronisation:
    """How delivery stands. Offline is a state, not a fault."""

    app: App
    view: SyncView | None = None
    findings: list[str] = field(default_factory=list)
    """What was noticed about the server since the program runs."""
    trying: bool = False

    async def reload(self) -> None:
        link = self.app.status.sync
        self.view = await self.app.ask(sync_view.overview, link)
        known = {hint.code for hint in [*self.view.hints, *self.view.seen]}
        self.findings = [code for code in link.findings if code not in known]

    async def save_evidence(self) -> str | None:
        """What this device can show about the server, as a file; ``None`` if it was not wanted after all."""
        store = self.app.profile.store
        if store is None or self.app.files is None:
            return None
        shown = await self.app.profile.lane(gather, store)
        day = datetime.fromtimestamp(shown.made_at / 1000, UTC).date()
        return await self.app.files.save(f"nachweis-{day.isoformat()}.json", shown.encode())

    async def see(self) -> None:
        """What was noticed has been read; it goes to the end of the page."""
        await self.app.ask(sync_view.see)
        await self.reload()

    async def try_now(self) -> None:
        """One round at once; what it brings shows by itself."""
        if self.trying:
            return
        self.trying = True
        try:
            await self.app.sync_now()
        finally:
            self.trying = False
            await self.reload()


@ft.observable
@dataclass
class WrongTimes:
    """Times that a wrong clock wrote; chosen ones are set right."""

    app: App
    clock: ClockView | None = None
    left_out: set[str] = field(default_factory=set)

    async def reload(self) -> None:
        self.clock = await self.app.ask(sync_view.wrong_times)

    def tick(self, time: str, on: bool) -> None:
        self.left_out = self.left_out - {time} if on else self.left_out | {time}

    @property
    def chosen(self) -> list[str]:
        return [time.id for time in self.clock.times if time.id not in self.left_out] if self.clock else []

    async def correct(self) -> int:
        """How many were set right. The others are right as they are, so the offer ends."""
        chosen = self.chosen
        await self.app.do(sync_view.correct_times, chosen)
        await self.leave()
        return len(chosen)

    async def leave(self) -> None:
        """All times are right as they are."""
        await self.app.ask(sync_view.settle)
        await self.reload()


@ft.observable
@dataclass
class HeldBack:
    """What is kept apart, by reason."""

    app: App
    lines: list[HeldLine] | None = None

    async def reload(self) -> None:
        self.lines = await self.app.ask(sync_view.held)


@ft.observable
@dataclass
class Undecided:
    """Records with two versions."""

    app: App
    lines: list[RecordLine] | None = None

    async def reload(self) -> None:
        self.lines = await self.app.ask(conflicts.all_open)
