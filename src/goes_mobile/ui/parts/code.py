"""Codes that people type and read out: in groups, each with its own check, so that nobody has to start over."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import flet as ft
import segno

from goes_mobile.ui.components import Field, Icon, Words
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import SMALL, M, S

INVITE_GROUPS, SHEET_GROUPS, RESET_GROUPS = 7, 13, 15
Groups = Sequence[tuple[str, bool | None]]


@component
def CodeField(
    label: str, value: str, on_change: Callable[[str], Any], groups: Groups, *, count: int, error: str = "",
    note: str = "",
) -> ft.Control:  # fmt: skip
    """One field for the whole code, and below it what has arrived, group by group."""
    bad = next((number for number, (_, right) in enumerate(groups, 1) if right is False), 0)
    return ft.Column(
        [
            Field(
                label,
                value,
                on_change,
                error=error or (t("first.wrong.code_typo", group=bad) if bad else ""),
                note=note,
                hint="XXXXX-XXXXX-…",
                correct=False,
            ),
            *([_typed(groups, count)] if groups else []),
        ],
        spacing=M,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _typed(groups: Groups, count: int) -> ft.Control:
    """What has arrived of the code: a tick behind each group that is right."""
    p = look().palette
    cells: list[ft.Control] = []
    for number in range(1, max(count, len(groups)) + 1):
        text, right = groups[number - 1] if number <= len(groups) else ("", None)
        tone = {True: p.ok, False: p.lost}.get(right, p.outline) if right is not None else p.outline
        said = {True: "first.group_right", False: "first.group_wrong"}.get(right, "first.group_open")  # type: ignore[arg-type]
        content: list[ft.Control] = [
            Words(
                text or "·····",
                "strong",
                p.ink if text else p.ink_soft,
                semantics_label=f"{t('first.group', n=number)}: {text or '–'}, {t(said)}",
            )
        ]
        if right is not None:
            content.append(Icon(ft.Icons.CHECK if right else ft.Icons.CLOSE, tone, 18))
        cells.append(
            ft.Container(
                content=ft.Row(content, spacing=4, tight=True),
                padding=ft.Padding.symmetric(horizontal=M, vertical=S),
                border=ft.Border.all(2 if right is False else p.border, tone),
                border_radius=SMALL,
                bgcolor=p.card if text else None,
            )
        )
    return ft.Row(cells, wrap=True, spacing=S, run_spacing=S)


def told_groups(code: str) -> ft.Control:
    """A code to read out: numbered, in the order in which it is typed."""
    shown = look()
    p = shown.palette
    cells: list[ft.Control] = [
        ft.Container(
            content=ft.Row(
                [
                    Words(str(number), "badge", p.ink_soft, width=20 * min(shown.scale, 1.5)),
                    Words(group, "section", semantics_label=f"{t('first.group', n=number)}: {' '.join(group)}"),
                ],
                spacing=S,
                tight=True,
            ),
            width=124 * min(shown.scale, 1.6),
        )
        for number, group in enumerate(code.split("-"), 1)
    ]
    return ft.Row(cells, wrap=True, spacing=S, run_spacing=M)


def qr(code: str, label: str) -> ft.Control:
    """Black on white in every theme: a scanner wants contrast."""
    out = io.BytesIO()
    segno.make(code, error="m").save(out, kind="png", scale=8, border=2)
    return ft.Container(
        ft.Image(
            src=out.getvalue(), width=220, height=220, semantics_label=label, filter_quality=ft.FilterQuality.NONE
        ),
        bgcolor=ft.Colors.WHITE,
        border_radius=12,
        padding=8,
    )
