"""Termine: day by day, mine or the site's, with a file for one's own calendar."""

from __future__ import annotations

from itertools import groupby

import flet as ft

from goes_mobile.services.appointments import Which
from goes_mobile.state.appointments import AppointmentActions, AppointmentList
from goes_mobile.ui.components import Chip, Chips, Loading, Menu, Note, Nothing, Outlined, SaveBar, Section
from goes_mobile.ui.frame import go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.appointments import AppointmentRows, saved
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import long_day, t
from goes_mobile.ui.views import use_view

TABS: tuple[Which, ...] = ("mine", "site")


@component
def AppointmentsScreen() -> ft.Control:
    view = use_view(AppointmentList, "appointment", "young_person", "member", "partner")
    actions = use_view(AppointmentActions)

    def new() -> None:
        go("/new/entry/appointment")

    async def export(alias: bool) -> None:
        await saved(actions, None, alias)

    if view.lines is None:
        body: list[ft.Control] = [Loading()]
    elif view.lines:
        body = [Note(t("appointments.reminders"))]
        for day, lines in groupby(view.lines, lambda line: line.day):
            body.append(Section(long_day(day), AppointmentRows(list(lines), days=False), key=day.isoformat()))
    else:
        body = [Nothing(t("appointments.none"), t("appointments.none_detail"), icon=ft.Icons.EVENT_OUTLINED)]
    thumb = look().compact
    menu = Menu(
        t("appointments.calendar"),
        [
            (t("appointments.all_alias"), ft.Icons.FILE_DOWNLOAD_OUTLINED, lambda: export(True)),
            (t("appointments.all_silent"), ft.Icons.FILE_DOWNLOAD_OUTLINED, lambda: export(False)),
        ],
    )
    chips = [
        Chip(t(f"appointments.{which}"), view.which == which, lambda _, w=which: view.choose(w), key=which)
        for which in TABS
    ]
    return Screen(
        t("appointments.title"),
        body,
        back="/more",
        actions=[*([] if thumb else [Outlined(t("appointments.new"), new, icon=ft.Icons.ADD)]), menu],
        head=Chips(*chips),
        bar=SaveBar(t("appointments.new"), new, icon=ft.Icons.ADD) if thumb else None,
    )
