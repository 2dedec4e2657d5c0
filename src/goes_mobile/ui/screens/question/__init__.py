"""A supervisor's question about one of my records, and my answer."""

from __future__ import annotations

import flet as ft

from goes_mobile.state.reviews import Question
from goes_mobile.ui.components import (
    Avatar,
    Card,
    DraftKept,
    Field,
    Loading,
    Meta,
    Narrative,
    Nothing,
    Outlined,
    SaveBar,
    Section,
    Strong,
)
from goes_mobile.ui.frame import Notice, frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.delivery import ReviewPill
from goes_mobile.ui.parts.encounter import EncounterFacts, subtitle, title
from goes_mobile.ui.parts.talk import Talk
from goes_mobile.ui.parts.words import joined, who
from goes_mobile.ui.refusals import refusal
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import t, when
from goes_mobile.ui.theme import L, S
from goes_mobile.ui.views import use_view


@component
def QuestionScreen(review: str) -> ft.Control:
    view = use_view(lambda app: Question(app, review), "encounter", "review", "review_answer", "participation")
    line, e = view.line, view.encounter
    if view.missing:
        done = Nothing(
            t("question.none"), t("question.none_detail"), action=t("question.to_today"), on_action=lambda: go("/")
        )
        return Screen(t("question.title"), [done], on_close=frame().leave)
    if line is None or e is None:
        return Screen(t("question.title"), [Loading()], on_close=frame().leave)

    async def send() -> None:
        if await view.send():
            frame().leave()
            frame().notices.show(Notice(t("question.sent"), tone="ok"))

    name = who(line.asker) or t("past.nobody")
    asked = Card(
        ft.Row(
            [
                Avatar(name),
                ft.Column(
                    [
                        Strong(t("question.asks", who=name)),
                        Meta(joined(title(line.where, e.setting), when(line.at))),
                        ft.Row([ReviewPill(line.verdict)], margin=ft.Margin.only(top=4)),
                    ],
                    spacing=2,
                    tight=True,
                    expand=True,
                ),
            ],
            spacing=L,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        Narrative(f"„{line.comment}“"),
    )
    answer = Field(
        t("question.answer_field"),
        view.answer,
        view.write,
        lines=4,
        error=refusal(view.error),
        note=t("question.answer_note"),
    )
    correct = ft.Row(
        [Outlined(t("question.correct"), lambda: go(f"/edit/encounter/{line.record}"), icon=ft.Icons.EDIT_OUTLINED)],
        wrap=True,
    )
    earlier = [said for said in view.talk if said.id != line.review]
    return Screen(
        t("question.title"),
        [
            asked,
            answer,
            *([Section(t("question.earlier"), Talk(earlier))] if earlier else []),
            Section(t("question.about"), Meta(subtitle(e)), *EncounterFacts(e), correct, spacing=S),
        ],
        on_close=frame().leave,
        status=DraftKept("kept" if view.kept else ""),
        bar=SaveBar(t("question.send"), send, icon=ft.Icons.REPLY),
    )
