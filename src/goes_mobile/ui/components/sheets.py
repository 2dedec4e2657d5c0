"""Sheets: from below, as wide as the window (at most 640), with a title and one way out.

A sheet belongs to the component that opens it:

    open_, set_open = ft.use_state(False)
    use_sheet(open_, lambda: Sheet(t("…"), [...], on_close=lambda: set_open(False)), on_close=lambda: set_open(False))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import flet as ft

from goes_mobile.ui.components.buttons import IconAction, Primary
from goes_mobile.ui.components.fields import SearchField
from goes_mobile.ui.components.words import Icon, Meta, Words
from goes_mobile.ui.frame import Handler
from goes_mobile.ui.guarded import component, guarded
from goes_mobile.ui.look import look
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import SHEET, L, M, S

WIDEST = 640


def use_sheet(open_: bool, draw: Callable[[], ft.Control], on_close: Handler) -> None:
    """Shows what `draw` returns as a sheet while `open_`; a tap outside or the system's back closes it."""
    shown = look()
    p = shown.palette
    ft.use_dialog(
        ft.BottomSheet(
            content=draw(),
            bgcolor=p.card,
            elevation=0,
            scrollable=True,
            draggable=True,
            size_constraints=ft.BoxConstraints(max_width=WIDEST, max_height=(ft.context.page.height or 800) - 48),
            shape=ft.RoundedRectangleBorder(radius=ft.BorderRadius(SHEET, SHEET, 0, 0)),
            animation_style=ft.AnimationStyle(duration=shown.milliseconds(250)),
            on_dismiss=guarded(on_close),
        )
        if open_
        else None
    )


def Sheet(
    title: str,
    content: Sequence[ft.Control],
    *,
    on_close: Handler,
    search: ft.Control | None = None,
    foot: ft.Control | None = None,
    tall: bool = False,
    short: bool = False,
) -> ft.Control:
    """Title and cross, then what can be chosen; `search` and `foot` stay while the rest scrolls.

    What scrolls is as high as the window allows; `short` is a promise that at 100 % text it fits on half a phone, so
    that the sheet is only as high as its content.
    """
    p = look().palette
    short = short and not look().roomy and (ft.context.page.height or 800) >= 640
    head = ft.Row(
        [
            ft.Semantics(content=Words(title, "title", expand=True), header=True, heading_level=1, expand=True),
            IconAction(ft.Icons.CLOSE, t("do.close"), on_close),
        ],
        spacing=S,
    )
    parts: list[ft.Control] = [
        ft.Container(
            content=ft.Column(
                [head, *([ft.Container(search, padding=ft.Padding.only(right=12))] if search else [])],
                spacing=S,
                tight=True,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
            padding=ft.Padding.only(left=24, right=12, top=12, bottom=8),
        ),
        ft.Column(
            list(content),
            spacing=0,
            tight=not tall,
            expand=None if short else True,
            expand_loose=None if short else not tall,
            scroll=None if short else ft.ScrollMode.AUTO,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
    ]
    if foot is not None:
        parts.append(
            ft.Container(
                content=foot,
                padding=ft.Padding.symmetric(horizontal=24, vertical=12),
                border=ft.Border.only(top=ft.BorderSide(1, p.outline_soft)),
            )
        )
    # Without a width a sheet is as narrow as its text.
    return ft.Container(
        content=ft.SafeArea(
            content=ft.Column(parts, spacing=0, tight=not tall, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
            avoid_intrusions_top=False,
        ),
        width=float("inf"),
        padding=ft.Padding.only(bottom=S),
    )


def sheet_row(
    text: str,
    detail: str = "",
    *,
    icon: ft.IconData | None = None,
    chosen: bool | None = None,
    on_press: Handler | None = None,
    many: bool = False,
    leading: ft.Control | None = None,
) -> ft.Control:
    """One line of a sheet, at least 56 high. `chosen` shows a tick (one of) or a box (`many`)."""
    p = look().palette
    words: list[ft.Control] = [Words(text, "body")]
    if detail:
        words.append(Meta(detail))
    line: list[ft.Control] = []
    if leading is not None:
        line.append(leading)
    elif icon is not None:
        line.append(Icon(icon, p.ink_soft, 24))
    line.append(ft.Column(words, spacing=0, tight=True, expand=True))
    if chosen is not None:
        on = ft.Icons.CHECK_BOX_ROUNDED if many else ft.Icons.CHECK_CIRCLE
        off = ft.Icons.CHECK_BOX_OUTLINE_BLANK_ROUNDED if many else ft.Icons.RADIO_BUTTON_UNCHECKED
        line.append(ft.Icon(on if chosen else off, color=p.primary if chosen else p.outline, size=look().icon(24)))
    box = ft.Container(
        content=ft.Row(line, spacing=L),
        padding=ft.Padding.symmetric(horizontal=24, vertical=16 if not detail else 10),
        ink=on_press is not None,
        on_click=guarded(on_press, touch="selection" if chosen is not None else None),
        bgcolor=p.secondary_container if chosen else None,
    )
    if chosen is None:
        return box
    return ft.Semantics(content=box, checked=chosen, container=True)


class Option(NamedTuple):
    """Something a sheet offers: its value, what is read, a quiet second line."""

    value: Any
    text: str
    detail: str = ""
    icon: ft.IconData | None = None


@component
def PickSheet(
    title: str,
    options: Sequence[Option],
    chosen: Any,
    on_choose: Callable[[Any], Any],
    on_close: Handler,
    last: ft.Control | None = None,
    search: bool | None = None,
) -> ft.Control:
    """One of many; choosing closes. With more than eight there is a search. `last` is a row below: "Neu anlegen"."""
    wanted, set_wanted = ft.use_state("")
    searching = len(options) > 8 if search is None else search
    hits = [o for o in options if _matches(o, wanted)]

    def choose(value: Any) -> Any:
        result = on_choose(value)
        on_close()
        return result

    rows: list[ft.Control] = [
        sheet_row(
            o.text, o.detail, icon=o.icon, chosen=o.value == chosen, on_press=(lambda value=o.value: choose(value))
        )
        for o in hits
    ]
    if not hits:
        rows.append(ft.Container(Meta(t("search.nothing", what=wanted)), padding=ft.Padding.all(24)))
    if last is not None:
        rows.append(last)
    field = SearchField(t("search.here"), wanted, set_wanted) if searching else None
    return Sheet(
        title, rows, on_close=on_close, search=field, tall=searching, short=len(options) <= 5 and not searching
    )


@component
def CodeSheet(
    title: str,
    options: Mapping[str, str],
    chosen: Sequence[str],
    on_change: Callable[[list[str]], Any],
    on_close: Handler,
) -> ft.Control:
    """What "Alle 20" opens: every code of a list with search; several can be ticked, what is ticked counts at once."""
    wanted, set_wanted = ft.use_state("")
    now, set_now = ft.use_state(list(chosen))
    # A chosen code this version does not know stays, shown as it is.
    offered = {**options, **{code: code for code in chosen if code not in options}}

    def tick(code: str) -> Any:
        new = [c for c in now if c != code] if code in now else [*now, code]
        set_now(new)
        return on_change(new)

    rows: list[ft.Control] = [
        sheet_row(text, chosen=code in now, many=True, on_press=(lambda code=code: tick(code)))
        for code, text in offered.items()
        if wanted.casefold() in text.casefold()
    ]
    if not rows:
        rows.append(ft.Container(Meta(t("search.nothing", what=wanted)), padding=ft.Padding.all(24)))
    done = Primary(t("sheet.done", n=len(now)), on_close, icon=ft.Icons.CHECK)
    return Sheet(
        title,
        rows,
        on_close=on_close,
        search=SearchField(t("search.here"), wanted, set_wanted) if len(offered) > 8 else None,
        foot=ft.Row([ft.Container(done, expand=True)]),
        tall=True,
    )


def _matches(option: Option, wanted: str) -> bool:
    return wanted.casefold() in f"{option.text} {option.detail}".casefold()


def use_question(
    open_: bool, title: str, detail: str, yes: str, on_yes: Handler, no: str, on_close: Handler, *, danger: bool = False
) -> None:
    """One question before something that cannot be undone. For everything else: do it and offer "Rückgängig"."""
    from goes_mobile.ui.components.buttons import Danger, TextAction

    def answered() -> Any:
        on_close()
        return on_yes()

    def draw() -> ft.Control:
        button = Danger(yes, answered) if danger else Primary(yes, answered)
        return Sheet(
            title,
            [ft.Container(Words(detail, "body"), padding=ft.Padding.only(left=24, right=24, bottom=L))],
            on_close=on_close,
            short=True,
            foot=ft.Row(
                [TextAction(no, on_close), button],
                spacing=M,
                run_spacing=S,
                wrap=True,
                alignment=ft.MainAxisAlignment.END,
            ),
        )

    use_sheet(open_, draw, on_close)
