"""What people read: labels of kinds and fields, values in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, tzinfo
from typing import Any

from goes_mobile.records import codes, registry
from goes_mobile.records.codes import Language
from goes_mobile.records.fields import FieldInfo
from goes_mobile.records.presets import Preset

NameOf = Callable[[str, str], str]
"""Kind and id to what people call that record."""

_YES_NO = {"de": ("nein", "ja"), "en": ("no", "yes")}
_DAY = {"de": "%d.%m.%Y", "en": "%Y-%m-%d"}


def kind_label(kind: str, language: Language) -> str:
    """What people call a kind of record; one this version does not know keeps its name."""
    if not registry.known(kind):
        return kind
    known = registry.kind(kind)
    return known.de if language == "de" else known.en


def label(kind: str, field: str, language: Language, preset: Preset | None = None) -> str:
    """What people call a field, or a path in it (``stops/<id>/left``, ``topics/housing``)."""
    name, *rest = field.split("/")
    info = registry.kind(kind).all_fields.get(name) if registry.known(kind) else None
    if info is None:
        return field
    words = [info.de if language == "de" else info.en]
    if info.part and len(rest) >= 2:
        inner = info.part.get(rest[1])
        words.append((inner.de if language == "de" else inner.en) if inner else rest[1])
    elif info.codes and len(rest) == 1:
        words.append(codes.say(info.codes, rest[0], language, preset))
    elif info.cells and len(rest) >= 2:
        words += [codes.say(of, code, language, preset) for of, code in zip(info.cells, rest, strict=False)]
    return " · ".join(words)


def say(
    value: Any,
    info: FieldInfo,
    language: Language,
    *,
    preset: Preset | None = None,
    name_of: NameOf | None = None,
    zone: tzinfo | None = None,
) -> str:
    """A value in words. ``zone`` is where people are (without it this machine's); references need ``name_of``."""
    if value is None or value == "" or value == [] or value == {}:
        return ""

    def one(item: Any, of: FieldInfo) -> str:
        return _one(item, of, language, preset, name_of, zone)

    if info.shape == "set":
        return ", ".join(one(item, info) for item in value)
    if info.shape == "tally" and info.cells:
        across, down = info.cells
        return ", ".join(
            f"{count} {codes.say(across, first, language, preset)} {codes.say(down, second, language, preset)}"
            for first, row in value.items()
            for second, count in row.items()
        )
    if info.part:
        return "; ".join(_part(part, info.part, one) for part in value.values())
    return one(value, info)


def _part(part: Any, fields: Mapping[str, FieldInfo], one: Callable[[Any, FieldInfo], str]) -> str:
    told = ((getattr(part, name), field) for name, field in fields.items())
    said = [one(value, field) for value, field in told if value not in (None, "") and (value or field.shape != "count")]
    return ", ".join(said)


def _one(
    value: Any, info: FieldInfo, language: Language, preset: Preset | None, name_of: NameOf | None, zone: tzinfo | None
) -> str:
    if isinstance(value, bool):
        return _YES_NO[language][value]
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime(f"{_DAY[language]} %H:%M")
    if isinstance(value, date):
        return value.strftime(_DAY[language])
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if info.codes == "kind":
        return kind_label(str(value), language)
    if info.codes:
        return codes.say(info.codes, str(value), language, preset)
    if info.ref and name_of:
        return name_of(info.ref, str(value))
    return str(value)
