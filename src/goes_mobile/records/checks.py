"""What may be written into a field: strict where reading is lenient, with an answer for every refusal."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import date, datetime, time
from functools import cache
from typing import Annotated, Any

from annotated_types import Ge, Le
from pydantic import AfterValidator, AllowInfNan, AwareDatetime, TypeAdapter, ValidationError

from goes_mobile.protocol.blobs import BlobRef
from goes_mobile.protocol.problems import Malformed
from goes_mobile.records import text
from goes_mobile.records.fields import FieldInfo
from goes_mobile.records.reading import in_utc
from goes_mobile.records.refusals import FieldRefused

CODE_LIMIT = 64
YEARS = (1900, 2200)
_LARGEST = 2**53
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_CANONICAL = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CODES: dict[type[Any], str] = {
    int: "not_a_whole_number",
    float: "not_a_number",
    bool: "not_yes_or_no",
    datetime: "not_a_moment",
    date: "not_a_date",
    time: "not_a_time",
}


def refine(info: FieldInfo, value: Any, path: str) -> Any:
    """The value as it is kept, for a plain field or one element of a set; None and empty text mean *cleared*."""
    if isinstance(value, str):
        value = text.clean(value, multiline=info.multiline)
    if value is None or value == "":
        return None
    if info.type is str:
        return _text(info, value, path)
    if not _worth_a_try(info.type, value):
        raise FieldRefused(path, _CODES[info.type])
    try:
        valid = _adapter(info)(value)
    except ValidationError as error:
        raise _refusal(info, error, path) from None
    if isinstance(valid, date) and not YEARS[0] <= valid.year <= YEARS[1]:
        raise FieldRefused(path, "not_plausible", at_least=YEARS[0], at_most=YEARS[1])
    return valid


def element(info: FieldInfo, value: Any, path: str) -> str:
    """One element of a set as the path's segment."""
    refined = refine(info, value, path)
    if refined is None:
        raise FieldRefused(path, "bad_reference" if info.ref else "bad_code", limit=CODE_LIMIT)
    return str(refined)


def code(value: Any, path: str) -> str:
    """A code, known or not: it becomes a segment of a path."""
    if not isinstance(value, str):
        raise FieldRefused(path, "bad_code", limit=CODE_LIMIT)
    return _segment(text.clean(value, multiline=False), path)


def _segment(cleaned: str, path: str) -> str:
    if not cleaned or "/" in cleaned or len(cleaned) > CODE_LIMIT:
        raise FieldRefused(path, "bad_code", limit=CODE_LIMIT)
    return cleaned


def _text(info: FieldInfo, value: Any, path: str) -> str:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(value)  # a house number or a year typed without quotes
    if not isinstance(value, str):
        raise FieldRefused(path, "not_text")
    if info.ref:
        return _reference(value, path)
    if info.codes or info.shape == "set":
        return _segment(value, path)
    if info.blob and not _is_blob(value):
        raise FieldRefused(path, "not_a_blob")
    if len(value) > info.limit:
        raise FieldRefused(path, "too_long", limit=info.limit, length=len(value))
    return value


def _is_blob(value: str) -> bool:
    try:
        BlobRef.read(value)
    except Malformed:
        return False
    return True


def _reference(value: str, path: str) -> str:
    if _CANONICAL.fullmatch(value):
        return value
    try:
        return str(uuid.UUID(value))
    except ValueError:
        raise FieldRefused(path, "bad_reference") from None


def _worth_a_try(scalar: type[Any], value: Any) -> bool:
    """Pydantic would also take seconds since 1970 for a date, and yes for a number."""
    if scalar in (int, float):
        return not isinstance(value, bool)
    if scalar in (datetime, date):
        return _DAY.match(value) is not None if isinstance(value, str) else isinstance(value, scalar)
    if scalar is time:
        return ":" in value if isinstance(value, str) else isinstance(value, time)
    return True


@cache
def _adapter(info: FieldInfo) -> Callable[[Any], Any]:
    scalar, ge, le = info.type, info.ge, info.le
    annotated: Any = scalar
    if scalar is datetime:
        annotated = Annotated[AwareDatetime, AfterValidator(in_utc)]
    elif scalar is int:
        annotated = Annotated[int, Ge(-_LARGEST if ge is None else ge), Le(_LARGEST if le is None else le)]
    elif scalar is float:
        bounds = [bound for bound in (ge is not None and Ge(ge), le is not None and Le(le)) if bound]
        annotated = Annotated[(float, AllowInfNan(False), *bounds)]
    return TypeAdapter(annotated).validator.validate_python


def _refusal(info: FieldInfo, error: ValidationError, path: str) -> FieldRefused:
    kind = error.errors(include_url=False, include_context=False, include_input=False)[0]["type"]
    if kind == "greater_than_equal":
        return FieldRefused(path, "too_small", at_least=-_LARGEST if info.ge is None else info.ge)
    if kind in ("less_than_equal", "int_parsing_size"):
        return FieldRefused(path, "too_large", at_most=_LARGEST if info.le is None else info.le)
    if kind in ("timezone_aware", "missing"):
        return FieldRefused(path, "no_offset")
    return FieldRefused(path, _CODES[info.type])
