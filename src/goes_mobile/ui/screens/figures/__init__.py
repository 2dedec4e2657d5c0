"""Auswertung: the funders' report on the screen; calm, and never more exact than it may be."""

from __future__ import annotations

from typing import Any

import flet as ft

from goes_mobile.protocol.roles import who_may
from goes_mobile.services.report import Cell, Report
from goes_mobile.state.figures import FORMATS, Figures, Period
from goes_mobile.ui.codes import capital
from goes_mobile.ui.components import (
    ActionChip,
    Banner,
    Card,
    Chip,
    Chips,
    DateField,
    Figure,
    IconAction,
    Loading,
    Message,
    Meta,
    Nothing,
    Option,
    PickSheet,
    Primary,
    Sheet,
    Side,
    sheet_row,
    use_sheet,
)
from goes_mobile.ui.frame import Notice, frame
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.words import joined
from goes_mobile.ui.refusals import refusal
from goes_mobile.ui.screens.figures.charts import AgeCard, BarCard, MonthCard
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import number, numeric_day, t, when
from goes_mobile.ui.theme import L, M, S
from goes_mobile.ui.views import use_view

MAY = who_may("figures")
ICONS = {
    "pdf": ft.Icons.PICTURE_AS_PDF_OUTLINED, "xlsx": ft.Icons.TABLE_CHART_OUTLINED, "csv": ft.Icons.GRID_ON_OUTLINED,
    "json": ft.Icons.DATA_OBJECT_OUTLINED,
}  # fmt: skip


@component
def FiguresScreen() -> ft.Control:
    view = use_view(Figures, "encounter", "participation", "young_person")
    choosing, set_choosing = ft.use_state("")
    me = view.app.status.me

    async def save(wanted: Any) -> None:
        where = await view.save(wanted)
        if where:
            frame().notices.show(Notice(t("figures.saved", name=where), tone="ok"))

    use_sheet(
        choosing == "site",
        lambda: PickSheet(
            t("figures.site"),
            [Option(None, t("figures.all_sites")), *(Option(s.id, s.name) for s in view.sites)],
            view.site,
            view.choose_site,
            lambda: set_choosing(""),
        ),
        on_close=lambda: set_choosing(""),
    )
    use_sheet(
        choosing == "format",
        lambda: _formats(save, lambda: set_choosing("")),
        on_close=lambda: set_choosing(""),
    )
    if me is not None and me.role not in MAY:
        only = Message(
            t("figures.not_you"), t("figures.not_you_detail"), icon=ft.Icons.INSERT_CHART_OUTLINED, tone="plain"
        )
        return Screen(t("figures.title"), [only])
    report = view.report
    give: list[ft.Control] = []
    if view.app.files is not None and report is not None:
        give.append(_give(view, lambda: set_choosing("format")))
    body: list[ft.Control] = [_choice(view, lambda: set_choosing("site"))]
    if view.period == "own":
        body.append(_days(view))
    if view.error:
        body.append(Banner(refusal(view.error), tone="look"))
    if report is None:
        body.append(Loading(t("figures.counting")))
    else:
        body += _report(report)
    subtitle = ""
    if report is not None:
        state = t("figures.data_state", when=when(report.data_state)) if report.data_state else ""
        county = "" if look().compact else report.county
        subtitle = joined(county, f"{numeric_day(report.start)} – {numeric_day(report.end)}", state)
    return Screen(t("figures.title"), body, subtitle=subtitle, actions=give)


def _formats(save: Any, on_close: Any) -> ft.Control:
    async def chosen(wanted: str) -> None:
        on_close()
        await save(wanted)

    rows = [
        sheet_row(t(f"figures.format_{f}"), t(f"figures.about_{f}"), icon=ICONS[f], on_press=lambda f=f: chosen(f))
        for f in FORMATS
    ]
    return Sheet(t("figures.give"), rows, on_close=on_close, short=True)


def _give(view: Figures, ask: Any) -> ft.Control:
    if look().compact or look().roomy:
        return IconAction(ft.Icons.DOWNLOAD_OUTLINED, t("figures.give"), ask, colour=look().palette.primary)
    return Primary(t("figures.give"), None if view.writing else ask, icon=ft.Icons.DOWNLOAD_OUTLINED)


def _choice(view: Figures, ask_site: Any) -> ft.Control:
    periods: tuple[Period, ...] = ("month", "quarter", "year", "own")
    chips: list[ft.Control] = [
        Chip(t(f"figures.period_{p}"), view.period == p, lambda on, p=p: view.choose_period(p), key=p) for p in periods
    ]
    if len(view.sites) > 1:
        chosen = next((s.name for s in view.sites if s.id == view.site), t("figures.all_sites"))
        chips.append(ActionChip(chosen, ask_site, icon=ft.Icons.PLACE_OUTLINED, about=t("figures.site")))
    return Chips(*chips)


def _days(view: Figures) -> ft.Control:
    return Side(
        DateField(t("encounters.from"), view.start, lambda day: view.choose_days(start=day), optional=False),
        DateField(t("encounters.to"), view.end, lambda day: view.choose_days(end=day), optional=False),
    )


def shown(cell: Cell) -> str:
    """1.870, <5, ·"""
    return number(cell.value) if cell.value is not None and not cell.hidden else cell.shown


def _said(cell: Cell) -> str:
    """In a sentence a dot alone says nothing."""
    return t("figures.hidden") if cell.hidden == "beside" else shown(cell)


def _report(report: Report) -> list[ft.Control]:
    figures = {figure.code: figure for figure in report.figures}
    if report.figures[0].cell.value == 0:
        return [Nothing(t("figures.none"), t("figures.none_detail"), icon=ft.Icons.INSERT_CHART_OUTLINED)]
    tables = {table.code: table for table in report.tables}
    apart = [figures[code] for code in ("under_14", "over_27", "unknown")]
    apart = [figure for figure in apart if figure.cell.value != 0 or figure.cell.hidden]
    cards = [
        Figure(shown(figures["encounters"].cell), t("figures.encounters")),
        Figure(shown(figures["people"].cell), t("figures.people"), t("figures.people_note")),
        Figure(shown(figures["inside"].cell), capital(figures["inside"].label)),
        Figure(shown(figures["known"].cell), t("figures.known"), t("figures.known_note")),
    ]
    return [
        _grid(cards),
        *([Meta(joined(*(f"{capital(figure.label)}: {_said(figure.cell)}" for figure in apart)))] if apart else []),
        MonthCard(tables["month"], key="month"),
        # Topics are the longest by far: the others stand one below the other beside them.
        Side(
            BarCard(tables["topic"], key="topic"),
            ft.Column(
                [BarCard(tables[code], key=code) for code in ("work_form", "site", "place")],
                spacing=L,
                tight=True,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
        ),
        AgeCard(tables["age_gender"], key="age_gender"),
        _foot(report),
    ]


def _grid(cards: list[ft.Control]) -> ft.Control:
    """Four in a row on a desktop, two on a phone, one with large text; all of a row equally high."""
    look_ = look()
    count = 1 if look_.compact and look_.roomy else 4 if look_.window == "wide" and not look_.roomy else 2
    lines = [
        ft.Row(
            [ft.Container(card, expand=True) for card in cards[n : n + count]],
            spacing=L,
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
            intrinsic_height=True,
        )
        for n in range(0, len(cards), count)
    ]
    return ft.Column(lines, spacing=L, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _foot(report: Report) -> ft.Control:
    lines: list[ft.Control] = [
        Meta(report.note),
        Meta(report.method),
        ft.Row(
            [
                ft.Icon(ft.Icons.FINGERPRINT, size=look().icon(22), color=look().palette.ink_soft),
                Meta(t("figures.check_sum", sum=report.check_sum, definition=report.definition), expand=True),
            ],
            spacing=M,
        ),
    ]
    return Card(*lines, spacing=S, padding=L)
