"""Signing on the screen with a finger, and a signature shown again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import flet as ft
from flet import canvas as cv

from goes_mobile.records import strokes
from goes_mobile.records.strokes import UNIT, Point
from goes_mobile.ui.components.buttons import TextAction
from goes_mobile.ui.components.words import Words
from goes_mobile.ui.guarded import component, guarded, guarded_event
from goes_mobile.ui.look import look
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import CARD, S

HEIGHT = 260
INK = 3.0
OFTEN_MS = 8


@ft.observable
@dataclass
class _Sheet:
    """What has been drawn; `turn` changes with every point."""

    drawn: list[list[Point]] = field(default_factory=list)
    width: float = 0
    turn: int = 0
    kept: str = ""
    """What was told last; another `value` from outside (an emptied form) takes the place of what is drawn."""

    def put(self, at: ft.Offset, begins: bool) -> None:
        if not self.width or sum(map(len, self.drawn)) * 9 > strokes.LIMIT:
            return
        point = Point(*(round(UNIT * max(0, way) / self.width) for way in (at.x, at.y)))
        if begins or not self.drawn:
            self.drawn.append([])
        if self.drawn[-1][-1:] != [point]:
            self.drawn[-1].append(point)
            self.turn += 1

    def show(self, text: str) -> None:
        self.drawn, self.kept = strokes.read(text), text
        self.turn += 1


@component
def SignaturePad(
    value: str,
    on_change: Callable[[str], Any],
    *,
    title: str = "",
    again: str = "",
    right_to_left: bool = False,
    height: float = HEIGHT,
) -> ft.Control:
    """A field to sign in. `value` is what :mod:`goes_mobile.records.strokes` keeps; told after every stroke, "" when
    they start again. `title` and `again`: in the language of whoever signs. Never mirrored. Works inside a list that
    scrolls: a stroke that begins here stays here."""
    sheet: _Sheet = ft.use_ref(_Sheet).current  # not a state: with every point the ink alone is drawn anew
    p = look().palette
    if value != sheet.kept:
        sheet.drawn, sheet.kept = strokes.read(value), value

    def lifted() -> Any:
        sheet.kept = strokes.write(sheet.drawn)
        return on_change(sheet.kept)

    def afresh() -> Any:
        sheet.show("")
        return on_change("")

    begin = guarded_event(lambda at: sheet.put(at, True), lambda e: e.local_position)
    move = guarded_event(lambda at: sheet.put(at, False), lambda e: e.local_position)
    lift = guarded(lifted)
    # Two detectors instead of one for both ways: a list around it would take every stroke that begins downwards.
    pad = ft.GestureDetector(
        content=ft.Container(
            content=_Ink(sheet),
            height=height,
            bgcolor=p.card,
            border=ft.Border.all(2, p.primary),
            border_radius=CARD,
            clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        ),
        mouse_cursor=ft.MouseCursor.PRECISE,
        drag_interval=OFTEN_MS,
        on_horizontal_drag_down=begin,
        on_horizontal_drag_update=move,
        on_horizontal_drag_end=lift,
        on_vertical_drag_update=move,
        on_vertical_drag_end=lift,
    )
    head = ft.Row(
        [
            Words(title or t("signature.title"), "section", expand=not look().roomy, rtl=right_to_left),
            TextAction(again or t("signature.again"), afresh, icon=ft.Icons.REFRESH),
        ],
        spacing=S,
        rtl=right_to_left,
        wrap=look().roomy,
    )
    named = ft.Semantics(content=pad, label=t("signature.signed" if value else "signature.pad"), container=True)
    return ft.Column([head, named], spacing=S, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@component
def _Ink(sheet: _Sheet) -> ft.Control:
    def measured(e: cv.CanvasResizeEvent) -> None:
        sheet.width = e.width

    return cv.Canvas(_paths(sheet.drawn, sheet.width), on_resize=measured, resize_interval=0, expand=True)


def Signature(value: str, *, width: float = 220) -> ft.Control:
    """A signature that was given, as large as there is room for it here."""
    drawn = strokes.read(value)
    high = max(strokes.height(drawn) * width / UNIT, 24) + 8
    ink = cv.Canvas(_paths(drawn, width), width=width, height=high)
    return ft.Semantics(content=ink, label=t("signature.signed"), container=True)


def _paths(drawn: Sequence[Sequence[Point]], width: float) -> list[cv.Shape]:
    """A curve per stroke, through the middles between its points: fingers do not move in corners."""
    paint = ft.Paint(
        color=look().palette.ink,
        stroke_width=INK,
        style=ft.PaintingStyle.STROKE,
        stroke_cap=ft.StrokeCap.ROUND,
        stroke_join=ft.StrokeJoin.ROUND,
    )
    return [cv.Path(_curve([(p.x * width / UNIT, p.y * width / UNIT) for p in stroke]), paint) for stroke in drawn]


def _curve(points: Sequence[tuple[float, float]]) -> list[cv.Path.PathElement]:
    first, last = points[0], points[-1]
    way: list[cv.Path.PathElement] = [cv.Path.MoveTo(*first)]
    for here, there in pairwise(points[1:]):
        way.append(cv.Path.QuadraticTo(*here, (here[0] + there[0]) / 2, (here[1] + there[1]) / 2))
    return [*way, cv.Path.LineTo(last[0] + 0.1, last[1])]
