"""Records as people might enter them, derived from the record classes themselves."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from goes_mobile.protocol.blobs import seal_blob
from goes_mobile.records import kind, kinds
from goes_mobile.records.codes import codes
from goes_mobile.records.fields import FieldInfo

KINDS = [known.name for known in kinds()]
SUMMER = timezone(timedelta(hours=2))
_IDS = [f"01920000-0000-7000-8000-00000000000{n}" for n in range(1, 6)]
_NEW_CODES = ["from_a_later_version", "ünbekannt"]
_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def plain(info: FieldInfo) -> st.SearchStrategy[Any]:
    """A value that the field takes."""
    if info.ref:
        return st.sampled_from(_IDS)
    if info.blob:
        return st.binary(max_size=40).map(lambda content: seal_blob(content).ref.text)
    if info.codes:
        return st.sampled_from([*codes(info.codes), *_NEW_CODES])
    by_type: dict[type, st.SearchStrategy[Any]] = {
        str: _TEXT.map(lambda written: written[: info.limit]),
        int: st.integers(0 if info.ge is None else info.ge, 1000 if info.le is None else info.le),
        float: st.floats(-1000, 1000),
        bool: st.booleans(),
        datetime: st.integers(-600_000_000, 4_000_000_000).map(lambda second: datetime.fromtimestamp(second, SUMMER)),
        date: st.dates(date(1950, 1, 1), date(2100, 1, 1)),
        time: st.times().map(lambda at: at.replace(microsecond=0)),
    }
    return by_type[info.type]


def field(info: FieldInfo) -> st.SearchStrategy[Any]:
    if info.shape == "set":
        return st.lists(plain(info), max_size=1 if info.name == "people" else 4, unique=True)
    if info.shape == "tally":
        assert info.cells
        across, down = (st.sampled_from([*codes(name), *_NEW_CODES]) for name in info.cells)
        return st.dictionaries(across, st.dictionaries(down, st.integers(0, 50), max_size=3), max_size=3)
    if info.part:
        inner = st.fixed_dictionaries({}, optional={name: plain(part) for name, part in info.part.items()})
        return st.dictionaries(st.sampled_from(_IDS), inner, max_size=3)
    return plain(info) if info.required else st.none() | plain(info)


def record(name: str) -> st.SearchStrategy[dict[str, Any]]:
    """The values of a whole record."""
    fields = kind(name).fields
    required = {n: _needed(info) for n, info in fields.items() if info.required}
    optional = {n: field(info) for n, info in fields.items() if not info.required}
    return st.fixed_dictionaries(required, optional=optional).map(lambda values: _in_order(name, values))


def _needed(info: FieldInfo) -> st.SearchStrategy[Any]:
    return (
        st.just("Falke") | st.text("abcäß 🦅", min_size=1).filter(str.strip)
        if info.type is str and not (info.ref or info.codes or info.blob)
        else plain(info)
    )


def _in_order(name: str, values: dict[str, Any]) -> dict[str, Any]:
    """Starts before it ends."""
    spans = [("starts", "ends"), ("since", "until"), ("since", "returned_on"), ("unexcused_days", "days")]
    for holder, first, last in [
        *((values, *span) for span in spans),
        *((p, "arrived", "left") for p in _visits(values)),
    ]:
        if holder.get(first) and holder.get(last) and holder[first] > holder[last]:
            holder[first], holder[last] = holder[last], holder[first]
    if values.get("since") and values.get("returned_on"):
        values["returned_on"] = max(values["since"], values["returned_on"])
    if values.get("unexcused_days") and not values.get("days"):
        values["days"] = values["unexcused_days"]
    if name == "referral" and not (values.get("partner") or values.get("to")):
        values["partner"] = _IDS[0]
    if values.get("state") == "closed" and not values.get("ends"):
        values["state"] = "paused"
    return values


def _visits(values: dict[str, Any]) -> list[dict[str, Any]]:
    stops = values.get("stops")
    return list(stops.values()) if isinstance(stops, dict) else []
