"""All my tasks, not only today's: what is open by when, and what is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import flet as ft

from goes_mobile.services import tasks
from goes_mobile.services.tasks import TaskLine
from goes_mobile.state.app import App

Which = Literal["mine", "site", "done"]


@ft.observable
@dataclass
class Due:
    app: App
    which: Which = "mine"
    lines: list[TaskLine] | None = None

    async def reload(self) -> None:
        self.lines = await self.app.ask(tasks.lines, self.which)

    async def show(self, which: Which) -> None:
        self.which = which
        await self.reload()

    async def tick(self, task: TaskLine) -> None:
        if task.done_at is None:
            await self.app.do(tasks.done, task.id)
        else:
            await self.app.do(tasks.reopen, task.id)

    async def postpone(self, task: TaskLine, to: date) -> None:
        await self.app.do(tasks.postpone, task.id, to)
