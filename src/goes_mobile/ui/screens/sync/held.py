"""What is held back, and what has two versions: in words, with what follows."""

from __future__ import annotations

import flet as ft

from goes_mobile.services.conflicts import RecordLine
from goes_mobile.services.sync_view import HeldLine
from goes_mobile.state.synchronisation import HeldBack, Undecided
from goes_mobile.ui.components import Banner, Chevron, Disc, Group, Loading, Nothing, Row, kind_icon
from goes_mobile.ui.frame import go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.words import joined, who
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import has, t, when
from goes_mobile.ui.views import use_view


@component
def HeldScreen() -> ft.Control:
    view = use_view(HeldBack)
    if view.lines is None:
        body: list[ft.Control] = [Loading()]
    elif not view.lines:
        body = [Nothing(t("sync.held_none"), t("sync.held_none_detail"))]
    else:
        body = [
            Banner(t("sync.held_kept"), t("sync.held_again"), tone="info", icon=ft.Icons.INVENTORY_2_OUTLINED),
            Group([_held(line) for line in view.lines]),
        ]
    return Screen(t("sync.held_title"), body, back="/more/sync", chip=False)


def _held(line: HeldLine) -> ft.Control:
    reason = line.reason if has(f"sync.held_{line.reason}") else "refused" if "refused" in line.reason else "other"
    return Row(
        t(f"sync.held_{reason}"),
        joined(t("sync.held_n", n=line.count), who(line.who)),
        leading=Disc(ft.Icons.REPORT_OUTLINED, "lost"),
        key=f"{line.reason}{line.who}",
    )


@component
def UndecidedScreen() -> ft.Control:
    view = use_view(Undecided)
    if view.lines is None:
        body: list[ft.Control] = [Loading()]
    elif not view.lines:
        body = [Nothing(t("versions.all_done"), t("versions.all_done_detail"), icon=ft.Icons.CHECK_CIRCLE_OUTLINED)]
    else:
        body = [Group([_undecided(line) for line in view.lines])]
    return Screen(t("versions.title"), body, back="/more/sync", chip=False)


def _undecided(line: RecordLine) -> ft.Control:
    paths = {"encounter": f"/encounters/{line.id}/versions", "young_person": f"/people/{line.id}/versions"}
    path = paths.get(line.kind, f"/more/sync/versions/{line.kind}/{line.id}")
    return Row(
        line.title,
        joined(t("versions.two", n=line.fields), when(line.changed_at) if line.changed_at else ""),
        leading=Disc(kind_icon(line.kind), "look"),
        trailing=Chevron(),
        on_press=lambda: go(path),
        key=line.id,
    )
