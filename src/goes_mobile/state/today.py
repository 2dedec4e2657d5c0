"""*Heute*: what is running and what waits for me."""

from __future__ import annotations

from dataclasses import dataclass, field

import flet as ft

from goes_mobile.services import review, today
from goes_mobile.services.review import QuestionLine
from goes_mobile.services.today import Today as Overview
from goes_mobile.state.app import App
from goes_mobile.state.kept import Kept

KINDS = (
    "task", "encounter", "outing", "review", "review_answer", "young_person", "stop", "member", "participation",
    "draft", "referral", "case", "appointment", "outcome", "explanation", "protection_concern",
)  # fmt: skip
"""What redraws the screen."""


@ft.observable
@dataclass
class Today:
    app: App
    seen: Overview | None = None
    """``None``: not loaded yet."""
    answering: str = ""
    """The question that is being answered."""
    _kept: Kept | None = field(default=None, repr=False)
    _typed: str = field(default="", repr=False)

    async def reload(self) -> None:
        self.seen = await self.app.ask(today.overview)

    async def begin_answer(self, question: QuestionLine) -> None:
        self._kept = Kept(self.app, f"answer:{question.review}")
        self._typed = str((await self._kept.load()).get("text", ""))
        self.answering = question.review

    @property
    def reply(self) -> str:
        """What was typed, also before an interruption."""
        return self._typed

    def write_answer(self, text: str) -> None:
        self._typed = text
        if self._kept is not None:
            self._kept.later({"text": text})

    def stop_answer(self) -> None:
        """What was typed stays for the next time."""
        self.answering = ""

    async def answer(self) -> None:
        """Sent to the supervisor's queue; raises :class:`InputRefused` if there is nothing in it."""
        await self.app.do(review.answer, self.answering, self._typed)
        if self._kept is not None:
            await self._kept.drop()
        self.stop_answer()
