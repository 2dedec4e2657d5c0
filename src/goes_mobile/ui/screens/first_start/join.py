"""Joining with an invite's code, or coming back with the recovery sheet: both are typed in groups."""

from __future__ import annotations

import flet as ft

from goes_mobile.state.first_start import FirstStart
from goes_mobile.ui.components import Body, Primary
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.code import INVITE_GROUPS, SHEET_GROUPS, CodeField
from goes_mobile.ui.parts.threshold import Threshold
from goes_mobile.ui.screens.first_start.fields import SecretFields, ServerField, everything, head, wrong
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import SAVE


@component
def JoinForm(view: FirstStart) -> ft.Control:
    return Threshold(
        [
            head(view, t("first.join")),
            Body(t("first.join_intro")),
            ServerField(view),
            CodeField(
                t("first.code"),
                view.code,
                lambda text: view.set("code", text),
                view.groups,
                count=INVITE_GROUPS,
                error=wrong(view, "code"),
                note=t("first.code_note"),
            ),
            SecretFields(view),
            *everything(view),
            Primary(t("first.do_join"), view.join, icon=ft.Icons.CHECK, height=SAVE),
        ]
    )


@component
def RecoverForm(view: FirstStart) -> ft.Control:
    return Threshold(
        [
            head(view, t("first.recover_title")),
            Body(t("first.recover_intro")),
            ServerField(view),
            CodeField(
                t("first.sheet_words"),
                view.code,
                lambda text: view.set("code", text),
                view.groups,
                count=SHEET_GROUPS,
                error=wrong(view, "code"),
                note=t("first.code_note"),
            ),
            SecretFields(view),
            *everything(view),
            Primary(t("first.do_recover"), view.recover, icon=ft.Icons.CHECK, height=SAVE),
        ]
    )
