"""Einlesen: an office's own list, understood and tried before anything is written."""

from __future__ import annotations

import flet as ft

from goes_mobile.records.registry import kind as kind_named
from goes_mobile.services.importing import KINDS, OWN_ID, TIME
from goes_mobile.services.tables import said
from goes_mobile.state.intake import Intake, Refused
from goes_mobile.ui.components import (
    Banner,
    Group,
    Loading,
    Meta,
    Note,
    Option,
    Outlined,
    PickSheet,
    Primary,
    Row,
    Section,
    Segment,
    TextAction,
    use_sheet,
)
from goes_mobile.ui.components.choices import Choice
from goes_mobile.ui.forms import field_label
from goes_mobile.ui.frame import Notice, frame
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.words import joined
from goes_mobile.ui.refusals import refusal
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import number, t
from goes_mobile.ui.views import use_view

SHOWN = 50
"""Refused lines on the screen; all of them go into the file."""


@component
def IntakeScreen() -> ft.Control:
    view = use_view(Intake)
    choosing, set_choosing = ft.use_state("")

    use_sheet(
        choosing != "",
        lambda: PickSheet(
            t("intake.column", heading=choosing),
            [Option("", t("intake.nothing")), *_fields(view.kind)],
            view.wiring.columns.get(choosing, "") if view.wiring else "",
            lambda name: view.wire(choosing, name or None),
            lambda: set_choosing(""),
        ),
        on_close=lambda: set_choosing(""),
    )
    kinds = [Choice(kind, t(f"intake.of_{name}")) for name, kind in KINDS.items()]
    body: list[ft.Control] = [Meta(t("intake.what")), Segment(kinds, view.kind, view.choose_kind)]
    choose = t("intake.choose") if view.table is None else t("intake.choose_other")
    button = Primary if view.table is None else Outlined
    body.append(ft.Row([button(choose, view.choose, icon=ft.Icons.UPLOAD_FILE_OUTLINED)], wrap=True))
    if view.problem:
        body.append(Note(refusal(view.problem), tone="look"))
    if view.running and view.table is not None:
        body.append(Loading(t("intake.running", at=number(view.at), of=number(len(view.table.lines)))))
    elif view.tried is not None:
        body += _outcome(view)
    if view.table is not None and not view.written:
        body.append(_columns(view, set_choosing))
    return Screen(t("intake.title"), body, back="/more", chip=not look().compact)


def _fields(kind: str) -> list[Option]:
    fields = [Option(info.name, field_label(info)) for info in kind_named(kind).form if info.shape in ("plain", "set")]
    more = [Option(TIME, t("intake.time"))] if kind == "encounter" else []
    return [*fields, *more, Option("site", t("intake.site")), Option(OWN_ID, t("intake.own_id"))]


def _columns(view: Intake, choose: object) -> ft.Control:
    """What each column is taken for, with its first value."""
    assert view.table is not None
    assert view.wiring is not None
    names = {option.value: option.text for option in _fields(view.kind)}
    first = view.table.lines[0].cells if view.table.lines else []
    rows = []
    for place, heading in enumerate(view.table.headings):
        if not heading:
            continue
        name = view.wiring.columns.get(heading)
        example = said(first[place]) if place < len(first) else ""
        rows.append(
            Row(
                heading,
                joined(names.get(name, name) if name else t("intake.nothing"), example),
                trailing=TextAction(t("do.change"), lambda heading=heading: choose(heading)),  # type: ignore[operator]
                key=heading,
            )
        )
    return Section(t("intake.columns"), Group(rows, inset=0), count=len(rows))


def _outcome(view: Intake) -> list[ft.Control]:
    tried = view.tried
    assert tried is not None

    async def save() -> None:
        where = await view.save_refused({one.code: _why(one) for one in tried.refused})
        if where is not None:
            frame().notices.show(Notice(t("intake.refused_saved", where=where), tone="ok"))

    counts = joined(
        t("intake.same", n=tried.same) if tried.same else "",
        t("intake.refused", n=len(tried.refused)) if tried.refused else "",
    )
    if view.written:
        parts: list[ft.Control] = [
            Banner(t("intake.done", n=tried.new), counts, tone="ok", icon=ft.Icons.CHECK_CIRCLE_OUTLINED)
        ]
    else:
        parts = [Banner(t("intake.would", n=tried.new), counts, tone="info", icon=ft.Icons.FACT_CHECK_OUTLINED)]
        if tried.new:
            take = Primary(t("intake.take", n=tried.new), view.write, icon=ft.Icons.CHECK)
            parts.append(ft.Row([take], wrap=True))
    if tried.refused:
        rows = [Row(t("intake.line", n=one.number), _why(one), key=str(one.number)) for one in tried.refused[:SHOWN]]
        parts.append(
            Section(t("intake.refused_lines"), Group(rows, inset=0), count=len(tried.refused),
                    action=t("intake.save_refused"), on_action=save)
        )  # fmt: skip
    return parts


def _why(one: Refused) -> str:
    return refusal(one.code, one.facts)
