"""Verlauf: who changed what, when."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import accesses, history, names
from goes_mobile.services.desk import Desk
from goes_mobile.services.history import HistoryRow
from goes_mobile.state.app import App


@ft.observable
@dataclass
class Past:
    """The history of one record, newest first."""

    app: App
    kind: str
    record: str
    title: str = ""
    rows: list[HistoryRow] | None = None

    async def reload(self) -> None:
        try:
            self.title, self.rows = await self.app.ask(_past, self.kind, self.record)
            self.app.note(accesses.opened(self.kind), self.kind, self.record)
        except InputRefused:
            self.rows = []


def _past(desk: Desk, kind: str, record: str) -> tuple[str, list[HistoryRow]]:
    return names.title(desk, kind, record), history.rows(desk, kind, record)
