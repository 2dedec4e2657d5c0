"""Gefährdungen: one's own, for supervisors those of their sites."""

from __future__ import annotations

import flet as ft

from goes_mobile.state.concerns import Concerns
from goes_mobile.ui.components import Loading, Meta, Nothing, Tonal, kind_icon
from goes_mobile.ui.frame import go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.concerns import ConcernRows
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import t
from goes_mobile.ui.views import use_view


@component
def ConcernsScreen() -> ft.Control:
    view = use_view(Concerns, "protection_concern", "young_person")

    def report() -> None:
        go("/new/entry/protection_concern")

    if view.lines is None:
        body: list[ft.Control] = [Loading()]
    elif view.lines:
        new = Tonal(t("concerns.report"), report, icon=ft.Icons.ADD)
        body = [Meta(t("concerns.who_reads")), ConcernRows(view.lines), ft.Row([new], wrap=True)]
    else:
        icon = kind_icon("protection_concern")
        body = [
            Nothing(t("concerns.none"), t("concerns.who_reads"), icon=icon, action=t("concerns.report"),
                    on_action=report)
        ]  # fmt: skip
    return Screen(t("concerns.title"), body, back="/more", chip=not look().compact)
