"""On the locked device: a new PIN or passphrase first, then the code for the supervisor, then the answer."""

from __future__ import annotations

from typing import Any

import flet as ft

from goes_mobile.state.forgotten import Forgotten
from goes_mobile.ui.components import Body, Card, Field, Headline, IconAction, Meta, Note, Primary, TextAction
from goes_mobile.ui.frame import Handler, app
from goes_mobile.ui.guarded import component, use_start
from goes_mobile.ui.parts.code import RESET_GROUPS, CodeField, qr, told_groups
from goes_mobile.ui.parts.threshold import Threshold
from goes_mobile.ui.refusals import refusal
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import SAVE, S


@component
def ForgottenScreen(on_back: Handler) -> ft.Control:
    view, _ = ft.use_state(lambda: Forgotten(app()))
    use_start(view.reload)
    head = ft.Row(
        [
            IconAction(ft.Icons.ARROW_BACK, t("do.back"), on_back),
            Headline(t("forgotten.title_pin" if view.bound else "forgotten.title"), expand=True),
        ],
        spacing=S,
        margin=ft.Margin.only(left=-12),
    )
    return Threshold([head, *(_answer(view) if view.code else _choose(view))])


def _choose(view: Forgotten) -> list[ft.Control]:
    return [
        Body(t("forgotten.intro")),
        _secret(view, "new", t("forgotten.new"), t("first.pin_note" if view.bound else "first.secret_note")),
        _secret(view, "again", t("forgotten.again"), ""),
        *([Note(_said(view, "answer"), tone="look")] if "answer" in view.errors else []),
        Primary(t("forgotten.make_code"), None if view.busy else view.ask, icon=ft.Icons.QR_CODE, height=SAVE),
    ]


def _answer(view: Forgotten) -> list[ft.Control]:
    return [
        Body(t("forgotten.show")),
        Card(
            ft.Row([qr(view.code, t("forgotten.qr"))], alignment=ft.MainAxisAlignment.CENTER),
            told_groups(view.code),
            Meta(t("sheet.checks")),
        ),
        CodeField(
            t("forgotten.answer"),
            view.answer,
            lambda text: view.set("answer", text),
            view.groups,
            count=RESET_GROUPS,
            error=_said(view, "answer"),
            note=t("forgotten.answer_note"),
        ),
        *([] if view.remembered else [_secret(view, "new", t("forgotten.same"), t("forgotten.same_note"))]),
        Primary(t("forgotten.finish"), None if view.busy else view.finish, icon=ft.Icons.LOCK_OPEN, height=SAVE),
        ft.Row([TextAction(t("forgotten.anew"), view.begin_anew)], alignment=ft.MainAxisAlignment.CENTER),
    ]


def _secret(view: Forgotten, name: str, label: str, note: str) -> ft.Control:
    value: Any = getattr(view, name)
    return Field(
        label,
        value,
        lambda text: view.set(name, text),
        error=_said(view, name),
        note="" if value else note,
        password=True,
        correct=False,
    )


def _said(view: Forgotten, name: str) -> str:
    return refusal(view.errors.get(name, ""), view.facts)
