"""Charts of containers, each with its table: what is hidden has no bar, so that nobody can measure it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import flet as ft

from goes_mobile.services.report import Cell, Table
from goes_mobile.ui.codes import capital
from goes_mobile.ui.components import Card, IconAction, Meta, Subtitle, Words
from goes_mobile.ui.components import Table as Rows
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.text import month, number, t
from goes_mobile.ui.theme import L, M, S

HEIGHT = 160
"""Of the columns, in pixels."""
PARTS = 1000


def shown(cell: Cell) -> str:
    return number(cell.value) if cell.value is not None and not cell.hidden else cell.shown


def _head(table: Table, detail: str, as_table: bool, toggle: ft.OptionalControlEventCallable) -> ft.Control:
    icon = ft.Icons.BAR_CHART if as_table else ft.Icons.TABLE_ROWS_OUTLINED
    title = t(f"figures.table_{table.code}")
    name = t("figures.as_chart", what=title) if as_table else t("figures.as_table", what=title)
    words: list[ft.Control] = [Subtitle(title)]
    if detail:
        words.append(Meta(detail))
    return ft.Row(
        [ft.Column(words, spacing=0, tight=True, expand=True), IconAction(icon, name, toggle)],
        spacing=M,
    )


@component
def BarCard(table: Table) -> ft.Control:
    """One bar a row, the longest first; a row nobody fell into is only in the table."""
    as_table, set_as_table = ft.use_state(False)
    head = _head(table, table.note, as_table, lambda: set_as_table(not as_table))
    if as_table:
        rows = [[capital(row.label), *(shown(cell) for cell in row.cells)] for row in table.rows]
        return Card(head, Rows(["", *(words for _, words in table.columns)], rows, first=200), padding=20, spacing=L)
    bars = [(capital(row.label), row.cells[0]) for row in table.rows if row.cells[0].value != 0]
    bars.sort(key=lambda bar: -(bar[1].value or 0))
    if not bars:
        return Card(head, Meta(t("figures.nothing")), padding=20, spacing=L)
    most = max((cell.value or 0 for _, cell in bars), default=0) or 1
    lines = [_bar(words, cell, most) for words, cell in bars]
    return Card(head, ft.Column(lines, spacing=M, tight=True), padding=20, spacing=L)


def _bar(words: str, cell: Cell, most: int) -> ft.Control:
    p = look().palette
    filled = round((cell.value or 0) / most * PARTS) if not cell.hidden else 0
    parts: list[ft.Control] = []
    if filled:
        parts.append(ft.Container(height=12, bgcolor=p.chart_street, border_radius=3, expand=filled))
    if filled < PARTS:
        parts.append(ft.Container(height=12, expand=PARTS - filled))
    track = ft.Container(ft.Row(parts, spacing=0), bgcolor=p.container, border_radius=3)
    value = Words(shown(cell), "strong", None if not cell.hidden else p.ink_soft)
    # The name above its bar: code labels are long, and with large text there is no room beside it.
    return ft.MergeSemantics(
        content=ft.Column(
            [ft.Row([Words(words, "meta", p.ink, expand=True), value], spacing=M), track], spacing=2, tight=True
        )
    )


@component
def MonthCard(table: Table) -> ft.Control:
    """Columns by month, street and elsewhere on top of each other."""
    as_table, set_as_table = ft.use_state(False)
    shown_as = as_table or look().roomy or len(table.rows) > 24
    head = _head(table, "", as_table, lambda: set_as_table(not as_table))
    if shown_as:
        rows = [[_month(row.code), *(shown(cell) for cell in row.cells)] for row in table.rows]
        return Card(head, Rows(["", *(words for _, words in table.columns)], rows, first=96), padding=20, spacing=L)
    p = look().palette
    colours = [p.chart_street, p.chart_office]
    blocks = [stacked(row.cells, colours) for row in table.rows]
    named = [(colour, words) for colour, (_, words) in zip(colours, table.columns, strict=False)]
    if any(colour == p.outline for of_month in blocks for _, colour in of_month):
        named.append((p.outline, t("figures.undivided")))
    legend = ft.Row(
        [
            ft.Row(
                [ft.Container(width=12, height=12, bgcolor=colour, border_radius=3), Meta(capital(words))],
                spacing=S,
                tight=True,
            )
            for colour, words in named
        ],
        spacing=L,
        wrap=True,
    )
    most = max((sum(value for value, _ in of_month) for of_month in blocks), default=0) or 1
    tight = look().compact and len(table.rows) > 6
    columns = [
        _column(row.code, row.cells[2], of_month, most, tight=tight)
        for row, of_month in zip(table.rows, blocks, strict=True)
    ]
    chart = ft.Row(columns, spacing=0, vertical_alignment=ft.CrossAxisAlignment.END)
    return Card(head, legend, chart, padding=20, spacing=L)


def stacked(cells: Sequence[Cell], colours: Sequence[str]) -> list[tuple[int, str]]:
    """What a month's column is built of, from the bottom: where the parts are hidden and the sum is not, the sum."""
    parts = [(cell.value or 0, colour) for cell, colour in zip(cells[:2], colours, strict=False) if not cell.hidden]
    if len(parts) < 2 and not cells[2].hidden:
        parts = [(cells[2].value or 0, look().palette.outline)]
    return [(value, colour) for value, colour in parts if value]


def _column(code: str, total: Cell, parts: Sequence[tuple[int, str]], most: int, *, tight: bool) -> ft.Control:
    """`tight`: twelve of them on a phone; then a month is its first letter, and long numbers are in the table."""
    p = look().palette
    words = _month(code, short=True)
    blocks: list[ft.Control] = [
        ft.Container(height=max(round(value / most * HEIGHT), 2), width=24, bgcolor=colour, border_radius=3)
        for value, colour in reversed(parts)
    ]
    said = shown(total)
    ink = p.ink_soft if total.hidden or not total.value else p.ink
    top = Words(said if not tight or len(said) < 4 else "", "badge", ink, no_wrap=True)
    below = Words(words[:1] if tight else words, "badge", p.ink_soft, no_wrap=True, semantics_label=_month(code))
    return ft.Container(
        ft.MergeSemantics(
            content=ft.Column(
                [
                    top,
                    *blocks,
                    ft.Container(height=1, bgcolor=p.outline),
                    below,
                ],
                spacing=2,
                tight=True,
                horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            )
        ),
        expand=True,
    )


def _month(code: str, *, short: bool = False) -> str:
    """Nov, or Nov 2026 in the table."""
    year, _, number_ = code.partition("-")
    if not (year.isdigit() and number_.isdigit()):
        return code
    words = month(date(int(year), int(number_), 1))
    return words if short else f"{words} {year}"


@component
def AgeCard(table: Table) -> ft.Control:
    """Ages down, genders across; a table already."""
    head: list[ft.Control] = [Subtitle(t(f"figures.table_{table.code}"))]
    if table.note:
        head.append(Meta(table.note))
    kept = [row for row in table.rows if any(cell.value != 0 or cell.hidden for cell in row.cells)]
    rows = [[capital(row.label), *(("" if cell.value == 0 else shown(cell)) for cell in row.cells)] for row in kept]
    columns = ["", *(_short(code, words) for code, words in table.columns)]
    return Card(
        ft.Column(head, spacing=0, tight=True),
        Rows(columns, rows, first=96),
        padding=20,
        spacing=L,
    )


def _short(code: str, words: str) -> str:
    if code == "no_answer":
        return t("encounters.gender_no_answer")
    if look().compact and code in ("female", "male"):
        return t(f"encounters.gender_{code}")
    return t("figures.sum") if code == "total" and look().compact else words
