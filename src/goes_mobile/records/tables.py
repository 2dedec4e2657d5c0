"""Rows into the projection's tables without an object in between: replay and apply are bound by this.

SQLAlchemy's own bulk insert takes some 25 µs a record of this width, this some 8; the queries are plain SQLModel.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import cache
from operator import itemgetter
from typing import Any

from pydantic_core import to_json

from goes_mobile.records import registry
from goes_mobile.records.reading import Row

Cells = tuple[Any, ...]


@cache
def replace_sql(kind: str) -> str:
    """The statement that puts one record's row into its table, for ``sqlite3``'s ``execute`` or ``executemany``."""
    columns = registry.kind(kind).columns
    names = ", ".join(f'"{name}"' for name in columns)
    # All names are those of our own classes.
    return f'INSERT OR REPLACE INTO "{kind}" ({names}) VALUES ({", ".join("?" * len(columns))})'  # noqa: S608


def cells(kind: str, row: Row) -> Cells:
    """The parameters of :func:`replace_sql` for a row with all columns: what the column types would bind."""
    values, several, times = _plan(kind)
    found = list(values(row))
    for position, nothing in several:
        value = found[position]
        found[position] = to_json(value).decode() if value else nothing
    before = text = None
    for position, text_of in times:
        value = found[position]
        if value is not None:
            if value is not before:  # most records were made and last changed in one moment, and writing it is slow
                before, text = value, text_of(value)
            found[position] = text
    return tuple(found)


@cache
def _plan(kind: str) -> tuple[Callable[[Row], Cells], list[tuple[int, str]], list[tuple[int, Callable[[Any], str]]]]:
    """What takes a row apart, the places of JSON with its empty text, and those of times with what writes them."""
    known = registry.kind(kind)
    several: list[tuple[int, str]] = []
    times: list[tuple[int, Callable[[Any], str]]] = []
    for place, name in enumerate(known.columns):
        info = known.all_fields.get(name)
        if name == "extra" or (info and info.shape != "plain"):
            several.append((place, "[]" if info and info.shape == "set" else "{}"))
        elif info and info.type in _TIMES:
            times.append((place, _TIMES[info.type]))
    return itemgetter(*known.columns), several, times


def _moment(value: datetime) -> str:
    """In half of the time that ``isoformat`` takes with a zone, for the one zone that rows have."""
    if value.tzinfo is not UTC:
        return value.isoformat()
    return f"{datetime.combine(value.date(), value.time()).isoformat()}+00:00"


def _clock(value: time) -> str:
    return value.isoformat(timespec="microseconds")


_TIMES: dict[type[Any], Callable[[Any], str]] = {
    datetime: _moment,
    date: date.isoformat,
    time: _clock,
}
