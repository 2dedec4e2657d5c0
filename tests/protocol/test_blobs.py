"""The chunking law: any content comes back whole from its chunks, and from nothing else."""

from __future__ import annotations

import os

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from goes_mobile.protocol import blobs
from goes_mobile.protocol.blobs import CHUNK, MAX_CHUNKS, SEAL, BlobRef, seal_blob
from goes_mobile.protocol.problems import Damaged, Malformed

SIZES = st.one_of(
    st.integers(0, 300),
    st.sampled_from([CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK - 1]),
)


@given(size=SIZES)
@example(size=0)
@example(size=5 * CHUNK + 17)
def test_any_content_comes_back_from_its_chunks(size: int) -> None:
    content = os.urandom(size)
    sealed = seal_blob(content)
    assert len(sealed.chunks) == sealed.ref.count == max(1, -(-size // CHUNK))
    assert sum(map(len, sealed.chunks)) == size + SEAL * sealed.ref.count
    again = BlobRef.read(sealed.ref.text)
    assert again == sealed.ref
    assert again.join(dict(enumerate(sealed.chunks))) == content


@given(size=st.integers(1, 40), place=st.integers(0, 60), bit=st.integers(0, 7))
def test_any_flipped_bit_of_a_chunk_is_noticed(size: int, place: int, bit: int) -> None:
    sealed = seal_blob(bytes(size))
    broken = bytearray(sealed.chunks[0])
    broken[place % len(broken)] ^= 1 << bit
    with pytest.raises(Damaged):
        sealed.ref.open(0, bytes(broken))


@given(numbers=st.permutations(range(3)))
def test_only_the_right_order_opens(numbers: list[int]) -> None:
    sealed = seal_blob(bytes(3 * CHUNK))
    chunks = {number: sealed.chunks[place] for number, place in enumerate(numbers)}
    if numbers == [0, 1, 2]:
        assert sealed.ref.join(chunks) == bytes(3 * CHUNK)
        return
    with pytest.raises(Damaged):
        sealed.ref.join(chunks)


def test_a_chunk_of_another_blob_a_cut_one_and_a_missing_one_are_noticed() -> None:
    sealed, other = seal_blob(bytes(2 * CHUNK)), seal_blob(bytes(2 * CHUNK))
    for number, chunk in ((0, other.chunks[0]), (1, sealed.chunks[1][:-1]), (1, b""), (5, sealed.chunks[1])):
        with pytest.raises(Damaged):
            sealed.ref.open(number, chunk)
    with pytest.raises(Damaged) as missing:
        sealed.ref.join({0: sealed.chunks[0]})
    assert missing.value.code == "blob_incomplete"


def test_whoever_holds_the_key_cannot_pass_off_a_shorter_content() -> None:
    """A colleague's device could seal other chunks under the same key; the hash in the signed operation tells."""
    sealed = seal_blob(b"wie es war")
    forged = BlobRef(sealed.ref.id, sealed.ref.key, len(b"anders war"), sealed.ref.hash).seal(0, b"anders war")
    with pytest.raises(Damaged):
        sealed.ref.join({0: forged})


@given(text=st.text(max_size=130))
def test_what_is_no_reference_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        BlobRef.read(text)


def test_a_blob_has_a_largest_size() -> None:
    with pytest.raises(Malformed):
        seal_blob(bytes(MAX_CHUNKS * CHUNK + 1))
    huge = BlobRef(bytes(16), bytes(32), MAX_CHUNKS * CHUNK + 1, bytes(32))
    with pytest.raises(Malformed):
        BlobRef.read(huge.text)


def test_neither_key_nor_hash_shows_in_a_log() -> None:
    ref = seal_blob(b"x").ref
    assert ref.key.hex() not in repr(ref)
    assert blobs.SealedBlob(ref, (b"geheim",)).__repr__().count("geheim") == 0
