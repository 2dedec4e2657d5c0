"""The file a parcel is: whole or explained."""

from __future__ import annotations

import contextlib
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goes_mobile.protocol import parcel
from goes_mobile.protocol.problems import Malformed

OURS, THEIRS = bytes(16), bytes([1] * 16)
ENTRIES = [b"eins", b"zwei" * 100, b"drei"]
entries = st.lists(st.binary(min_size=1, max_size=60), max_size=6)


def code_of(content: bytes, organisation: bytes = OURS) -> str:
    with pytest.raises(Malformed) as refused:
        parcel.read(content, organisation)
    return refused.value.code


@given(entries)
def test_what_goes_in_comes_out(raws: list[bytes]) -> None:
    assert parcel.read(parcel.make(OURS, raws), OURS) == raws


def test_every_cut_and_every_flipped_bit_is_noticed() -> None:
    content = parcel.make(OURS, ENTRIES)
    for end in range(len(content)):
        assert code_of(content[:end]) in ("parcel_not_one", "parcel_damaged")
    for at in range(len(content)):
        flipped = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
        assert code_of(flipped) in ("parcel_not_one", "parcel_damaged", "parcel_newer")
    assert code_of(content + b"\0") == "parcel_damaged"


def test_anothers_parcel_a_newer_one_and_what_is_none() -> None:
    assert code_of(parcel.make(THEIRS, ENTRIES)) == "parcel_foreign"
    newer = parcel.MAGIC + bytes([parcel.VERSION + 1]) + OURS
    assert code_of(newer) == "parcel_newer"
    assert code_of(b"%PDF-1.7 ...") == "parcel_not_one"
    assert code_of(b"") == "parcel_not_one"


@given(st.binary(max_size=200))
def test_a_sum_over_nonsense_makes_no_parcel(middle: bytes) -> None:
    """Whoever can compute a sum can write anything; it is either entries to the end or damaged."""
    body = parcel.MAGIC + bytes([parcel.VERSION]) + OURS + middle
    content = body + hashlib.sha256(body).digest()
    found: list[bytes] = []
    with contextlib.suppress(Malformed):
        found = parcel.read(content, OURS)
    assert not found or parcel.make(OURS, found) == content
