"""Operations: what a tap becomes, and what a stranger may make of one."""

from __future__ import annotations

from typing import Any

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goes_mobile.protocol.ids import to_bytes
from goes_mobile.protocol.merge import Dated, merge
from goes_mobile.protocol.operation import SCHEMA, Operation, decode, encode
from goes_mobile.protocol.packing import pack
from goes_mobile.protocol.problems import Malformed
from tests.protocol.making import NOW, RECORD, operation

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=["Cs"])), st.uuids().map(str),
)  # fmt: skip
PATHS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
IDS = st.binary(min_size=16, max_size=16)
OPERATIONS = st.builds(
    Operation, IDS, PATHS, st.uuids().map(str), st.integers(0, 2**64 - 1), st.dictionaries(PATHS, SCALARS, max_size=8),
    st.dictionaries(PATHS, st.lists(IDS, min_size=1, max_size=3).map(tuple), max_size=5),
)  # fmt: skip


@given(OPERATIONS)
def test_an_operation_comes_back_as_it_was(said: Operation) -> None:
    again = decode(encode(said))
    assert again == said
    assert [*again.set] == [*said.set]  # the order too: merging goes by it
    assert encode(again) == encode(said)


def test_what_is_shown_of_an_operation_names_nobody() -> None:
    assert "Geheim" not in repr(operation({"note": "Geheim", "Geheim": 1}, {"Geheim": (bytes(16),)}))


def test_a_later_version_may_add_elements() -> None:
    said = operation()
    assert decode(pack([*msgpack.unpackb(encode(said)), {"new": 1}])) == said


def test_a_higher_schema_waits_for_the_version_that_reads_it() -> None:
    with pytest.raises(Malformed) as refused:
        decode(encode(Operation(bytes(16), "encounter", RECORD, 1, {}, schema=SCHEMA + 1)))
    assert refused.value.facts["reason"] == "schema"


def parts(**changed: Any) -> bytes:
    whole = {"op": bytes(16), "schema": 1, "kind": "encounter", "record": to_bytes(RECORD), "hlc": NOW << 16,
             "set": {"note": "x"}, "seen": []} | changed  # fmt: skip
    return pack(list(whole.values()))


@pytest.mark.parametrize(
    "changed",
    [
        {"op": b"short"}, {"op": "x" * 16}, {"op": None}, {"kind": 5}, {"kind": b"encounter"}, {"record": bytes(15)},
        {"record": "x" * 16}, {"hlc": -1}, {"hlc": True}, {"hlc": 1.5}, {"hlc": None}, {"set": []}, {"set": {"x": []}},
        {"set": {"x": {"y": 1}}}, {"set": {"x": b"bytes"}}, {"set": {b"x": 1}}, {"set": {5: 1}}, {"set": {"x": 2**63}},
        {"set": {"x": msgpack.Timestamp(1)}}, {"set": {"x": msgpack.ExtType(9, b"")}}, {"schema": "1"}, {"schema": 2},
        {"seen": [[[b"x"], ["note"], 1]]}, {"seen": [[[[1]], ["note"]]]}, {"seen": [[["text"], ["note"]]]},
        {"seen": [[[bytes(16)], [5]]]}, {"seen": [[[bytes(16)], [["note"]]]]}, {"seen": 5}, {"seen": [5]},
        {"seen": [[[bytes(16)], [b"note"]]]},
    ],
)  # fmt: skip
def test_what_could_not_be_merged_shown_or_stored_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(Malformed) as refused:
        decode(parts(**changed))
    assert refused.value.code == "undecodable"


@given(st.binary(max_size=200))
def test_noise_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        decode(data)


_ANY = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**64 - 1), st.floats(), st.binary(max_size=20),
              st.text(st.characters(exclude_categories=["Cs"]), max_size=10)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc/", max_size=5), inner, max_size=3),
    max_leaves=12,
)  # fmt: skip


@given(st.data())
def test_whatever_passes_can_be_merged(data: st.DataObject) -> None:
    """A certified device may send anything; it must never stop others from reading the rest."""
    field = data.draw(st.sampled_from(["op", "kind", "record", "hlc", "set", "seen", "schema"]))
    try:
        strange = decode(parts(**{field: data.draw(_ANY)}))
    except Malformed:
        return
    merged = merge([Dated(operation(), b"a" * 16, NOW << 16), Dated(strange, b"b" * 16, strange.hlc)])
    assert merged.candidates


def test_a_number_that_no_table_holds_is_not_written() -> None:
    with pytest.raises(Malformed) as refused:
        encode(operation({"minutes": 2**63}))
    assert refused.value.code == "too_large"
    assert decode(encode(operation({"minutes": 2**63 - 1}))).set == {"minutes": 2**63 - 1}


def test_an_error_never_holds_what_was_written() -> None:
    with pytest.raises(Malformed) as refused:
        decode(pack(["Geheim"] * 7))
    assert "Geheim" not in repr(refused.value)
    assert "Geheim" not in str(refused.value)
