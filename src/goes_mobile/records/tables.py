"""Rows into the projection's tables without an object in between: replay and apply are bound by this.

SQLAlchemy's own bulk insert takes some 25 µs a record of this width, this some 8; the queries are plain SQLModel.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from functools import cache
from operator import itemgetter
from typing import Any

from pydantic_core import to_json

from goes_mobile.records import registry
from goes_mobile.records.fields import FieldInfo
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
    values, changes = _plan(kind)
    found = list(values(row))
    for position, change in changes:
        value = found[position]
        if value is not None:
            found[position] = change(value)
    return tuple(found)


@cache
def _plan(kind: str) -> tuple[Callable[[Row], Cells], list[tuple[int, Callable[[Any], Any]]]]:
    known = registry.kind(kind)
    columns = known.columns
    changes = [(n, change) for n, name in enumerate(columns) if (change := _change(known.all_fields.get(name), name))]
    return itemgetter(*columns), changes


def _change(info: FieldInfo | None, name: str) -> Callable[[Any], Any] | None:
    if name == "extra" or (info and info.shape != "plain"):
        return _json
    if info and info.type is datetime:
        return datetime.isoformat
    if info and info.type is date:
        return date.isoformat
    if info and info.type is time:
        return _clock
    return None


def _json(value: Any) -> str:
    if not value:
        return "[]" if isinstance(value, list) else "{}"
    return to_json(value).decode()


def _clock(value: time) -> str:
    return value.isoformat(timespec="microseconds")
