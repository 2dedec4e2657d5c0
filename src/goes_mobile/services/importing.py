"""Einlesen: encounters, people and partners from an office's own lists; the same file twice is once.

A line's id follows from what it says (or from a column with the office's own number), so a file that was read in
before, here or on a colleague's device, adds nothing. Every line is checked by the rules of the screens, by itself.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlmodel import select

from goes_mobile.protocol.ids import NAMESPACE
from goes_mobile.protocol.problems import GoesError, InputRefused
from goes_mobile.records import codes, registry
from goes_mobile.records.fields import FieldInfo
from goes_mobile.records.refusals import FieldRefused
from goes_mobile.services import cells, scripting, tables
from goes_mobile.services.desk import Desk
from goes_mobile.services.likeness import fold
from goes_mobile.services.tables import Line, Table
from goes_mobile.services.workbook import Cell
from goes_mobile.store.change import Change

KINDS = {"encounters": "encounter", "people": "young_person", "partners": "partner"}
BATCH = 500
"""Lines in one transaction."""
OWN_ID, TIME = "id", cells.TIME
"""Columns that are no field: the office's own number, and a time beside the day."""
_WORDS = {
    "datum": "at", "date": "at", "tag": "at", "beginn": "at", "uhrzeit": TIME, "zeit": TIME, "time": TIME, "von": TIME,
    "dauer": "minutes", "duration": "minutes", "dauer (min)": "minutes", "thema": "topics", "topic": "topics",
    "bemerkung": "note", "bemerkungen": "note", "notizen": "note", "notes": "note", "kommentar": "note",
    "einrichtung": "site", "standort": "site", "massnahme": "actions", "massnahmen": "actions", "aktion": "actions",
    "action": "actions", "wo": "place_note", "anzahl": "head_counts/unknown/no_answer",
    "personen": "head_counts/unknown/no_answer", "teilnehmende": "head_counts/unknown/no_answer",
    "count": "head_counts/unknown/no_answer", "lfd. nr.": OWN_ID, "nr.": OWN_ID, "nr": OWN_ID, "id": OWN_ID,
    "number": OWN_ID, "ort": "place", "wohnort": "municipality", "stadt": "municipality", "sprache": "languages",
    "jahrgang": "birth_year", "pseudonym": "alias", "name": "name", "telefon": "phone", "e-mail": "mail",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wiring:
    """Which column is which field, and what the office's words mean."""

    columns: dict[str, str]
    values: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(slots=True)
class Row:
    """A line of the list and what becomes of it: a change, known already, or refused."""

    number: int
    change: Change | None = None
    refused: GoesError | None = None


def read(desk: Desk, kind: str, name: str, content: bytes, wiring: Wiring | None = None) -> Table:
    words = _headings(desk, kind)
    return tables.read(name, content, lambda heading: heading in wiring.columns if wiring else fold(heading) in words)


def opened(desk: Desk, kind: str, name: str, content: bytes, mapping: bytes | None = None) -> tuple[Table, Wiring]:
    """A list, and which of its columns is which field: as the mapping says, or guessed. Raises ``no_columns``."""
    wiring = mapping_of(kind, mapping) if mapping is not None else None
    table = read(desk, kind, name, content, wiring)
    wiring = wiring or guess(desk, kind, table)
    if not set(wiring.columns) & set(table.headings):
        raise InputRefused("no_columns", field="file")
    return table, wiring


def mapping_of(kind: str, content: bytes) -> Wiring:
    """From a file, TOML or JSON: ``columns`` names a field for a heading, ``values`` a code for a word, by field."""
    try:
        text = content.decode("utf-8-sig")
        told = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
        columns = {str(heading): str(name) for heading, name in told["columns"].items()}
        values = {
            str(name): {fold(str(word)): str(code) for word, code in words.items()}
            for name, words in told.get("values", {}).items()
        }
    except (ValueError, KeyError, AttributeError, TypeError):
        raise InputRefused("not_a_mapping", field="mapping") from None
    for name in columns.values():
        _info(kind, name)
    return Wiring(columns, values)


def guess(desk: Desk, kind: str, table: Table) -> Wiring:
    """From the headings: labels and names of fields, and what offices usually write."""
    words = _headings(desk, kind)
    columns: dict[str, str] = {}
    for place, heading in enumerate(table.headings):
        name = words.get(fold(heading))
        if name == "place" and not _mostly_codes(desk, kind, table, place):
            name = "place_note"
        if name is not None and name not in columns.values():
            columns[heading] = name
    return Wiring(columns)


def _headings(desk: Desk, kind: str) -> dict[str, str]:
    known = registry.kind(kind)
    words = {word: name for word, name in _WORDS.items() if name in (OWN_ID, TIME) or _field(known, name)}
    for info in known.form:
        if info.shape == "tally" and info.cells is not None:
            first, second = (codes.codes(cells, desk.preset) for cells in info.cells)
            for (a, one), (b, other) in ((x, y) for x in first.items() for y in second.items()):
                for text in (f"{one.de} {other.de}", f"{one.en} {other.en}"):
                    words[fold(text.replace("–", "-"))] = words[fold(text)] = f"{info.name}/{a}/{b}"
        elif info.part is None:
            words |= dict.fromkeys((fold(info.de), fold(info.en), info.name), info.name)
    return words


def _field(known: registry.Kind, path: str) -> FieldInfo | None:
    return known.all_fields.get(path.partition("/")[0])


def _info(kind: str, path: str) -> FieldInfo | None:
    """The field that a column fills; None for what is no field."""
    if path in (OWN_ID, TIME):
        return None
    info = _field(registry.kind(kind), path)
    if info is None or not info.settable or info.blob or ("/" in path) != (info.shape == "tally"):
        raise FieldRefused(path, "unknown_field", kind=kind)
    return info


def _mostly_codes(desk: Desk, kind: str, table: Table, place: int) -> bool:
    info = registry.kind(kind).all_fields["place"]
    words = {cells.text_of(line.cells[place]) for line in table.lines[:200] if place < len(line.cells)} - {""}
    return 2 * sum(cells.code_of(desk, info, word, {}) is not None for word in words) >= len(words)


def taken(desk: Desk, kind: str) -> set[str]:
    """The ids that are there already, deleted ones too: what somebody took out does not come back by itself."""
    return set(desk.read.exec(select(registry.kind(kind).cls.id)))


def rows(desk: Desk, kind: str, table: Table, mapping: Wiring, lines: Sequence[Line], seen: set[str]) -> list[Row]:
    """What becomes of some lines. ``seen``: ids that are there; what is new is put in."""
    return list(_rows(desk, kind, table, mapping, lines, seen))


def _rows(desk: Desk, kind: str, table: Table, mapping: Wiring, lines: Sequence[Line], seen: set[str]) -> Iterator[Row]:
    placed = [(place, mapping.columns[h]) for place, h in enumerate(table.headings) if h in mapping.columns]
    for line in lines:
        row = Row(line.number)
        try:
            record = _identity(kind, placed, line, seen)
            if record:
                values = _values(desk, kind, placed, mapping, line)
                (row.change,) = scripting.made(_naming(desk, record), kind, values)
                seen.add(record)
        except GoesError as refused:
            row.refused = refused
        yield row


def _naming(desk: Desk, record: str) -> Desk:
    return replace(desk, new_id=lambda: record)


def _identity(kind: str, placed: Sequence[tuple[int, str]], line: Line, seen: set[str]) -> str:
    """The id that this line has on every device; empty if it is there already."""
    own = next((cells.text_of(_cell(line, place)) for place, name in placed if name == OWN_ID), "")
    said = ["own", own] if own else ["row", *map(cells.text_of, line.cells)]
    digest = hashlib.sha256(json.dumps(said).encode()).hexdigest()
    record = str(uuid.uuid5(NAMESPACE, f"import:{kind}:{digest}"))
    return "" if record in seen else record


def _cell(line: Line, place: int) -> Cell:
    return line.cells[place] if place < len(line.cells) else None


def _values(desk: Desk, kind: str, placed: Sequence[tuple[int, str]], mapping: Wiring, line: Line) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for place, name in placed:
        cell, info = _cell(line, place), _info(kind, name)
        if info is None or not cells.text_of(cell):
            continue
        if isinstance(cell, str) and cell.startswith("#") and cell.rstrip("!?").isupper():
            raise InputRefused("formula_failed", field=name)
        value = cells.value(desk, info, name, cell, mapping.values.setdefault(name, {}))
        if info.shape == "tally":
            _, first, second = name.split("/")
            values.setdefault(info.name, {}).setdefault(first, {})[second] = value
        elif info.name in values and info.type is str and info.shape == "plain" and not info.codes:
            values[info.name] += f"\n{value}"
        else:
            values[info.name] = value
    at = next((_cell(line, place) for place, name in placed if name == TIME), None)
    if cells.text_of(at) and isinstance(values.get("at"), datetime):
        hour, minute = cells.clock_of(at)
        values["at"] = values["at"].replace(hour=hour, minute=minute)
    return values
