"""The line of an appointment: when and with whom; once it has begun, whether they came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import flet as ft

from goes_mobile.services.appointments import AppointmentLine
from goes_mobile.state.appointments import AppointmentActions
from goes_mobile.ui.components import Disc, Group, Menu, Outlined, Pill, Row, Tonal
from goes_mobile.ui.frame import Notice, frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.words import joined, who
from goes_mobile.ui.text import clock, due, t
from goes_mobile.ui.views import use_view


@component
def AppointmentRows(lines: Sequence[AppointmentLine], *, days: bool = True) -> ft.Control:
    """`days`: say the day; a list that stands below its day does not."""
    actions = use_view(AppointmentActions)

    async def keep(line: AppointmentLine, kept: bool) -> None:
        await actions.keep(line.id, kept)

        async def undo() -> None:
            frame().notices.clear()
            await actions.keep(line.id, None)

        words = t("appointments.kept_said" if kept else "appointments.missed_said")
        frame().notices.show(Notice(words, tone="ok", action=t("do.undo"), on_action=undo))

    async def export(line: AppointmentLine, alias: bool) -> None:
        await saved(actions, [line.id], alias)

    return Group([_row(line, keep, export, days) for line in lines])


async def saved(actions: AppointmentActions, wanted: Sequence[str] | None, alias: bool) -> None:
    """Writes the file and says so."""
    if await actions.export(wanted, alias=alias):
        frame().notices.show(Notice(t("appointments.saved"), tone="ok", detail=t("appointments.saved_detail")))


def _row(line: AppointmentLine, keep: Any, export: Any, days: bool) -> ft.Control:
    below: list[ft.Control] = []
    if line.kept is not None:
        word, tone = ("appointments.kept", "ok") if line.kept else ("appointments.missed", "look")
        below = [Pill(t(word), ft.Icons.CHECK if line.kept else ft.Icons.CLOSE, tone)]  # type: ignore[arg-type]
    elif line.over:
        below = [
            Tonal(t("appointments.kept"), lambda: keep(line, True)),
            Outlined(t("appointments.missed"), lambda: keep(line, False)),
        ]
    person = line.person
    page = f"/people/{person.id}/entry/appointment/{line.id}" if person else f"/entry/appointment/{line.id}"
    items: list[tuple[str, ft.IconData | None, Any]] = [
        (
            t("appointments.open"),
            ft.Icons.EVENT_OUTLINED,
            lambda: go(page),
        ),
        (t("appointments.export_alias"), ft.Icons.FILE_DOWNLOAD_OUTLINED, lambda: export(line, True)),
        (t("appointments.export_silent"), ft.Icons.FILE_DOWNLOAD_OUTLINED, lambda: export(line, False)),
    ]
    if person is not None:
        items.append((t("tasks.to_person"), ft.Icons.PERSON_OUTLINED, lambda: go(f"/people/{person.id}")))
    when = joined(due(line.day) if days else "", clock(line.at))
    return Row(
        line.what,
        joined(when, who(person), line.where, "" if line.mine else who(line.member)),
        leading=Disc(ft.Icons.EVENT_OUTLINED),
        trailing=Menu(t("appointments.more", what=line.what), items),
        below=below,
        key=line.id,
    )
