"""Boxes: small things under the vault key, each bound to what it is for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goes_mobile.protocol.problems import Damaged
from goes_mobile.vault.boxes import Box

BOX = Box(bytes(32))


@given(st.binary(max_size=200), st.binary(max_size=20))
def test_what_was_put_in_comes_out(data: bytes, purpose: bytes) -> None:
    assert BOX.open(BOX.seal(data, purpose), purpose) == data


def test_not_for_another_purpose_and_not_with_another_key() -> None:
    sealed = BOX.seal(b"x", b"draft a")
    for box, purpose in ((BOX, b"draft b"), (BOX, b"key a"), (Box(b"\x01" * 32), b"draft a")):
        with pytest.raises(Damaged, match="box_damaged"):
            box.open(sealed, purpose)


def test_every_flipped_bit_and_cut_is_damage() -> None:
    sealed = BOX.seal(b"secret", b"x")
    flips = [
        sealed[:i] + bytes([sealed[i] ^ (1 << bit)]) + sealed[i + 1 :] for i in range(len(sealed)) for bit in range(8)
    ]
    for wrong in [*flips, *(sealed[:n] for n in range(len(sealed))), sealed + b"\0"]:
        with pytest.raises(Damaged, match="box_damaged"):
            BOX.open(wrong, b"x")


def test_the_same_thing_is_never_sealed_alike() -> None:
    assert BOX.seal(b"x", b"x") != BOX.seal(b"x", b"x")
