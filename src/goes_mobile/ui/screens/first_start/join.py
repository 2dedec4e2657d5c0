"""Joining: the code in its groups, each with its own check, so that nobody has to start over."""

from __future__ import annotations

import flet as ft

from goes_mobile.state.first_start import GROUPS, FirstStart
from goes_mobile.ui.components import Body, Field, Icon, Primary, Words
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.threshold import Threshold
from goes_mobile.ui.screens.first_start.fields import SecretFields, ServerField, everything, head, wrong
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import SAVE, SMALL, M, S


@component
def JoinForm(view: FirstStart) -> ft.Control:
    return Threshold(
        [
            head(view, t("first.join")),
            Body(t("first.join_intro")),
            ServerField(view),
            _Code(view),
            SecretFields(view),
            *everything(view),
            Primary(t("first.do_join"), view.join, icon=ft.Icons.CHECK, height=SAVE),
        ]
    )


@component
def _Code(view: FirstStart) -> ft.Control:
    groups = view.groups
    bad = next((number for number, (_, right) in enumerate(groups, 1) if right is False), 0)
    return ft.Column(
        [
            Field(
                t("first.code"),
                view.code,
                lambda text: view.set("code", text),
                error=wrong(view, "code") or (t("first.wrong.code_typo", group=bad) if bad else ""),
                note=t("first.code_note"),
                hint="XXXXX-XXXXX-…",
                correct=False,
            ),
            *([_groups(groups)] if groups else []),
        ],
        spacing=M,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _groups(groups: list[tuple[str, bool | None]]) -> ft.Control:
    """What has arrived of the code: a tick behind each group that is right."""
    shown = look()
    p = shown.palette
    cells: list[ft.Control] = []
    for number in range(1, max(GROUPS, len(groups)) + 1):
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
