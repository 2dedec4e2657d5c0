"""Gefährdungen: what this device may read of them."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft

from goes_mobile.services import concerns
from goes_mobile.services.concerns import ConcernLine
from goes_mobile.state.app import App


@ft.observable
@dataclass
class Concerns:
    app: App
    lines: list[ConcernLine] | None = None

    async def reload(self) -> None:
        self.lines = await self.app.ask(concerns.lines)
