"""On a supervisor's device: whose code it is, whether they stand there, then the answer to read out."""

from __future__ import annotations

import flet as ft

from goes_mobile.state.forgotten import Helping
from goes_mobile.ui.codes import say
from goes_mobile.ui.components import Banner, Body, Card, Group, Meta, Note, SaveBar, Subtitle, Switch
from goes_mobile.ui.frame import frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.code import RESET_GROUPS, SHEET_GROUPS, CodeField, qr, told_groups
from goes_mobile.ui.refusals import refusal
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import t
from goes_mobile.ui.views import use_view


@component
def HelpScreen() -> ft.Control:
    view = use_view(Helping)
    if view.answer:
        return _answered(view)
    said = refusal(view.errors.get("code", ""), view.facts)
    body: list[ft.Control] = [
        Body(t("helping.intro")),
        CodeField(
            t("helping.code"),
            view.code,
            lambda text: view.set("code", text),
            view.groups,
            count=RESET_GROUPS,
            error=said,
            note=t("helping.code_note"),
        ),
    ]
    if view.who:
        body.append(
            Banner(t("helping.who", name=view.who, role=say("role", view.role)), t("helping.look"), tone="look")
        )
    sheet = Switch(
        t("helping.by_sheet"), view.by_sheet, lambda on: view.set("by_sheet", on), hint=t("helping.sheet_hint")
    )
    body.append(Group([sheet]))
    if view.by_sheet:
        body.append(
            CodeField(
                t("first.sheet_words"),
                view.words,
                lambda text: view.set("words", text),
                view.sheet_groups,
                count=SHEET_GROUPS,
                error=refusal(view.errors.get("words", ""), view.facts),
            )
        )
    bar = (
        SaveBar(t("helping.confirm", name=view.who), view.help, icon=ft.Icons.HOW_TO_REG_OUTLINED)
        if view.who
        else SaveBar(t("helping.look_up"), view.look, icon=ft.Icons.SEARCH)
    )
    return Screen(t("helping.title"), body, on_close=frame().leave, bar=bar)


def _answered(view: Helping) -> ft.Control:
    body: list[ft.Control] = [
        Card(
            Subtitle(t("helping.answer_for", name=view.who)),
            ft.Row([qr(view.answer, t("helping.qr"))], alignment=ft.MainAxisAlignment.CENTER),
            told_groups(view.answer),
            Meta(t("sheet.checks")),
        ),
        Note(t("helping.only_them"), icon=ft.Icons.VISIBILITY_OFF_OUTLINED, tone="look"),
    ]
    return Screen(
        t("helping.title"),
        body,
        on_close=lambda: go("/more/members"),
        bar=SaveBar(t("members.done"), lambda: go("/more/members")),
    )
