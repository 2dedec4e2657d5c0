"""Niemand geht verloren: everybody on one page, and why somebody rests for now."""

from __future__ import annotations

from datetime import timedelta

import flet as ft

from goes_mobile.services.lost import REASONS
from goes_mobile.state.lost import Explaining, LostList
from goes_mobile.state.today import KINDS
from goes_mobile.ui.codes import capital, options, say
from goes_mobile.ui.components import Chip, Chips, DateField, Field, Loading, Meta, Note, Nothing, SaveBar, Section
from goes_mobile.ui.frame import Notice, frame
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.lost import LostRows
from goes_mobile.ui.parts.words import today
from goes_mobile.ui.refusals import refusals
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import S
from goes_mobile.ui.views import use_view

WEEKS = (1, 2, 4, 8)


@component
def LostScreen() -> ft.Control:
    view = use_view(LostList, *KINDS)
    if view.lines is None:
        body: list[ft.Control] = [Loading()]
    elif view.lines:
        body = [Note(t("lost.how"))]
        for reason in REASONS:
            if group := [line for line in view.lines if line.reason == reason]:
                title = capital(say("lost_reason", reason))
                body.append(Section(title, LostRows(group), count=len(group), tone="lost", key=reason))
    else:
        body = [Nothing(t("lost.none"), t("lost.none_detail"))]
    return Screen(t("lost.title"), body, back="/")


@component
def ExplainScreen(reason: str, person: str) -> ft.Control:
    view = use_view(lambda app: Explaining(app, reason, person))
    said = refusals(view.errors)

    async def save() -> None:
        if await view.save():
            frame().leave()
            frame().notices.show(Notice(t("lost.explained"), tone="ok"))

    because = [
        Chip(capital(one.text), view.because == one.value, lambda _, code=one.value: view.choose(code), key=one.value)
        for one in options("lost_because")
    ]
    ends = [(t("lost.weeks", n=n), today() + timedelta(weeks=n)) for n in WEEKS]
    days = [Chip(words, view.until == day, lambda _, day=day: view.rest_until(day), key=words) for words, day in ends]
    missing = [Meta(said["because"])] if "because" in said else []
    return Screen(
        t("lost.explain"),
        [
            Section(t("lost.why"), Chips(*because), *missing),
            Section(
                t("lost.until"),
                ft.Column(
                    [
                        DateField(t("lost.until_day"), view.until, view.rest_until, error=said.get("until", "")),
                        Chips(*days),
                        Meta(t("lost.until_detail")),
                    ],
                    spacing=S,
                    tight=True,
                    horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                ),
            ),
            Field(t("lost.words"), "", view.write, lines=3),
        ],
        subtitle=f"{view.alias} · {say('lost_reason', reason)}",
        on_close=frame().leave,
        bar=SaveBar(t("do.save"), save),
    )
