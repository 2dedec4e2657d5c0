"""Materialien: the library and one of them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import flet as ft

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import attachments, entries, materials, media
from goes_mobile.services.attachments import Prepared
from goes_mobile.services.materials import Library, MaterialLine
from goes_mobile.state.app import App


async def _picked(app: App) -> Prepared | None:
    if app.files is None:
        return None
    picked = await app.files.choose(media.MOST_BYTES, media.ENDINGS)
    return None if picked is None else await asyncio.to_thread(attachments.prepare, picked.name, picked.content)


@ft.observable
@dataclass
class Materials:
    app: App
    text: str = ""
    topic: str | None = None
    library: Library | None = None
    problem: str = ""
    _turn: int = 0

    async def reload(self) -> None:
        self._turn = turn = self._turn + 1
        found = await self.app.ask(materials.library, self.text, self.topic)
        if turn == self._turn:
            self.library = found

    async def search(self, text: str) -> None:
        self.text = text
        await self.reload()

    async def choose(self, topic: str | None) -> None:
        self.topic = topic
        await self.reload()

    async def add(self) -> str:
        """From a file; the new material's id, or nothing."""
        self.problem = ""
        try:
            file = await _picked(self.app)
        except InputRefused as refused:
            self.problem = refused.code
            return ""
        return (await self.app.do(materials.add, file))[0].id if file is not None else ""


@ft.observable
@dataclass
class MaterialFile:
    """One material. `content`: of a picture that is on the screen."""

    app: App
    material: str
    line: MaterialLine | None = None
    content: bytes = b""
    problem: str = ""
    missing: bool = False

    async def reload(self) -> None:
        try:
            self.line = await self.app.ask(materials.detail, self.material)
        except InputRefused:
            self.missing = True
            return
        if self.line.picture and self.line.here:
            self.content = await self.app.ask(materials.content, self.material)

    async def replace(self) -> bool:
        self.problem = ""
        try:
            file = await _picked(self.app)
        except InputRefused as refused:
            self.problem = refused.code
            return False
        if file is None:
            return False
        await self.app.do(materials.replace_file, self.material, file)
        return True

    async def pin(self, pinned: bool) -> None:
        await self.app.do(materials.pin, self.material, pinned)

    async def fetch(self) -> None:
        await self.app.ask(materials.fetch, self.material)
        await self.app.sync_now()
        await self.reload()

    async def hand_out(self) -> str | None:
        """To where the person chooses; ``None`` if they thought better of it."""
        if self.app.files is None or self.line is None:
            return None
        name = f"{self.line.title}.{media.ending(self.line.media_type)}"
        return await self.app.files.save(name, await self.app.ask(materials.content, self.material))

    async def delete(self) -> None:
        await self.app.do(entries.delete, "material", self.material)

    async def restore(self) -> None:
        await self.app.do(entries.restore, "material", self.material)
