"""Fields that both ways have: the server, the passphrase twice with how good it is; errors in words."""

from __future__ import annotations

from typing import Any

import flet as ft

from goes_mobile.state.first_start import FirstStart
from goes_mobile.state.secret import Strength
from goes_mobile.ui.components import Banner, Field, Headline, IconAction, Meta, Note
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.text import has, t
from goes_mobile.ui.theme import FULL, L, S


def wrong(view: FirstStart, name: str) -> str:
    """What is wrong with a field, in a sentence."""
    trouble = view.wrong.get(name)
    if trouble is None:
        return ""
    key = f"first.wrong.{trouble.code}"
    return t(key, **trouble.facts) if has(key) else t("first.wrong.other", code=trouble.code)


def everything(view: FirstStart) -> list[ft.Control]:
    """An error that is about no field in particular."""
    if said := wrong(view, ""):
        return [Banner(said, t("first.wrong.nothing_happened"), tone="look", live=True)]
    # The field may have been scrolled out of sight.
    return [ft.Semantics(content=Note(t("first.wrong.above"), tone="look"), live_region=True)] if view.wrong else []


def head(view: FirstStart, title: str) -> ft.Control:
    """Back to the choice, and what this is."""
    return ft.Row(
        [IconAction(ft.Icons.ARROW_BACK, t("do.back"), lambda: view.begin("choose")), Headline(title, expand=True)],
        spacing=S,
        margin=ft.Margin.only(left=-12),
    )


@component
def ServerField(view: FirstStart) -> ft.Control:
    return Field(
        t("first.server"),
        view.server,
        lambda text: view.set("server", text),
        error=wrong(view, "server"),
        note=t("first.server_note"),
        keyboard=ft.KeyboardType.URL,
        correct=False,
    )


@component
def SecretFields(view: FirstStart) -> ft.Control:
    """Twice, so that a slip does not lock everybody out; the bar says how good it is."""
    kind = "first.pin_note" if view.device_bound else "first.secret_note"
    return ft.Column(
        [
            Field(
                t("first.secret_pin") if view.device_bound else t("first.secret"),
                view.secret,
                lambda text: view.set("secret", text),
                error=wrong(view, "secret"),
                note="" if view.secret else t(kind),
                password=True,
                correct=False,
            ),
            *([StrengthBar(view.strength)] if view.secret and "secret" not in view.wrong else []),
            Field(
                t("first.again"),
                view.again,
                lambda text: view.set("again", text),
                error=wrong(view, "again"),
                password=True,
                correct=False,
            ),
        ],
        spacing=L,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


_STEPS = {"none": 0, "too_short": 1, "enough": 2, "good": 3, "very_good": 4}


def StrengthBar(strength: Strength) -> ft.Control:
    """Four fields and a word; the word alone says it too."""
    p = look().palette
    step = _STEPS[strength.grade]
    colour = p.look if step < 2 else p.ok
    bars: list[ft.Control] = [
        ft.Container(height=6, expand=True, border_radius=FULL, bgcolor=colour if n <= step else p.container_highest)
        for n in range(1, 5)
    ]
    said = t("first.strength.too_short", n=strength.missing) if step == 1 else t(f"first.strength.{strength.grade}")
    words = Meta(said, colour)
    content: Any = ft.Column([ft.Row(bars, spacing=4), words], spacing=6, tight=True)
    return ft.Semantics(content=content, live_region=True, container=True)
