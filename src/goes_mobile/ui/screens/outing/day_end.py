"""Tagesabschluss: what is unfinished, each with one tap; nothing left says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from goes_mobile.services.day_end import DayEnd, Loose
from goes_mobile.ui.components import Banner, Chevron, Disc, Group, Row, Section, Tonal
from goes_mobile.ui.frame import go
from goes_mobile.ui.parts.words import joined
from goes_mobile.ui.text import clock, t


def DayEndSection(loose: DayEnd, change_times: Callable[[str], Any], leave_out: Callable[[], Any]) -> ft.Control:
    if loose.done:
        return Section(t("dayend.title"), Banner(t("dayend.done"), t("dayend.done_detail"), tone="ok"))
    rows: list[ft.Control] = [
        _row(line.id, joined(clock(line.at), line.where), t("dayend.draft"), lambda line=line: go(f"/drafts/{line.id}"))
        for line in loose.drafts
    ]
    rows += [_encounter(line, t("dayend.without_topic")) for line in loose.without_topic]
    rows += [_encounter(line, t("dayend.without_day")) for line in loose.without_day]
    rows += [
        _row(line.id, line.title, t("dayend.without_departure"), lambda line=line: change_times(line.id))
        for line in loose.without_departure
    ]
    if loose.not_visited:
        rows.append(
            Row(
                t("dayend.not_visited", n=len(loose.not_visited)),
                ", ".join(line.title for line in loose.not_visited),
                leading=Disc(ft.Icons.PLACE_OUTLINED, "look"),
                trailing=Tonal(t("dayend.leave_out"), leave_out),
                key="not-visited",
            )
        )
    if loose.undelivered:
        words = t("dayend.undelivered", n=loose.undelivered)
        rows.append(_row("sync", words, t("dayend.undelivered_detail"), lambda: go("/more/sync")))
    return Section(t("dayend.title"), Group(rows), count=len(rows), tone="look")


def _encounter(line: Loose, why: str) -> ft.Control:
    title = joined(clock(line.at) if line.at else "", line.title)
    return _row(line.id, title, why, lambda: go(f"/edit/encounter/{line.id}"))


def _row(key: str, title: str, why: str, on_press: Callable[[], Any]) -> ft.Control:
    leading = Disc(ft.Icons.EDIT_NOTE_OUTLINED, "look")
    return Row(title, why, leading=leading, trailing=Chevron(), on_press=on_press, key=f"{key}-{why}")
