"""How values lie in the projection's tables."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Boolean, Date, Float, Integer, Text, Time
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine


class Moment(TypeDecorator[datetime]):
    """A moment in UTC as ISO text with offset: what an operation carries, sortable as it is."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat()

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


class Json(TypeDecorator[Any]):
    """A set, a tally, parts or unknown paths as JSON text, so that SQL can look into them (``json_each``)."""

    impl = Text
    cache_ok = True

    def __init__(self, part: type[Any] | None = None) -> None:
        super().__init__()
        self.part = part
        self._parts: TypeAdapter[Any] | None = TypeAdapter(dict[str, part]) if part else None  # type: ignore[valid-type]

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if self._parts is not None:
            return self._parts.dump_json(value).decode()
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        return json.loads(value) if self._parts is None else self._parts.validate_json(value)


_PLAIN: dict[type[Any], type[TypeEngine[Any]]] = {
    str: Text,
    int: Integer,
    float: Float,
    bool: Boolean,
    datetime: Moment,
    date: Date,
    time: Time,
}
SCALARS = frozenset(_PLAIN)


def column_type(shape: str, scalar: type[Any], part: type[Any] | None) -> TypeEngine[Any]:
    """The column for a field of this shape."""
    return _PLAIN[scalar]() if shape in ("plain", "count") else Json(part)
