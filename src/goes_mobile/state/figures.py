"""Auswertung: the funders' report for a period and a site, and its way out as a file."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import flet as ft

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import organisation, report, report_files
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.report import Report
from goes_mobile.services.report_files import Format
from goes_mobile.state.app import App

Period = Literal["month", "quarter", "year", "own"]
FORMATS: tuple[Format, ...] = ("pdf", "xlsx", "csv", "json")


def span(period: Period, today: date) -> tuple[date, date]:
    """This month, this quarter, or the last twelve months, this one included; always until today."""
    if period == "month":
        return today.replace(day=1), today
    if period == "quarter":
        return today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1), today
    years, month = (0, 1) if today.month == 12 else (1, today.month + 1)
    return date(today.year - years, month, 1), today


@ft.observable
@dataclass
class Figures:
    """One report at a time; small numbers are hidden before they reach the screen."""

    app: App
    period: Period = "year"
    start: date | None = None
    end: date | None = None
    site: str | None = None
    sites: list[Named] = field(default_factory=list)
    report: Report | None = None
    error: str = ""
    writing: bool = False
    _turn: int = 0

    async def reload(self) -> None:
        self._turn = turn = self._turn + 1
        if self.start is None or self.end is None:
            today, self.sites = await self.app.ask(_begin)
            self.start, self.end = span(self.period, today)
        sites = [self.site] if self.site else None
        try:
            made = await self.app.ask(report.funder, self.start, self.end, sites)
        except InputRefused as refused:
            self.error = refused.code
            return
        if turn == self._turn:
            self.report, self.error = made, ""

    async def choose_period(self, period: Period) -> None:
        self.period = period
        if period != "own":
            today, _ = await self.app.ask(_begin)
            self.start, self.end = span(period, today)
            await self.reload()

    async def choose_days(self, start: date | None = None, end: date | None = None) -> None:
        self.period = "own"
        self.start, self.end = start or self.start, end or self.end
        await self.reload()

    async def choose_site(self, site: str | None) -> None:
        self.site = site
        await self.reload()

    async def save(self, wanted: Format) -> str | None:
        """Where the file went; ``None`` if it was not wanted after all."""
        if self.report is None or self.app.files is None:
            return None
        self.writing = True
        try:
            made = self.report
            content = await asyncio.to_thread(report_files.write, made, wanted)
            name = f"auswertung-{made.start.isoformat()}-{made.end.isoformat()}.{wanted}"
            return await self.app.files.save(name, content)
        finally:
            self.writing = False


def _begin(desk: Desk) -> tuple[date, list[Named]]:
    return desk.today, [Named(s.id, s.name) for s in organisation.sites(desk) if s.mine]
