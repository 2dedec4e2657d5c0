"""Checks, ready-made questions and the three verdicts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import flet as ft

from goes_mobile.records.registry import kind
from goes_mobile.services.review import Verdict
from goes_mobile.services.review_case import Check, ReviewCase
from goes_mobile.state.reviews import Case
from goes_mobile.ui.components import (
    ActionChip,
    Body,
    Chips,
    Field,
    Icon,
    Meta,
    Outlined,
    Primary,
    Sheet,
    TextAction,
    Title,
)
from goes_mobile.ui.forms import field_label
from goes_mobile.ui.frame import Handler
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.refusals import refusal
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import SAVE, XL, L, M, S

Decide = Callable[[Verdict], Any]


def Checks(checks: Sequence[Check]) -> ft.Control:
    """What the program noticed: good news green, the rest amber; always an icon and a sentence."""
    p = look().palette
    lines = [
        ft.Row(
            [
                Icon(ft.Icons.CHECK_CIRCLE_OUTLINED, p.ok, 22)
                if check.ok
                else Icon(ft.Icons.INFO_OUTLINED, p.look, 22),
                Body(_words(check), expand=True),
            ],
            spacing=M,
            key=check.code,
        )
        for check in checks
    ]
    return ft.Column(lines, spacing=S, tight=True)


def _words(check: Check) -> str:
    facts = dict(check.facts)
    fields = kind("encounter").all_fields
    if "fields" in facts:
        facts["fields"] = ", ".join(field_label(fields[name]) for name in facts["fields"])
    if "field" in facts:
        name = str(facts["field"])
        facts["field"] = field_label(fields[name]) if name in fields else name
    return t(f"check.{check.code}", **facts)


def _ready(view: Case, case: ReviewCase) -> ft.Control:
    """A tap writes the whole question; it can be changed before it is asked."""

    def write(code: str) -> None:
        asked = t(f"review.ready_{code}")
        view.write(f"{view.comment.rstrip()} {asked}".strip() if asked not in view.comment else view.comment)

    return Chips(*(ActionChip(t(f"review.short_{code}"), lambda code=code: write(code)) for code in case.questions))


def _comment(view: Case) -> ft.Control:
    return Field(
        t("review.comment"), view.comment, view.write, lines=3, error=refusal(view.error) if view.error else ""
    )


@component
def VerdictPanel(view: Case, case: ReviewCase, decide: Decide, may: bool) -> ft.Control:
    """The third column of a wide window."""
    top: list[ft.Control] = [Checks(case.checks)]
    if not may:
        why = t("review.own") if case.encounter.mine else t("review.not_yours")
        return _column([Title(t("review.panel")), *top, Meta(why)], [])
    top += [_comment(view), _ready(view, case)]
    buttons: list[ft.Control] = [
        Primary(t("review.approve"), lambda: decide("approved"), icon=ft.Icons.CHECK, height=SAVE, touch="medium"),
        Outlined(t("review.ask"), lambda: decide("question"), icon=ft.Icons.HELP_OUTLINE),
        ft.Row(
            [TextAction(t("review.return"), lambda: decide("returned"), icon=ft.Icons.UNDO)],
            alignment=ft.MainAxisAlignment.CENTER,
        ),
    ]
    return _column([Title(t("review.panel")), *top], buttons)


def _column(top: Sequence[ft.Control], bottom: Sequence[ft.Control]) -> ft.Control:
    return ft.Column(
        [
            ft.Column(
                [
                    ft.Container(
                        ft.Column(list(top), spacing=L, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
                        padding=XL,
                    )
                ],
                expand=True,
                scroll=ft.ScrollMode.AUTO,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
            ft.Container(
                ft.Column(list(bottom), spacing=M, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
                padding=ft.Padding.only(left=XL, right=XL, bottom=L, top=S),
            ),
        ],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@component
def AskSheet(view: Case, decide: Decide, on_close: Handler) -> ft.Control:
    """Asking back on a phone or tablet."""
    case = view.case
    content = ft.Column(
        [_comment(view), *([_ready(view, case)] if case else [])],
        spacing=L,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    ask = Primary(t("review.ask"), lambda: decide("question"), icon=ft.Icons.HELP_OUTLINE)
    back = TextAction(t("review.return"), lambda: decide("returned"), icon=ft.Icons.UNDO)
    return Sheet(
        t("review.ask_title"),
        [ft.Container(content, padding=ft.Padding.symmetric(horizontal=24, vertical=8))],
        on_close=on_close,
        short=True,
        foot=ft.Row([back, ask], spacing=M, run_spacing=S, wrap=True, alignment=ft.MainAxisAlignment.SPACE_BETWEEN),
    )
