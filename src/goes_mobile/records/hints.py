"""What is allowed but worth a second look: shown beside the field, never a refusal."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from goes_mobile.records import ages, registry
from goes_mobile.records.fields import FieldInfo

LEEWAY = timedelta(minutes=5)
LONG_AGO = timedelta(days=366)


@dataclasses.dataclass(frozen=True, slots=True)
class Hint:
    """A remark on a field; the screens say it under the text key ``hint.<code>``."""

    field: str
    code: str
    facts: Mapping[str, int] = dataclasses.field(default_factory=dict)


def hints(kind: str, values: Mapping[str, Any], now: datetime) -> list[Hint]:
    """The remarks on these values of a record, as of now."""
    found = []
    for info in registry.kind(kind).fields.values():
        value = values.get(info.name)
        if info.expected and isinstance(value, date):
            found += _about_time(info, value, now)
    age = ages.age_on(now.date(), values.get("birth_year"), values.get("birth_date"))
    if age is not None and age >= 0 and ages.outside(age):
        found.append(Hint("birth_date" if values.get("birth_date") else "birth_year", "outside_age", {"age": age}))
    if any(ages.band_outside(band) for band in values.get("head_counts") or ()):
        found.append(Hint("head_counts", "outside_age"))
    return found


def _about_time(info: FieldInfo, value: date, now: datetime) -> list[Hint]:
    moment = isinstance(value, datetime)
    ahead = value > now + LEEWAY if isinstance(value, datetime) else value > now.date()
    past = value < now - LEEWAY if isinstance(value, datetime) else value < now.date()
    if info.expected == "future":
        return [Hint(info.name, "in_the_past")] if past else []
    if ahead:
        return [Hint(info.name, "in_the_future")]
    return [Hint(info.name, "long_ago")] if moment and value < now - LONG_AGO else []
