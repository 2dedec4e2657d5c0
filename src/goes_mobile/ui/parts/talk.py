"""What a supervisor and an author said to each other about a record, oldest first."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from goes_mobile.services.review import Said
from goes_mobile.ui.components import Avatar, Card, Meta, Pill, Strong, Words
from goes_mobile.ui.parts.delivery import ReviewPill
from goes_mobile.ui.parts.words import who
from goes_mobile.ui.text import t, when
from goes_mobile.ui.theme import L, M


def Talk(said: Sequence[Said]) -> ft.Control:
    """A card with one line for each verdict and answer."""
    return Card(*(_line(one) for one in said), spacing=L)


def _line(one: Said) -> ft.Control:
    name = who(one.who) or t("past.nobody")
    pill: ft.Control = (
        ReviewPill(one.verdict) if one.verdict else Pill(t("review.answer"), ft.Icons.REPLY_OUTLINED, "info")
    )
    words: list[ft.Control] = [
        ft.Row(
            [Strong(name), Meta(when(one.at) if one.at else ""), pill],
            wrap=True,
            spacing=M,
            run_spacing=4,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        )
    ]
    if one.text:
        words.append(Words(one.text, "body"))
    return ft.Row(
        [Avatar(name), ft.Column(words, spacing=4, tight=True, expand=True)],
        spacing=L,
        vertical_alignment=ft.CrossAxisAlignment.START,
        key=one.id,
    )
