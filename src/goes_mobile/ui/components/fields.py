"""Fields: label above, error or note below. The placeholder is never the label.

A field keeps what is typed itself and only takes a `value` that somebody else changed. Otherwise a redraw that is one
key stroke behind would overwrite what has been typed meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import flet as ft

from goes_mobile.ui.components.buttons import IconAction
from goes_mobile.ui.components.words import Icon, Label, Meta, Words
from goes_mobile.ui.frame import Handler
from goes_mobile.ui.guarded import component, guarded, guarded_event
from goes_mobile.ui.look import look
from goes_mobile.ui.text import clock, numeric_day, t, today
from goes_mobile.ui.theme import FULL, SMALL, L, M, S, side


def _border(colour: str, width: float) -> ft.OutlineInputBorder:
    return ft.OutlineInputBorder(side=side(colour, width), border_radius=SMALL)


def notes(error: str, remark: str) -> list[ft.Control]:
    """What stands below a field: the error, else the remark."""
    p = look().palette
    if error:
        told = ft.Row(
            [Icon(ft.Icons.ERROR_OUTLINE, p.lost, 16), Words(error, "meta", p.lost, expand=True)],
            spacing=6,
            margin=ft.Margin.only(left=4),
        )
        return [ft.Semantics(content=told, live_region=True)]
    return [Meta(remark, margin=ft.Margin.only(left=4))] if remark else []


@component
def Field(
    label: str,
    value: str = "",
    on_change: Callable[[str], Any] | None = None,
    *,
    error: str = "",
    note: str = "",
    hint: str = "",
    lines: int = 1,
    password: bool = False,
    keyboard: ft.KeyboardType | None = None,
    on_submit: Callable[[str], Any] | None = None,
    on_leave: Callable[[str], Any] | None = None,
    autofocus: bool = False,
    correct: bool = True,
    expand: bool | None = None,
    suffix: ft.Control | None = None,
) -> ft.Control:
    """A labelled text field. `lines` > 1 makes it grow with what is written. `correct=False` for names and codes."""
    last: Any = ft.use_ref(None)
    given: str | None = None
    if value != last.current:
        given = last.current = value

    def typed(text: str) -> Any:
        last.current = text
        return on_change(text) if on_change else None

    shown = look()
    p = shown.palette
    usual = _border(p.lost if error else p.outline, 2 if error else p.border)
    field = ft.TextField(
        value=given,  # type: ignore[arg-type]  # None keeps what stands in it
        text_style=shown.style("body"),
        hint_text=hint or None,
        hint_style=shown.style("body", p.ink_soft),
        multiline=lines > 1,
        min_lines=lines if lines > 1 else None,
        max_lines=max(lines * 3, 8) if lines > 1 else 1,
        password=password,
        can_reveal_password=password,
        keyboard_type=keyboard or (ft.KeyboardType.MULTILINE if lines > 1 else ft.KeyboardType.TEXT),
        autofocus=autofocus,
        autocorrect=correct,
        enable_suggestions=correct,
        # What is written about people must not end up in the keyboard's memory.
        enable_ime_personalized_learning=False,
        border={
            ft.ControlState.DEFAULT: usual,
            ft.ControlState.FOCUSED: _border(p.lost if error else p.primary, 2),
        },
        bgcolor=p.card,
        cursor_color=p.primary,
        content_padding=ft.Padding.symmetric(horizontal=20, vertical=16 if lines > 1 else 15),
        suffix=suffix,
        on_change=guarded_event(typed, lambda e: e.control.value or ""),
        on_submit=guarded_event(on_submit, lambda e: e.control.value or ""),
        on_blur=guarded_event(on_leave, lambda e: e.control.value or ""),
    )
    return ft.Column(
        [
            ft.MergeSemantics(
                content=ft.Column(
                    [Label(label), field], spacing=6, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
                )
            ),
            *notes(error, note),
        ],
        spacing=6,
        tight=True,
        expand=expand,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@component
def SearchField(
    hint: str, value: str = "", on_change: Callable[[str], Any] | None = None, *, autofocus: bool = False
) -> ft.Control:
    """Searching while typing; round, with a glass, and a cross once something is written. It is named "Suchen";
    `hint` says what can be searched for."""
    last: Any = ft.use_ref(None)
    given: str | None = None
    if value != last.current:
        given = last.current = value

    def typed(text: str) -> Any:
        last.current = text
        return on_change(text) if on_change else None

    shown = look()
    p = shown.palette
    if shown.roomy:  # large text would cut the list of what can be searched for
        hint = f"{hint.partition(',')[0]} …" if "," in hint else hint

    def border(colour: str, width: float) -> ft.OutlineInputBorder:
        return ft.OutlineInputBorder(side=side(colour, width), border_radius=FULL)

    clear = IconAction(ft.Icons.CLOSE, t("do.clear_search"), lambda: on_change("") if on_change else None)
    field = ft.TextField(
        value=given,  # type: ignore[arg-type]  # None keeps what stands in it
        hint_text=None if hint == t("search.label") else hint,
        hint_style=shown.style("body", p.ink_soft),
        text_style=shown.style("body"),
        prefix_icon=ft.Icon(ft.Icons.SEARCH, color=p.ink, size=shown.icon(24)),
        suffix_icon=clear if value else None,
        autofocus=autofocus,
        autocorrect=False,
        enable_ime_personalized_learning=False,
        border={ft.ControlState.DEFAULT: border(p.outline, p.border), ft.ControlState.FOCUSED: border(p.primary, 2)},
        bgcolor=p.card,
        content_padding=ft.Padding.symmetric(horizontal=20, vertical=14),
        on_change=guarded_event(typed, lambda e: e.control.value or ""),
    )
    return ft.MergeSemantics(content=ft.Semantics(content=field, label=t("search.label")))


def PickField(
    label: str,
    shown_value: str,
    on_press: Handler,
    *,
    icon: ft.IconData | None = None,
    hint: str = "",
    error: str = "",
    note: str = "",
    on_clear: Handler | None = None,
    expand: bool | None = None,
) -> ft.Control:
    """Looks like a field, but a tap opens a sheet or picker; what is chosen is never typed."""
    shown = look()
    p = shown.palette
    words = Words(shown_value or hint or t("field.choose"), "body", p.ink if shown_value else p.ink_soft, expand=True)
    words.semantics_label = f"{label}: {shown_value or t('field.nothing_chosen')}"
    clearable = bool(shown_value) and on_clear is not None
    line: list[ft.Control] = [words]
    if not clearable:
        line.append(ft.Container(Icon(icon or ft.Icons.KEYBOARD_ARROW_DOWN, p.ink_soft, 24), padding=12))
    press = ft.Container(
        content=ft.Row(line, spacing=S),
        padding=ft.Padding.only(left=20, right=4, top=14 if clearable else 2, bottom=14 if clearable else 2),
        border_radius=SMALL,
        ink=True,
        on_click=guarded(on_press),
        expand=True,
    )
    # The cross stands beside what opens the picker, not in it: a button in a button is none.
    cross = [IconAction(ft.Icons.CLOSE, t("field.clear", label=label), on_clear)] if clearable else []
    box = ft.Container(
        content=ft.Row([press, *cross], spacing=0),
        bgcolor=p.card,
        border=ft.Border.all(2 if error else p.border, p.lost if error else p.outline),
        border_radius=SMALL,
    )
    caption = ft.Semantics(content=Label(label), exclude_semantics=True)  # it is part of the button's name
    return ft.Column(
        [caption, box, *notes(error, note)],
        spacing=6,
        tight=True,
        expand=expand,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _picked_day(picked: Any) -> date | None:
    """The day meant: the picker answers its own midnight, which in a browser may be another zone's than ours."""
    if not isinstance(picked, datetime):
        return picked if isinstance(picked, date) else None
    return (picked.astimezone(UTC) + timedelta(hours=12)).date() if picked.tzinfo else picked.date()


def _noon(day: date) -> datetime:
    """For the same reason: noon is the same day on both sides."""
    return datetime.combine(day, time(12))


@component
def DateField(
    label: str,
    value: date | None,
    on_change: Callable[[date | None], Any],
    *,
    first: date = date(1990, 1, 1),
    last: date = date(2060, 12, 31),
    error: str = "",
    note: str = "",
    optional: bool = True,
    expand: bool | None = None,
) -> ft.Control:
    """A day, chosen in the calendar or typed there."""
    open_, set_open = ft.use_state(False)

    def picked(value: Any) -> Any:
        set_open(False)
        day = _picked_day(value)
        return on_change(day) if day else None

    ft.use_dialog(
        ft.DatePicker(
            value=_noon(value or today()),
            first_date=_noon(first),
            last_date=_noon(last),
            help_text=label,
            confirm_text=t("do.take"),
            cancel_text=t("do.leave"),
            on_change=guarded_event(picked, lambda e: e.control.value),
            on_dismiss=guarded(set_open, False),
        )
        if open_
        else None
    )
    return PickField(
        label,
        numeric_day(value) if value else "",
        lambda: set_open(True),
        icon=ft.Icons.CALENDAR_TODAY_OUTLINED,
        hint=t("field.choose_day"),
        error=error,
        note=note,
        on_clear=(lambda: on_change(None)) if optional and value else None,
        expand=expand,
    )


@component
def TimeField(
    label: str,
    value: time | None,
    on_change: Callable[[time | None], Any],
    *,
    error: str = "",
    note: str = "",
    optional: bool = False,
    expand: bool | None = None,
) -> ft.Control:
    """A time of day, 24 hours."""
    open_, set_open = ft.use_state(False)

    def picked(value: Any) -> Any:
        set_open(False)
        return on_change(value) if isinstance(value, time) else None

    ft.use_dialog(
        ft.TimePicker(
            value=value or time(12),
            help_text=label,
            confirm_text=t("do.take"),
            cancel_text=t("do.leave"),
            hour_format=ft.TimePickerHourFormat.H24,
            on_change=guarded_event(picked, lambda e: e.control.value),
            on_dismiss=guarded(set_open, False),
        )
        if open_
        else None
    )
    return PickField(
        label,
        clock(value) if value else "",
        lambda: set_open(True),
        icon=ft.Icons.SCHEDULE_OUTLINED,
        hint=t("field.choose_time"),
        error=error,
        note=note,
        on_clear=(lambda: on_change(None)) if optional and value else None,
        expand=expand,
    )


def Side(*fields: ft.Control, small: bool = False) -> ft.Control:
    """Fields beside each other where there is room, stacked otherwise; `small` ones (day, time) also on a phone."""
    shown = look()
    if shown.roomy or (shown.compact and not small):
        return ft.Column(list(fields), spacing=L, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    return ft.Row(
        [ft.Container(field, expand=True) for field in fields],
        spacing=M if small and shown.compact else L,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
