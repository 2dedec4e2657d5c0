"""What supervisors asked about my records; answered on the spot."""

from __future__ import annotations

import flet as ft

from goes_mobile.services.review import QuestionLine
from goes_mobile.state.today import Today
from goes_mobile.ui.components import Avatar, Card, Field, Meta, Narrative, Primary, Strong, TextAction, Tonal
from goes_mobile.ui.frame import Notice, frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.words import joined, who
from goes_mobile.ui.text import short_day, t
from goes_mobile.ui.theme import L, M, S


@component
def Questions(view: Today) -> ft.Control:
    questions = view.seen.questions if view.seen else []
    return ft.Column(
        [_Question(view, question, key=question.review) for question in questions],
        spacing=M,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@component
def _Question(view: Today, asked: QuestionLine) -> ft.Control:
    name = who(asked.asker) or t("today.somebody")
    returned = asked.verdict == "returned"
    title = t("today.returns", name=name) if returned else t("today.asks", name=name)
    about = joined(t("today.encounter_of", day=short_day(asked.at)), asked.where)
    head = ft.Row(
        [
            Avatar(name, tone="info"),
            ft.Column([Strong(title), Meta(about)], spacing=2, tight=True, expand=True),
        ],
        spacing=L,
    )
    here = view.answering == asked.review

    async def send() -> None:
        await view.answer()
        frame().notices.show(Notice(t("today.sent"), tone="ok", detail=t("today.sent_detail")))

    open_it = TextAction(t("today.look"), lambda: go(f"/encounters/{asked.record}"))
    if here:
        below: list[ft.Control] = [
            Field(t("today.reply"), view.reply, view.write_answer, lines=3, autofocus=True),
            ft.Row(
                [
                    Primary(t("today.send"), send, icon=ft.Icons.CHECK),
                    TextAction(t("do.leave"), view.stop_answer),
                ],
                wrap=True,
                spacing=S,
                run_spacing=S,
            ),
        ]
    else:
        answer = Tonal(t("today.answer"), lambda: view.begin_answer(asked), icon=ft.Icons.REPLY)
        below = [ft.Row([answer, open_it], wrap=True, spacing=S, run_spacing=S)]
    words = [Narrative(f"„{asked.comment}“")] if asked.comment else []
    return Card(head, *words, *below, spacing=M)
