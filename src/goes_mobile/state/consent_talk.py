"""A consent that a young person reads and signs on the screen. Until they say yes nothing is kept of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Literal

import flet as ft

from goes_mobile.records import strokes
from goes_mobile.services import consent_texts, consents
from goes_mobile.services.consent_texts import ConsentText, Terms
from goes_mobile.services.consents import SIGNED_HERE, ConsentForm
from goes_mobile.state.app import App

Answer = Literal["", "yes", "no"]


@ft.observable
@dataclass
class ConsentTalk:
    """The question in the language they choose, their signature, their answer."""

    app: App
    person: str
    form: ConsentForm
    terms: Terms
    on_yes: Callable[[], Awaitable[None]]
    language: str = "de"
    signature: str = field(default="", repr=False)
    answer: Answer = ""

    @property
    def text(self) -> ConsentText:
        return consent_texts.compose(self.terms, self.language)

    @property
    def signed(self) -> bool:
        return bool(strokes.read(self.signature))

    def speak(self, language: str) -> None:
        """Whoever signs has read it in this language: what was signed in another one is signed again."""
        if language != self.language:
            self.language, self.signature = language, ""

    def sign(self, signature: str) -> None:
        self.signature = signature

    async def agree(self) -> None:
        given = replace(self.form, form=SIGNED_HERE, language=self.language, signature=self.signature)
        await self.app.do(consents.give, self.person, given)
        await self.on_yes()
        self.answer, self.signature = "yes", ""

    def decline(self) -> None:
        """Nothing is recorded, not even that they were asked."""
        self.answer, self.signature = "no", ""
