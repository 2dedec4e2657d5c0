"""*Heute*: what is running and what waits for me."""

from __future__ import annotations

from dataclasses import dataclass, field

import flet as ft

from goes_mobile.services import outing, review, tasks, today
from goes_mobile.services.review import QuestionLine
from goes_mobile.services.tasks import TaskLine
from goes_mobile.services.today import Today as Overview
from goes_mobile.state.app import App

KINDS = ("task", "encounter", "outing", "review", "review_answer", "young_person", "stop", "member", "participation")
"""What redraws the screen."""


@ft.observable
@dataclass
class Today:
    app: App
    seen: Overview | None = None
    """``None``: not loaded yet."""
    ticked: frozenset[str] = frozenset()
    """Tasks that were ticked off a moment ago: their line stays until it can be read that they are done."""
    answering: str = ""
    """The question that is being answered."""
    reply: str = field(default="", repr=False)

    async def reload(self) -> None:
        seen = await self.app.ask(today.overview)
        self.ticked = frozenset()
        self.seen = seen

    async def tick(self, task: TaskLine) -> None:
        """Done. The tick is seen at once, the line goes when it is on disk."""
        self.ticked |= {task.id}
        await self.app.do(tasks.done, task.id)

    async def untick(self, task: TaskLine) -> None:
        await self.app.do(tasks.reopen, task.id)

    def begin_answer(self, question: QuestionLine) -> None:
        self.answering = question.review
        self.reply = ""

    def stop_answer(self) -> None:
        self.answering = ""
        self.reply = ""

    async def answer(self) -> None:
        """Sent to the supervisor's queue; raises :class:`InputRefused` if there is nothing in it."""
        await self.app.do(review.answer, self.answering, self.reply)
        self.stop_answer()

    async def reached_next(self) -> None:
        """Arrived at the next stop, from the hero."""
        running = self.seen.outing if self.seen else None
        if running is not None and running.next is not None:
            await self.app.do(outing.arrive, running.id, running.next.id)
