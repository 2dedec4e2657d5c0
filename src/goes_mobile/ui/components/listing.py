"""What is longer than a screen: paged lists, timelines, facts, tabs, tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import flet as ft

from goes_mobile.ui.colours import Tone
from goes_mobile.ui.components.buttons import Outlined
from goes_mobile.ui.components.rows import Disc
from goes_mobile.ui.components.words import Icon, Meta, Narrative, Strong, Words
from goes_mobile.ui.frame import Handler
from goes_mobile.ui.guarded import guarded
from goes_mobile.ui.look import look
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import FULL, XL, L, M, S


def Listing(
    rows: Sequence[ft.Control],
    *,
    more: Handler | None = None,
    left: int = 0,
    extent: float | None = None,
    head: Sequence[ft.Control] = (),
    padding: Any = None,
) -> ft.Control:
    """A long list that scrolls by itself; rows off the screen are not built.

    Give it to `Screen(body=…)` alone. `more` loads the next page ("noch 150 zeigen", `left`); `extent` is the height
    of a row when all are equally high: only then can a list of thousands jump. Ignored with large text, which wraps.
    """
    shown = look()
    controls: list[ft.Control] = [*head, *rows]
    if more is not None:
        controls.append(
            ft.Container(
                content=ft.Row(
                    [Outlined(t("list.more", n=left) if left else t("list.more_unknown"), more)],
                    alignment=ft.MainAxisAlignment.CENTER,
                ),
                padding=L,
            )
        )
    return ft.ListView(
        controls=controls,
        item_extent=extent if extent and not shown.roomy and not head and more is None else None,
        padding=padding if padding is not None else ft.Padding.only(bottom=XL),
        expand=True,
        build_controls_on_demand=True,
    )


class Moment(NamedTuple):
    """One point of a timeline."""

    title: str
    when: str = ""
    detail: str = ""
    icon: ft.IconData | None = None
    tone: Tone = "primary"
    pills: Sequence[ft.Control] = ()
    actions: Sequence[ft.Control] = ()
    on_press: Handler | None = None
    state: str = ""
    """For stops: "done", "here", "ahead" instead of an icon."""


def Timeline(moments: Sequence[Moment]) -> ft.Control:
    """What happened, newest first, or the stops of a tour; a line joins them."""
    return ft.Column(
        [_moment(moment, index == len(moments) - 1) for index, moment in enumerate(moments)],
        spacing=0,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _moment(moment: Moment, last: bool) -> ft.Control:
    shown = look()
    p = shown.palette
    title: list[ft.Control] = [Strong(moment.title, expand=True)]
    if moment.when and not shown.roomy:
        title.append(Meta(moment.when))
    words: list[ft.Control] = [ft.Row(title, spacing=M, vertical_alignment=ft.CrossAxisAlignment.START)]
    if moment.when and shown.roomy:
        words.append(Meta(moment.when))
    if moment.detail:
        words.append(Words(moment.detail, "body", p.ink_soft) if not moment.state else Meta(moment.detail))
    if moment.pills:
        words.append(ft.Row(list(moment.pills), wrap=True, spacing=S, run_spacing=S, margin=ft.Margin.only(top=4)))
    if moment.actions:
        words.append(ft.Row(list(moment.actions), wrap=True, spacing=S, run_spacing=S, margin=ft.Margin.only(top=S)))
    text = ft.Column(words, spacing=2, tight=True)
    body: ft.Control = ft.Container(
        content=text,
        padding=ft.Padding.only(top=7, bottom=0 if last else 20, left=4, right=4),
        expand=True,
        ink=moment.on_press is not None,
        on_click=guarded(moment.on_press),
        border_radius=8,
    )
    # The line stretches from disc to disc: it is the left border of a box that is as high as the words.
    mark = _stop(moment.state) if moment.state else Disc(moment.icon or ft.Icons.CIRCLE_OUTLINED, moment.tone)
    return ft.Stack(
        [
            *(
                []
                if last
                else [ft.Container(left=19, top=44, bottom=4, width=2, bgcolor=p.outline_soft, border_radius=1)]
            ),
            ft.Row([mark, body], spacing=M, vertical_alignment=ft.CrossAxisAlignment.START),
        ]
    )


def _stop(state: str) -> ft.Control:
    p = look().palette
    inner: ft.Control | None = None
    ground, border = None, p.outline
    if state == "done":
        inner, ground, border = ft.Icon(ft.Icons.CHECK, size=18, color=p.on_ok_container), p.ok_container, p.ok
    elif state == "here":
        inner = ft.Container(width=10, height=10, border_radius=5, bgcolor=p.on_primary)
        ground, border = p.primary, p.primary
    name = t({"done": "stop.done", "here": "stop.here", "ahead": "stop.ahead"}[state])
    disc = ft.Container(
        content=inner,
        width=32,
        height=32,
        alignment=ft.Alignment.CENTER,
        bgcolor=ground,
        border=ft.Border.all(2, border),
        border_radius=FULL,
        margin=ft.Margin.all(4),
    )
    return ft.Semantics(content=disc, label=name)


class Fact(NamedTuple):
    """A label, what is known, and its icon."""

    label: str
    value: str
    icon: ft.IconData | None = None


def Facts(facts: Sequence[Fact], *, columns: int = 0) -> ft.Control:
    """Key and value: in one line each, or (`columns`) as small blocks beside each other."""
    shown = look()
    if columns and not shown.compact and not shown.roomy:
        blocks: list[ft.Control] = [
            ft.Container(
                ft.MergeSemantics(
                    content=ft.Column([Meta(f.label), Strong(f.value or t("fact.none"))], spacing=2, tight=True)
                ),
                expand=True,
            )
            for f in facts
        ]
        blocks += [ft.Container(expand=True) for _ in range(-len(blocks) % columns)]
        return ft.Column(
            [
                ft.Row(blocks[n : n + columns], spacing=L, vertical_alignment=ft.CrossAxisAlignment.START)
                for n in range(0, len(blocks), columns)
            ],
            spacing=M,
            tight=True,
        )
    stacked = shown.roomy
    lines: list[ft.Control] = []
    for f in facts:
        value = Words(f.value or t("fact.none"), "body", None if f.value else shown.palette.ink_soft)
        if stacked:
            content: ft.Control = ft.Column([Meta(f.label), value], spacing=0, tight=True)
        else:
            value.expand = True
            icon = [Icon(f.icon, size=22)] if f.icon else []
            content = ft.Row(
                [*icon, Meta(f.label, width=120, margin=ft.Margin.only(top=2)), value],
                spacing=M,
                vertical_alignment=ft.CrossAxisAlignment.START,
            )
        lines.append(ft.MergeSemantics(content=content))
    return ft.Column(lines, spacing=M, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def Quote(text: str, source: str = "") -> ft.Control:
    """What somebody said, in their words."""
    words: list[ft.Control] = [Narrative(f"„{text}“")]
    if source:
        words.append(Meta(source))
    return ft.Column(words, spacing=2, tight=True)


def Tabs(names: Sequence[str], chosen: int, on_choose: Callable[[int], Any]) -> ft.Control:
    """Parts of one thing. On a phone the last one peeks, so that one knows to push."""
    shown = look()
    p = shown.palette
    tabs: list[ft.Control] = []
    for index, name in enumerate(names):
        here = index == chosen
        tabs.append(
            ft.Semantics(
                content=ft.Container(
                    content=Words(name, "label", p.primary if here else p.ink_soft),
                    padding=ft.Padding.symmetric(horizontal=8, vertical=14),
                    border=ft.Border.only(bottom=ft.BorderSide(3, p.primary if here else ft.Colors.TRANSPARENT)),
                    ink=True,
                    on_click=guarded(on_choose, index, touch="selection"),
                ),
                selected=here,
                checked=here,
                container=True,
            )
        )
    return ft.Container(
        content=ft.Row(tabs, spacing=S, scroll=ft.ScrollMode.HIDDEN),
        border=ft.Border.only(bottom=ft.BorderSide(1, p.outline_soft)),
    )


def Table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, first: float = 120) -> ft.Control:
    """Numbers in columns, the twin of every chart; empty is "–", hidden is "<5"."""
    p = look().palette
    width = first * min(look().scale, 1.6)

    def line(cells: Sequence[str], head: bool) -> ft.Control:
        controls: list[ft.Control] = [Meta(cells[0], width=width) if head else Words(cells[0], "body", width=width)]
        for cell in cells[1:]:
            words = Meta(cell) if head else Words(cell or "–", "strong", None if cell else p.ink_soft)
            words.text_align, words.expand = ft.TextAlign.END, True
            controls.append(words)
        return ft.MergeSemantics(content=ft.Row(controls, spacing=S))

    return ft.Column([line(columns, True), *(line(row, False) for row in rows)], spacing=6, tight=True)
