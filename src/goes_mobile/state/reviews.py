"""Prüfen: the supervisor's queue and one case; the author's side of a question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import flet as ft

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import accesses, encounters, review, review_case
from goes_mobile.services.desk import Desk
from goes_mobile.services.encounters import EncounterView
from goes_mobile.services.review import QuestionLine, Queue, QueueLine, Said, Verdict
from goes_mobile.services.review_case import ReviewCase
from goes_mobile.state.app import App
from goes_mobile.state.kept import Kept

Turn = Literal["open", "waiting", "done"]
PAGE = 50


@ft.observable
@dataclass
class ReviewQueue:
    """What is the supervisor's turn, the author's turn, done."""

    app: App
    turn: Turn = "open"
    queue: Queue | None = None
    shown: int = PAGE

    async def reload(self) -> None:
        self.queue = await self.app.ask(review.queue)

    def choose(self, turn: Turn) -> None:
        self.turn, self.shown = turn, PAGE

    def more(self) -> None:
        self.shown += PAGE

    @property
    def lines(self) -> list[QueueLine]:
        return [] if self.queue is None else getattr(self.queue, self.turn)


@ft.observable
@dataclass
class Case:
    """One record to review. The verdict counts for the version that is on the screen."""

    app: App
    record: str
    case: ReviewCase | None = None
    missing: bool = False
    comment: str = ""
    error: str = ""
    given: str = ""
    """The verdict just given, and the review it made, so that it can be taken back."""
    made: str = ""
    next: str = ""
    """Who comes after this one in the queue."""
    newer: bool = False
    """It changed while the supervisor was reading."""
    loaded: bool = False

    def __post_init__(self) -> None:
        self._draft = Kept(self.app, f"review:{self.record}")

    async def reload(self) -> None:
        try:
            case, self.next = await self.app.ask(_case, self.record)
        except InputRefused:
            self.missing = True
            return
        self.app.note(accesses.ENCOUNTER, "encounter", self.record)
        before = self.case
        self.newer = self.newer or (before is not None and before.seen != case.seen)
        self.case = case
        if not self.loaded:
            self.comment = str((await self._draft.load()).get("comment", ""))
            self.loaded = True

    def write(self, text: str) -> None:
        self.comment, self.error = text, ""
        self._draft.later({"comment": text})

    async def give(self, verdict: Verdict) -> bool:
        """False if something is missing; `error` says what."""
        if self.case is None:
            return False
        try:
            saved = await self.app.do(review.verdict, self.record, verdict, comment=self.comment, on=self.case.seen)
        except InputRefused as refused:
            self.error = refused.code
            return False
        await self._draft.drop()
        self.comment, self.error, self.newer = "", "", False
        self.given, self.made = verdict, saved[0].id
        return True

    async def take_back(self) -> None:
        made, self.made, self.given = self.made, "", ""
        if made:
            await self.app.do(review.take_back, made)


def _case(desk: Desk, record: str) -> tuple[ReviewCase, str]:
    waiting = [line.id for line in review.queue(desk).open]
    after = waiting[waiting.index(record) + 1 :] if record in waiting else waiting
    others = [line for line in (*after, *waiting) if line != record]
    return review_case.case(desk, record), others[0] if others else ""


@ft.observable
@dataclass
class Question:
    """What a supervisor asked about one of my records, and my answer."""

    app: App
    review: str
    line: QuestionLine | None = None
    encounter: EncounterView | None = None
    talk: list[Said] = field(default_factory=list)
    answer: str = ""
    error: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    kept: bool = False
    missing: bool = False
    """Answered already, or taken back."""
    loaded: bool = False

    def __post_init__(self) -> None:
        self._draft = Kept(self.app, f"answer:{self.review}", self._was_kept)

    def _was_kept(self) -> None:
        self.kept = True

    async def reload(self) -> None:
        found = await self.app.ask(_question, self.review)
        if found is None:
            self.missing = True
            return
        self.missing = False
        self.line, self.encounter, self.talk = found
        self.app.note(accesses.ENCOUNTER, "encounter", self.line.record)
        if not self.loaded:
            self.answer = str((await self._draft.load()).get("answer", ""))
            self.kept = bool(self.answer)
            self.loaded = True

    def write(self, text: str) -> None:
        self.answer, self.error = text, ""
        self._draft.later({"answer": text})

    async def send(self) -> bool:
        try:
            await self.app.do(review.answer, self.review, self.answer)
        except InputRefused as refused:
            self.error = refused.code
            return False
        await self._draft.drop()
        return True


def _question(desk: Desk, asked: str) -> tuple[QuestionLine, EncounterView, list[Said]] | None:
    line = next((q for q in review.my_questions(desk) if q.review == asked), None)
    if line is None:
        return None
    return line, encounters.detail(desk, line.record), review.talk(desk, line.record)
