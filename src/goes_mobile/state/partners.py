"""Netzwerkpartner: the directory, one of them, files from and for other programs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

import flet as ft

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import entries, partner_files, partners
from goes_mobile.services.partner_files import TakenIn
from goes_mobile.services.partners import Filter, PartnerPage, PartnerView
from goes_mobile.state.app import App

MOST_BYTES = 5_000_000


@ft.observable
@dataclass
class Directory:
    """`read`: what a chosen file would bring, until somebody says yes or no; `problem`: why it could not be read."""

    app: App
    filter: Filter = field(default_factory=Filter)
    page: PartnerPage | None = None
    read: TakenIn | None = None
    problem: str = ""
    _turn: int = 0

    async def reload(self) -> None:
        self._turn = turn = self._turn + 1
        page = await self.app.ask(partners.page, self.filter)
        if turn == self._turn:
            self.page = page

    async def narrow(self, **chosen: Any) -> None:
        self.filter = replace(self.filter, **chosen)
        await self.reload()

    async def search(self, text: str) -> None:
        await self.narrow(text=text)

    async def choose_file(self) -> None:
        """Nothing is written yet."""
        if self.app.files is None:
            return
        picked = await self.app.files.choose(MOST_BYTES, ("vcf", "vcard", "csv"))
        if picked is None:
            return
        self.problem = ""
        try:
            self.read = await self.app.ask(partner_files.read, picked.name, picked.content)
        except InputRefused as refused:
            self.problem = refused.code

    async def take_in(self) -> int:
        """How many are new."""
        read, self.read = self.read, None
        if read is None or not read.new:
            return 0
        return len(await self.app.do(partner_files.take_in, read.new))

    def leave_out(self) -> None:
        self.read = None

    async def save(self, wanted: Literal["vcf", "csv"]) -> str | None:
        """Where it went."""
        if self.app.files is None:
            return None
        return await self.app.files.save(f"partner.{wanted}", await self.app.ask(partner_files.write, wanted))


@ft.observable
@dataclass
class PartnerFile:
    """One partner. `missing`: not on this device."""

    app: App
    partner: str
    view: PartnerView | None = None
    missing: bool = False

    async def reload(self) -> None:
        try:
            self.view = await self.app.ask(partners.detail, self.partner)
            self.missing = False
        except InputRefused:
            self.missing = True

    async def checked(self) -> None:
        await self.app.do(partners.checked, self.partner)

    async def delete(self) -> None:
        await self.app.do(entries.delete, "partner", self.partner)

    async def restore(self) -> None:
        await self.app.do(entries.restore, "partner", self.partner)
