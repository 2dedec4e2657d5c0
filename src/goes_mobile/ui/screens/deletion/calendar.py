"""Löschkalender: what the county's rules say is due. Looking changes nothing; a tap asks for one deletion."""

from __future__ import annotations

from typing import Any

import flet as ft

from goes_mobile.services.retention import DueLine
from goes_mobile.state.deletion import Calendar
from goes_mobile.ui.components import Banner, Group, Loading, Menu, Nothing, Pill, Row, Section, TextAction
from goes_mobile.ui.frame import go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.words import joined
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import numeric_day, t
from goes_mobile.ui.views import use_view

KINDS = ("young_person", "encounter", "task", "consent", "deletion_request", "retention_hold")


@component
def CalendarScreen() -> ft.Control:
    view = use_view(Calendar, *KINDS)
    if view.lines is None:
        return Screen(t("deletion.calendar"), [Loading()], back="/more")
    over = [line for line in view.lines if line.over]
    soon = [line for line in view.lines if not line.over]
    body: list[ft.Control] = [Banner(t("deletion.nothing_by_itself"), tone="info", icon=ft.Icons.INFO_OUTLINED)]
    for title, lines in ((t("deletion.over"), over), (t("deletion.soon"), soon)):
        if lines:
            body.append(Section(title, Group([_row(line) for line in lines[: view.shown]], inset=16), count=len(lines)))
    if max(len(over), len(soon)) > view.shown:
        body.append(TextAction(t("deletion.more"), view.more))
    if not view.lines:
        body.append(Nothing(t("deletion.nothing_due"), icon=ft.Icons.EVENT_AVAILABLE_OUTLINED))
    return Screen(t("deletion.calendar"), body, back="/more")


def _row(line: DueLine) -> ft.Control:
    below: list[ft.Control] = []
    if line.held_until is not None:
        below.append(Pill(t("deletion.held", day=numeric_day(line.held_until)), ft.Icons.LOCK_CLOCK_OUTLINED, "look"))
    if line.requested:
        below.append(Pill(t("deletion.requested"), ft.Icons.DELETE_OUTLINED, "info"))
    free = line.held_until is None and not line.requested
    ask, hold = f"/delete/{line.kind}/{line.id}", f"/hold/{line.person}"
    items: list[tuple[str, ft.IconData | None, Any]] = []
    if free:
        items.append((t("deletion.ask_person"), ft.Icons.DELETE_OUTLINED, lambda: go(ask)))
    if line.person:
        items.append((t("hold.title"), ft.Icons.LOCK_CLOCK_OUTLINED, lambda: go(hold)))
    why = t(f"deletion.since_{line.counted_from}", day=numeric_day(line.since), n=line.months)
    return Row(
        line.name,
        joined(why, t("deletion.due", day=numeric_day(line.due))),
        below=below,
        trailing=Menu(t("deletion.ways", name=line.name), items) if items else None,
        on_press=(lambda: go(ask)) if free else (lambda: go(hold)) if line.person and line.held_until else None,
        key=line.id,
    )
