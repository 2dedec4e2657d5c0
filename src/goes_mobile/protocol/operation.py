"""An operation: *set these fields of this record*. What a tap becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import msgpack

from goes_mobile.protocol.ids import to_bytes, to_text
from goes_mobile.protocol.packing import pack
from goes_mobile.protocol.problems import Malformed

SCHEMA = 1
DELETED = "deleted"
Scalar = None | bool | int | float | str
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_UUID_EXT = 1
_SCALARS = {type(None), bool, int, float, str}
_GREATEST = 2**63 - 1
"""What a table's column holds."""


@dataclass(slots=True)  # not frozen, though nobody changes one: replay makes one for each entry
class Operation:
    """A change to one record; PROTOCOL §1. ``set`` maps flat paths to scalars, ``seen`` to the op ids replaced."""

    op: bytes
    kind: str
    record: str
    hlc: int
    set: Mapping[str, Scalar] = field(repr=False)
    seen: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict, repr=False)
    schema: int = SCHEMA


def encode(operation: Operation) -> bytes:
    """The plaintext of an entry's body; raises :class:`Malformed` for a number that no reader would take."""
    narrow: dict[str, Any] = {}
    for path, value in operation.set.items():
        narrow[path] = value
        if type(value) is int and value > _GREATEST:
            raise Malformed("too_large", limit=_GREATEST)
        if type(value) is str and len(value) == 36 and _UUID.fullmatch(value):
            narrow[path] = msgpack.ExtType(_UUID_EXT, to_bytes(value))  # 36 characters as text, 16 bytes as what it is
    return pack([
        operation.op, operation.schema, operation.kind, to_bytes(operation.record), operation.hlc, narrow,
        _group(operation.seen),
    ])  # fmt: skip


def decode(data: bytes) -> Operation:
    """The operation of an opened body; raises :class:`Malformed` for anything else.

    Its author may be a stranger to every rule: whatever passes here must be safe to merge, to show and to store.
    Further elements are a newer version's additions; a higher schema is one that this version would misread.
    """
    try:
        op, schema, kind, record, hlc, values, seen, *_ = msgpack.unpackb(data, raw=False, ext_hook=_widen)
        operation = Operation(op, kind, to_text(record), hlc, values, _ungroup(seen) if seen else {}, schema)
        fits = type(op) is bytes and len(op) == 16 and type(kind) is str and type(record) is bytes
        fits = fits and type(hlc) is int and hlc >= 0
        for path, value in values.items():
            found = type(value)
            if type(path) is not str or found not in _SCALARS or (found is int and value > _GREATEST):
                fits = False
    except Exception as error:  # whatever it was, the text of the error could hold what a person wrote
        raise Malformed("undecodable", reason=type(error).__name__) from None
    if not fits:
        raise Malformed("undecodable", reason="types")
    if type(schema) is not int or schema > SCHEMA:
        raise Malformed("undecodable", reason="schema")
    return operation


@lru_cache(1024)  # a few sites and people are named again and again
def _widen(code: int, data: bytes) -> str:
    if code != _UUID_EXT:
        raise ValueError("unknown extension")
    return to_text(data)


def _group(seen: Mapping[str, tuple[bytes, ...]]) -> list[Any]:
    """Most paths replace the same versions: ``[[versions], [paths]]`` pairs instead of one list a path."""
    groups: dict[tuple[bytes, ...], list[str]] = {}
    for path, versions in seen.items():
        groups.setdefault(tuple(versions), []).append(path)
    return [[list(versions), paths] for versions, paths in groups.items()]


def _ungroup(groups: list[Any]) -> dict[str, tuple[bytes, ...]]:
    seen: dict[str, tuple[bytes, ...]] = {}
    for versions, paths in groups:
        if set(map(type, versions)) - {bytes} or set(map(type, paths)) - {str}:
            raise ValueError("seen holds versions and paths")
        seen.update(dict.fromkeys(paths, tuple(versions)))
    return seen
