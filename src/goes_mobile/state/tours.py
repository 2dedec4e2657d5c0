"""Tourpläne: the coming two weeks, the plans themselves, and who drives."""

from __future__ import annotations

from dataclasses import dataclass, field

import flet as ft

from goes_mobile.services import entries, organisation, tours
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.entries import EntryLine
from goes_mobile.services.tours import Tour
from goes_mobile.state.app import App


@ft.observable
@dataclass
class Tours:
    app: App
    coming: list[Tour] | None = None
    plans: list[EntryLine] = field(default_factory=list)
    colleagues: list[Named] = field(default_factory=list)

    async def reload(self) -> None:
        self.plans = await self.app.ask(entries.all_of, "tour_plan")
        self.colleagues = await self.app.ask(_colleagues)
        self.coming = await self.app.ask(tours.coming)

    async def hand_over(self, tour: Tour, member: str) -> None:
        await self.app.do(tours.hand_over, tour.plan, tour.day, member)


def _colleagues(desk: Desk) -> list[Named]:
    return organisation.colleagues(desk, desk.me.site)
