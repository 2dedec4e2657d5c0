"""Dokumente: what is attached to a file; adding, opening in memory, giving out, taking away."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import flet as ft

from goes_mobile.services import accesses, attachments, media
from goes_mobile.services.attachments import AttachmentLine, Prepared
from goes_mobile.state.app import App


@ft.observable
@dataclass
class Documents:
    """One file's documents. `chosen`: a file was picked and waits for its kind. `opened` is on the screen, and its
    content in memory as long as it is."""

    app: App
    person: str
    lines: list[AttachmentLine] | None = None
    working: bool = False
    chosen: Prepared | None = None
    opened: AttachmentLine | None = None
    content: bytes = b""

    async def reload(self) -> None:
        self.lines = await self.app.ask(attachments.lines, self.person)

    async def pick(self) -> None:
        """From the device's files or photos; made fit before anybody is asked what it is."""
        if self.app.files is None:
            return
        picked = await self.app.files.choose(media.MOST_BYTES, media.ENDINGS)
        if picked is None:
            return
        self.working = True
        try:
            self.chosen = await asyncio.to_thread(attachments.prepare, picked.name, picked.content)
        finally:
            self.working = False

    async def add(self, file: Prepared | None, kind: str) -> None:
        """On disk when this returns; it is sent by itself."""
        self.chosen = None
        if file is not None:
            await self.app.do(attachments.add, self.person, file, kind)

    def drop(self) -> None:
        self.chosen = None

    async def open(self, line: AttachmentLine) -> None:
        """A picture, in memory alone."""
        self.content = await self.app.ask(attachments.content, line.id)
        self.opened = line
        self.app.note(accesses.DOCUMENT, "attachment", line.id)

    def close(self) -> None:
        self.opened, self.content = None, b""

    async def give_out(self, line: AttachmentLine) -> str | None:
        """Out of the protected area, to where the person chooses; ``None`` if they thought better of it."""
        if self.app.files is None:
            return None
        place = await self.app.files.save(line.name, await self.app.ask(attachments.content, line.id))
        if place is not None:
            self.app.note(accesses.GIVEN_OUT, "attachment", line.id)
        return place

    async def delete(self, line: AttachmentLine) -> None:
        self.close()
        await self.app.do(attachments.delete, line.id)

    async def restore(self, line: AttachmentLine) -> None:
        await self.app.do(attachments.restore, line.id)

    async def fetch(self, line: AttachmentLine) -> None:
        """What lies at the server alone."""
        await self.app.ask(attachments.fetch, line.id)
        await self.reload()
        await self.try_now()

    async def try_now(self) -> None:
        """*Jetzt versuchen*"""
        await self.app.sync_now()
        await self.reload()
