"""A form drawn from what a record class says about its fields; a new field needs no line here.

    RecordForm("task", view.values, view.set, errors=view.errors, refs={"member": [Option(id, name), …]})

`values` are Python values by field name (what `values.assemble` gives, or a draft), `on_change(name, value)` is told
every change: None empties a plain field, sets are lists, a tally is {row: {column: n}}, parts are {id: {field: value}}.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, cast

import flet as ft

from goes_mobile.records.codes import choices, codes
from goes_mobile.records.fields import FieldInfo
from goes_mobile.records.presets import Preset
from goes_mobile.records.registry import kind as kind_named
from goes_mobile.services.desk import BERLIN
from goes_mobile.ui.components.buttons import IconAction, Outlined
from goes_mobile.ui.components.cards import Card
from goes_mobile.ui.components.choices import ActionChip, Cells, Chip, Chips, Choice, Segment, Switch
from goes_mobile.ui.components.counting import Tally
from goes_mobile.ui.components.fields import DateField, Field, PickField, Side, TimeField, notes
from goes_mobile.ui.components.icons import MOODS
from goes_mobile.ui.components.sheets import CodeSheet, Option, PickSheet, use_sheet
from goes_mobile.ui.components.states import Note
from goes_mobile.ui.components.words import Label, Strong
from goes_mobile.ui.guarded import component
from goes_mobile.ui.text import label, local, t, today
from goes_mobile.ui.theme import L, S

Change = Callable[[Any], Any]
FEW = 6
"""So many chips are shown at once; the rest is behind "Alle 20"."""


@dataclass(frozen=True)
class Around:
    """What a form needs to know besides the record."""

    refs: Mapping[str, Sequence[Option]] = field(default_factory=dict)
    """Records that can be referred to, by kind."""
    preset: Preset | None = None
    granted: Collection[str] | None = None
    """Categories of data a consent names; None: no question of consent here."""
    often: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """A person's most used codes by code list, shown first."""
    new_id: Callable[[], str] | None = None
    """For new parts."""


def field_label(info: FieldInfo) -> str:
    """The field's name as a label."""
    text = label(info.de, info.en)
    return text[:1].upper() + text[1:]


def code_labels(name: str, preset: Preset | None = None, keep: Collection[str] = ()) -> dict[str, str]:
    """Code -> label in the language of the look: those on offer, and `keep`, which may be retired or unknown."""
    known = codes(name, preset)
    offered = {code: label(text.de, text.en) for code, text in choices(name, preset).items()}
    kept = {code: label(known[code].de, known[code].en) if code in known else code for code in keep}
    return {**offered, **kept}


@component
def RecordForm(
    kind: str,
    values: Mapping[str, Any],
    on_change: Callable[[str, Any], Any],
    *,
    errors: Mapping[str, str] | None = None,
    only: Sequence[str] = (),
    without: Collection[str] = (),
    around: Around | None = None,
) -> ft.Control:
    """All fields of a kind in the order of its class; `only` chooses and orders, `without` leaves out."""
    infos = {info.name: info for info in kind_named(kind).form}
    names = only or [name for name in infos if name not in without]
    return _fields([infos[name] for name in names], values, on_change, errors or {}, around or Around())


def _fields(
    infos: Sequence[FieldInfo],
    values: Mapping[str, Any],
    on_change: Callable[[str, Any], Any],
    errors: Mapping[str, str],
    around: Around,
) -> ft.Control:
    return ft.Column(
        [
            FormField(
                info,
                values.get(info.name),
                (lambda value, name=info.name: on_change(name, value)),
                errors.get(info.name, ""),
                around,
                key=info.name,
            )
            for info in infos
        ],
        spacing=L,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@component
def FormField(info: FieldInfo, value: Any, on_change: Change, error: str, around: Around) -> ft.Control:
    """One field by its shape and type."""
    if info.consent is not None and around.granted is not None and info.consent not in around.granted:
        category = code_labels("data_category").get(info.consent, info.consent)
        return ft.Column(
            [
                Label(field_label(info)),
                Note(t("form.needs_consent", category=category), icon=ft.Icons.VERIFIED_USER_OUTLINED),
            ],
            spacing=4,
            tight=True,
        )
    return _DRAWN[info.shape](info, value, on_change, error, around)


def _plain(info: FieldInfo, value: Any, on_change: Change, error: str, around: Around) -> ft.Control:
    if info.codes is not None or info.ref is not None:
        return OneOf(info, value, on_change, error, around)
    simple: dict[Any, Callable[..., ft.Control]] = {
        bool: _yes_no,
        int: _number,
        float: _number,
        date: _day,
        time: _time,
        datetime: _moment,
    }
    return simple.get(info.type, _text)(info, value, on_change, error)


def _text(info: FieldInfo, value: Any, on_change: Change, error: str) -> ft.Control:
    named = info.consent is not None or not info.multiline
    return Field(
        field_label(info),
        value or "",
        on_change,
        error=error,
        lines=3 if info.multiline else 1,
        correct=not named,
    )


def _yes_no(info: FieldInfo, value: Any, on_change: Change, error: str) -> ft.Control:
    return ft.Column(
        [Card(Switch(field_label(info), bool(value), on_change), padding=0), *notes(error, "")], tight=True
    )


def _number(info: FieldInfo, value: Any, on_change: Change, error: str) -> ft.Control:
    low, high = info.ge, info.le
    if low is not None and high is not None and high - low < 7 and info.type is int:
        faces = MOODS if info.name == "mood" and (low, high) == (1, 5) else None
        cells = [
            Choice(n, str(n), faces[n - low] if faces else None, t("form.n_of", n=n, most=high))
            for n in range(low, high + 1)
        ]
        row = Cells(cells, value, lambda n: on_change(None if n == value else n))
        return ft.Column([Label(field_label(info)), row, *notes(error, "")], spacing=6, tight=True)
    return NumberField(info, value, on_change, error)


@component
def NumberField(info: FieldInfo, value: Any, on_change: Change, error: str) -> ft.Control:
    """A number is typed; what is no number stays in the field with a word about it."""
    typed: Any = ft.use_ref(("", None))
    wrong, set_wrong = ft.use_state("")

    def take(text: str) -> Any:
        number, said = _read_number(info, text)
        typed.current = (text, number)
        set_wrong(said)
        return None if said else on_change(number)

    # As it was typed ("1,", "007"), as long as that is the number the form has.
    text, number = typed.current
    shown = text if number == value else "" if value is None else str(value).replace(".", ",")
    return Field(field_label(info), shown, take, error=wrong or error, keyboard=ft.KeyboardType.NUMBER)


def _read_number(info: FieldInfo, text: str) -> tuple[int | float | None, str]:
    """The number, and what is wrong with the text."""
    plain = text.strip().replace(",", ".")
    try:
        return (None if not plain else float(plain) if info.type is float else int(plain)), ""
    except ValueError:
        return None, t("form.no_number")


def _day(info: FieldInfo, value: Any, on_change: Change, error: str) -> ft.Control:
    return DateField(field_label(info), value, on_change, error=error, optional=not info.required)


def _time(info: FieldInfo, value: Any, on_change: Change, error: str) -> ft.Control:
    return TimeField(field_label(info), value, on_change, error=error, optional=not info.required)


def _moment(info: FieldInfo, value: Any, on_change: Change, error: str) -> ft.Control:
    """A day and a time of day, both local."""
    shown = local(value) if isinstance(value, datetime) else None

    def joined(day: date | None, at: time | None) -> Any:
        if day is None:
            return on_change(None)
        clock = at or (shown or local(datetime.now(UTC))).time()
        return on_change(datetime.combine(day, clock, BERLIN).astimezone(UTC))

    name = field_label(info)
    return Side(
        DateField(
            name,
            shown.date() if shown else None,
            lambda day: joined(day, None),
            error=error,
            optional=not info.required,
        ),
        TimeField(
            t("form.clock"),
            shown.time() if shown else None,
            lambda at: joined(shown.date() if shown else today(), at),
        ),
        small=True,
    )


@component
def OneOf(info: FieldInfo, value: Any, on_change: Change, error: str, around: Around) -> ft.Control:
    """One code or one other record: a segment for two or three short ones, chips for few, a sheet for many."""
    open_, set_open = ft.use_state(False)
    options = _options(info, [value] if value else [], around)
    name = field_label(info)
    use_sheet(
        open_,
        lambda: PickSheet(name, options, value, on_change, lambda: set_open(False)),
        on_close=lambda: set_open(False),
    )
    if info.codes and len(options) <= 3 and all(len(o.text) < 14 for o in options):
        row = Segment([Choice(o.value, o.text) for o in options], value, on_change)
        return ft.Column([Label(name), row, *notes(error, "")], spacing=6, tight=True)
    if info.codes and len(options) <= FEW:
        chips = [
            Chip(o.text, o.value == value, lambda on, code=o.value: on_change(code if on else None)) for o in options
        ]
        return ft.Column([Label(name), Chips(*chips), *notes(error, "")], spacing=6, tight=True)
    chosen = next((o.text for o in options if o.value == value), value or "")
    return PickField(
        name,
        str(chosen),
        lambda: set_open(True),
        error=error,
        on_clear=None if info.required else lambda: on_change(None),
    )


@component
def SetOf(info: FieldInfo, value: Any, on_change: Change, error: str, around: Around) -> ft.Control:
    """Several codes or records: the most used as chips, all of them in a sheet."""
    open_, set_open = ft.use_state(False)
    chosen: list[str] = list(value or [])
    options = {o.value: o.text for o in _options(info, chosen, around)}
    name = field_label(info)
    use_sheet(
        open_,
        lambda: CodeSheet(name, options, chosen, on_change, lambda: set_open(False)),
        on_close=lambda: set_open(False),
    )

    def toggle(code: str, on: bool) -> Any:
        return on_change([*chosen, code] if on else [c for c in chosen if c != code])

    often = [c for c in around.often.get(info.codes or "", ()) if c in options]
    first = list(dict.fromkeys([*often, *options]))[:FEW] if info.codes else []
    shown = list(dict.fromkeys([*first, *chosen]))
    chips = [
        Chip(options.get(code, code), code in chosen, (lambda on, code=code: toggle(code, on)), key=code)
        for code in shown
    ]
    if len(options) > len(first):
        more = t("field.all", n=len(options)) if info.codes else t("field.choose")
        icon = ft.Icons.KEYBOARD_ARROW_DOWN if info.codes else ft.Icons.SEARCH
        chips.append(ActionChip(more, lambda: set_open(True), icon=icon, quiet=bool(info.codes), about=name))
    return ft.Column([Label(name), Chips(*chips), *notes(error, "")], spacing=6, tight=True)


def _options(info: FieldInfo, keep: Sequence[str], around: Around) -> list[Option]:
    if info.codes is not None:
        return [Option(code, text) for code, text in code_labels(info.codes, around.preset, keep).items()]
    offered = list(around.refs.get(info.ref or "", ()))
    known = {option.value for option in offered}
    return [*offered, *(Option(one, t("form.unknown_ref")) for one in keep if one not in known)]


@component
def TallyField(info: FieldInfo, value: Any, on_change: Change, error: str, around: Around) -> ft.Control:
    """Counting; the last steps can be taken back as long as the form is open."""
    trail, set_trail = ft.use_state(cast(Any, list))
    assert info.cells is not None
    counts: dict[str, dict[str, int]] = {row: dict(cells) for row, cells in (value or {}).items()}

    def step(row: str, column: str, by: int) -> Any:
        now = counts.setdefault(row, {})
        now[column] = max(now.get(column, 0) + by, 0)
        return on_change({**counts})

    def count(row: str, column: str, by: int) -> Any:
        set_trail([*trail, (row, column, by)])
        return step(row, column, by)

    def undo() -> Any:
        if not trail:
            return None
        row, column, by = trail[-1]
        set_trail(trail[:-1])
        return step(row, column, -by)

    rows, columns = (list(code_labels(name, around.preset).items()) for name in info.cells)
    flat = {(row, column): n for row, cells in counts.items() for column, n in cells.items()}
    grid = Tally(rows, columns, flat, count, on_undo=undo if trail else None)
    return ft.Column([Label(field_label(info)), Card(grid), *notes(error, "")], spacing=6, tight=True)


def _parts(info: FieldInfo, value: Any, on_change: Change, error: str, around: Around) -> ft.Control:
    """Small records inside: a card each, one button for another one."""
    parts: dict[str, dict[str, Any]] = {one: _as_dict(part) for one, part in (value or {}).items()}
    inner = list((info.part or {}).values())
    name = field_label(info)

    def change(one: str, field_name: str, new: Any) -> Any:
        return on_change({**parts, one: {**parts[one], field_name: new}})

    cards: list[ft.Control] = [
        Card(
            ft.Row(
                [
                    Strong(f"{name} {index}", expand=True),
                    IconAction(
                        ft.Icons.DELETE_OUTLINED,
                        t("field.remove_part", what=f"{name} {index}"),
                        lambda one=one: on_change({k: v for k, v in parts.items() if k != one}),
                    ),
                ]
            ),
            _fields(inner, part, lambda n, new, one=one: change(one, n, new), {}, around),
            key=one,
        )
        for index, (one, part) in enumerate(sorted(parts.items()), start=1)
    ]
    make = around.new_id
    if make is not None:
        add = t("field.add_part", what=name)
        cards.append(ft.Row([Outlined(add, lambda: on_change({**parts, make(): {}}), icon=ft.Icons.ADD)]))
    return ft.Column(
        [Label(name), *cards, *notes(error, "")],
        spacing=S,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _as_dict(part: Any) -> dict[str, Any]:
    return dict(part) if isinstance(part, Mapping) else dict(part.model_dump())


def _set(info: FieldInfo, value: Any, on_change: Change, error: str, around: Around) -> ft.Control:
    return SetOf(info, value, on_change, error, around)


def _tally(info: FieldInfo, value: Any, on_change: Change, error: str, around: Around) -> ft.Control:
    return TallyField(info, value, on_change, error, around)


_DRAWN: dict[str, Callable[[FieldInfo, Any, Change, str, Around], ft.Control]] = {
    "plain": _plain,
    "count": _plain,
    "set": _set,
    "tally": _tally,
    "parts": _parts,
}
