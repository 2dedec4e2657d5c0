"""Single values of operations in words: history and conflict cards speak of paths, people of fields."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from goes_mobile.protocol.operation import DELETED, Scalar
from goes_mobile.records import display, registry
from goes_mobile.records.fields import FieldInfo
from goes_mobile.services.desk import Desk
from goes_mobile.services.names import name_of

IN_OUT = {"de": ("nein", "ja"), "en": ("no", "yes")}


def label(desk: Desk, kind: str, path: str) -> str:
    """What people call the field a path belongs to; a tally's cell without the device that counted."""
    return display.label(kind, path, desk.language, desk.preset)


def field_of(kind: str, path: str) -> FieldInfo | None:
    """The description of a path's field, inside a part too."""
    if not registry.known(kind):
        return None
    name, *rest = path.split("/")
    info = registry.kind(kind).all_fields.get(name)
    if info is not None and info.part is not None and len(rest) == 2:
        return info.part.get(rest[1])
    return info


def element(desk: Desk, kind: str, path: str) -> str:
    """What a path into a list stands for, in words (``topics/housing``: Wohnen); empty for any other path."""
    info = field_of(kind, path)
    _, _, listed = path.partition("/")
    if info is None or info.shape != "set" or not listed:
        return ""
    return _said(desk, info, listed)


def words(desk: Desk, kind: str, path: str, value: Scalar) -> str:
    """One scalar of an operation in words; empty for *nothing*."""
    if value is None or value == "":
        return ""
    info = field_of(kind, path)
    if isinstance(value, bool):
        return IN_OUT[desk.language][value]
    if info is None or info.shape != "plain" or path == DELETED:
        return str(value)
    return _said(desk, info, _typed(info, value))


def _said(desk: Desk, info: FieldInfo, value: Any) -> str:
    return display.say(
        [value] if info.shape == "set" else value, info, desk.language, preset=desk.preset, zone=desk.zone,
        name_of=lambda of, record: name_of(desk, of, record) if of != "*" else f"… {record[-6:]}",
    )  # fmt: skip


def _typed(info: FieldInfo, value: Any) -> Any:
    """The value as the field means it; what does not fit is shown as it came."""
    if not isinstance(value, str) or info.type not in (datetime, date, time):
        return value
    try:
        return info.type.fromisoformat(value)
    except ValueError:
        return value
