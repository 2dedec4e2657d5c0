"""From what people enter to an operation's flat paths, and what changed between two versions of a form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from pydantic import BaseModel

from goes_mobile.protocol.merge import Registers
from goes_mobile.protocol.operation import DELETED, Scalar
from goes_mobile.records import registry
from goes_mobile.records.checks import code, element, refine
from goes_mobile.records.fields import FieldInfo
from goes_mobile.records.reading import Row, assemble, row_of, shown_paths
from goes_mobile.records.refusals import FieldRefused, Incomplete

__all__ = ["Plus", "assemble", "diff", "flatten", "plan", "row_of", "searchable_text"]

REMOVED = "removed"
MOST = 100_000
"""People in one cell of a tally."""


@dataclass(frozen=True, slots=True)
class Plus:
    """More (or fewer) of what is counted: what a count means while others count too."""

    by: int


def flatten(
    kind: str, values: Mapping[str, Any], device: str, current: Registers | None = None, record: str = ""
) -> dict[str, Scalar]:
    """The paths an operation sets, from fields (or paths) and what people entered.

    ``values``: field → value (a list for a set, ``{part id: {field: value}}`` or, in a new record, a list for parts,
    ``{"age_14_17": {"female": 2}}`` for a tally); or a path: ``topics/housing`` → bool, ``stops/<id>/left`` → value,
    ``head_counts/age_14_17/female`` or ``stops/<id>/head_count`` → number or :class:`Plus`. ``device`` is this device's
    id, the last segment of a count's paths. ``current`` are the record's registers; without them the record is new and
    must have what it needs. Only what changes is in the answer. Raises :class:`FieldRefused`.
    """
    return plan(kind, values, device, current, record)[0]


def plan(
    kind: str, values: Mapping[str, Any], device: str, current: Registers | None = None, record: str = ""
) -> tuple[dict[str, Scalar], Row | None]:
    """:func:`flatten`, with the row as it will be (``None`` for a deletion): saving would otherwise make it twice."""
    known = registry.kind(kind)
    before = _shown(kind, current) if current else {}
    now = shown_paths(kind, current) if current else {}
    told: dict[str, Any] = {}
    for name, value in values.items():
        info = _field(known, name.partition("/")[0])
        if name == info.name and info.shape == "plain":
            told[name] = scalar(refine(info, value, name))
        elif name == info.name and info.shape == "set":
            told.update(_expand_set(info, value, before.get(name) or ()))
        else:
            for path, wanted in _expand(known, name, value, before, fresh=current is None):
                told.update(_settle(known, path, wanted, device, now))
    paths = {p: scalar for p, scalar in told.items() if _worth_saying(p, scalar, current, now)}
    return paths, _check(known, {**now, **paths}, record or (current.record if current else ""))


def diff(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """What :func:`flatten` (and so a change) needs to be told when a form that showed ``old`` now says ``new``.

    Sets and tallies are told by element, so what a colleague added meanwhile stays. Fields absent from ``new`` stay.
    """
    known = registry.kind(kind)
    told: dict[str, Any] = {}
    for name, value in new.items():
        for path, wanted in _expand(known, name, value, old, fresh=False):
            field, _, rest = path.partition("/")
            info = _field(known, field)
            if rest or info.shape != "plain" or refine(info, wanted, path) != _none_if_empty(old.get(name)):
                told[path] = wanted
    return told


def _none_if_empty(value: Any) -> Any:
    return None if value == "" else value


def _expand(
    known: registry.Kind, name: str, value: Any, before: Mapping[str, Any], *, fresh: bool
) -> Iterator[tuple[str, Any]]:
    """A field's value as paths, relative to what it was."""
    info = _field(known, name.partition("/")[0])
    if "/" in name or info.shape == "plain":
        yield name, value
    elif info.shape == "set":
        yield from _expand_set(info, value, before.get(name) or ())
    elif info.shape == "parts":
        yield from _expand_parts(info, value, before.get(name) or {}, fresh=fresh)
    else:
        yield from _expand_tally(info, value, before.get(name) or {})


def _expand_set(info: FieldInfo, value: Any, before: Any) -> Iterator[tuple[str, bool]]:
    if not isinstance(value, (list, tuple, set, frozenset, type(None))):
        raise FieldRefused(info.name, "not_a_list")
    wanted = {element(info, item, info.name) for item in value or ()}
    had = set(before)
    yield from ((f"{info.name}/{item}", True) for item in sorted(wanted - had))
    yield from ((f"{info.name}/{item}", False) for item in sorted(had - wanted))


def _expand_parts(info: FieldInfo, value: Any, before: Mapping[str, Any], *, fresh: bool) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list) and fresh:
        value = {f"{n:08d}": part for n, part in enumerate(value, 1)}  # sorts before the ids of parts added later
    if not isinstance(value, (Mapping, type(None))):
        raise FieldRefused(info.name, "not_an_object")
    wanted = {code(part, info.name): _plain(values, info.name) for part, values in (value or {}).items()}
    for part, values in wanted.items():
        had = _plain(before.get(part), info.name) or {}
        for inner, item in (values if values is not None else {REMOVED: True}).items():
            path, field = f"{info.name}/{part}/{inner}", (info.part or {}).get(inner)
            if field is not None and field.shape == "count":
                if by := _number(item or 0, path) - (had.get(inner) or 0):
                    yield path, Plus(by)
            elif item != had.get(inner):
                yield path, item
    yield from ((f"{info.name}/{part}/{REMOVED}", True) for part in before if part not in wanted)


def _expand_tally(info: FieldInfo, value: Any, before: Mapping[str, Any]) -> Iterator[tuple[str, Plus]]:
    wanted, had = _counted(info, value), _counted(info, before)
    for cell in sorted(wanted.keys() | had.keys()):
        if by := wanted.get(cell, 0) - had.get(cell, 0):
            yield f"{info.name}/{cell}", Plus(by)


def _counted(info: FieldInfo, value: Any) -> dict[str, int]:
    if not isinstance(value, (Mapping, type(None))):
        raise FieldRefused(info.name, "not_an_object")
    cells = {}
    for first, row in (value or {}).items():
        if not isinstance(row, Mapping):
            raise FieldRefused(info.name, "not_an_object")
        for second, count in row.items():
            cells[f"{code(first, info.name)}/{code(second, info.name)}"] = _number(count, info.name)
    return cells


def _number(value: Any, path: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise FieldRefused(path, "not_a_whole_number")
    if value < 0:
        raise FieldRefused(path, "too_small", at_least=0)
    if value > MOST:
        raise FieldRefused(path, "too_large", at_most=MOST)
    return value


def _settle(
    known: registry.Kind, path: str, value: Any, device: str, now: Mapping[str, Scalar]
) -> Iterator[tuple[str, Scalar]]:
    """One path that lies in a field, and its scalar, checked."""
    segments = path.split("/")
    info = _field(known, segments[0])
    if info.shape == "set" and len(segments) == 2:
        if not isinstance(value, bool):
            raise FieldRefused(info.name, "not_yes_or_no")
        yield f"{info.name}/{element(info, segments[1], info.name)}", value
    elif info.shape == "parts" and len(segments) == 3 and info.part is not None:
        part, inner = code(segments[1], info.name), segments[2]
        if inner == REMOVED:
            yield path, bool(value)
        elif inner not in info.part:
            raise FieldRefused(f"{info.name}/{inner}", "unknown_field", kind=known.name)
        elif info.part[inner].shape == "count":
            yield _count(f"{info.name}/{part}/{inner}", value, device, now)
        else:
            yield f"{info.name}/{part}/{inner}", scalar(refine(info.part[inner], value, path))
    elif info.shape == "tally" and len(segments) == 3:
        cell = "/".join([info.name, code(segments[1], info.name), code(segments[2], info.name)])
        yield _count(cell, value, device, now)
    else:
        raise FieldRefused(info.name, "unknown_field", kind=known.name)


def _count(cell: str, value: Any, device: str, now: Mapping[str, Scalar]) -> tuple[str, Scalar]:
    """What this device's own count must be for the sum to come out."""
    shown = sum(int(count or 0) for path, count in now.items() if path.startswith(cell + "/"))
    wanted = max(shown, 0) + value.by if isinstance(value, Plus) else _number(value, cell)
    own = now.get(f"{cell}/{device}")
    return f"{cell}/{device}", int(own or 0) + _number(max(wanted, 0), cell) - shown


def _worth_saying(path: str, value: Scalar, current: Registers | None, now: Mapping[str, Scalar]) -> bool:
    """Not what is so already, unless saying it decides between several versions."""
    if current is None or path not in current.candidates:
        return value is not None and not (value is False and _absent_is_false(path))
    several = len({repr(version.value) for version in current.candidates[path]}) > 1
    return several or now[path] != value or type(now[path]) is not type(value)


def _absent_is_false(path: str) -> bool:
    """An element that was never put in is out; a part that was never removed is there."""
    return path.count("/") == 1 or path.endswith(f"/{REMOVED}")


def _check(known: registry.Kind, paths: Mapping[str, Scalar], record: str) -> Row | None:
    """What is written must be readable, complete and sensible as a whole; the reader itself says so."""
    if paths.get(DELETED):
        return None
    try:
        row = row_of(known.name, paths, record)
        known.cls.check(row)
        return row
    except Incomplete as incomplete:
        raise FieldRefused(incomplete.field, "required") from None


def _shown(kind: str, current: Registers) -> Mapping[str, Any]:
    try:
        return assemble(kind, current)
    except Incomplete:
        return {}


def _field(known: registry.Kind, name: str) -> FieldInfo:
    info = known.all_fields.get(name)
    if info is None:
        raise FieldRefused(name, "unknown_field", kind=known.name)
    if not info.settable:
        raise FieldRefused(name, "not_settable")
    return info


def _plain(part: Any, field: str) -> Mapping[str, Any] | None:
    """A part as a mapping; None if it is to be removed."""
    if isinstance(part, BaseModel):
        return part.model_dump()
    if not isinstance(part, (Mapping, type(None))):
        raise FieldRefused(field, "not_an_object")
    return part


def scalar(value: Any) -> Scalar:
    """A value as an operation carries it: moments in UTC with offset, days and times as ISO text."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return value.isoformat() if isinstance(value, time) else value


def searchable_text(kind: str, row: Mapping[str, Any]) -> str:
    """What the text search shall find a record by."""
    found: list[str] = []
    for info in registry.kind(kind).searched:
        value = row.get(info.name)
        if info.shape == "parts":
            inner = [name for name, part in (info.part or {}).items() if part.searchable]
            found.extend(getattr(part, name) for part in (value or {}).values() for name in inner)
        elif value:
            found.extend([value] if isinstance(value, str) else map(str, value))
    return "\n".join(text for text in found if text)
