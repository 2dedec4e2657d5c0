"""The next step: what, until when, who. It becomes a task."""

from __future__ import annotations

from datetime import date

import flet as ft

from goes_mobile.state.capture import Mark
from goes_mobile.ui.codes import capital
from goes_mobile.ui.components import Chip, Chips, DateField, Field, Option, PickField, PickSheet, use_sheet
from goes_mobile.ui.frame import app
from goes_mobile.ui.guarded import component
from goes_mobile.ui.screens.capture.hand import Hand
from goes_mobile.ui.screens.capture.hints import hints
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import M


@component
def NextStep(hand: Hand, mark: Mark) -> ft.Control:
    choosing, set_choosing = ft.use_state(False)
    view = hand.view
    draft = view.at_hand
    team = view.choices.team
    use_sheet(
        choosing,
        lambda: PickSheet(
            t("capture.step_who"),
            [Option(member.id, member.name, icon=ft.Icons.PERSON_OUTLINED) for member in team],
            draft.next_step_for or _me(),
            lambda member: view.put("step", next_step_for=member),
            lambda: set_choosing(False),
        ),
        lambda: set_choosing(False),
    )
    quick = [(capital(t("time.tomorrow")), 1), (t("capture.in_a_week"), 7), (t("capture.in_two_weeks"), 14)]
    days = {view.ahead(days): words for words, days in quick}

    def pick(day: date, on: bool) -> None:
        view.put("step", next_step_on=day if on else None)

    chips = [
        Chip(words, draft.next_step_on == day, lambda on, day=day: pick(day, on), key=words)
        for day, words in days.items()
    ]
    parts: list[ft.Control] = [
        Field(
            t("capture.step"),
            draft.next_step,
            lambda text: view.write(next_step=text),
            hint=t("capture.step_hint"),
        ),
        Chips(*chips),
        DateField(t("capture.step_on"), draft.next_step_on, lambda day: view.put("step", next_step_on=day)),
        *hints(view, "next_step_on"),
    ]
    if len(team) > 1:
        wanted = draft.next_step_for or _me()
        name = next((member.name for member in team if member.id == wanted), "")
        parts.append(PickField(t("capture.step_who"), name, lambda: set_choosing(True)))
    return ft.Column(parts, spacing=M, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _me() -> str:
    me = app().status.me
    return me.member if me is not None else ""
