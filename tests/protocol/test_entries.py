"""Entries: sealed and signed once, the same bytes everywhere, and nothing that was tampered with passes."""

from __future__ import annotations

import hashlib
import math
import zlib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goes_mobile.protocol import entry as entries
from goes_mobile.protocol.entry import (
    CLEAR,
    MAX_ENTRY,
    SEALED,
    Entry,
    Header,
    Witness,
    decode,
    deflate,
    inflate,
    intact,
    make,
    open_body,
    pad,
    padme,
    peek,
    running,
    unpad,
)
from goes_mobile.protocol.operation import decode as decode_operation
from goes_mobile.protocol.operation import encode
from goes_mobile.protocol.packing import pack, unpack
from goes_mobile.protocol.problems import Malformed
from tests.protocol.making import ORGANISATION, Author, operation, respelt


def test_what_was_sealed_opens_again_on_the_other_side() -> None:
    author = Author()
    said = operation({"note": "Grüße 👋", "topics/work": True, "minutes": 20})
    sent = author.seal(said)
    there = decode(sent.raw)
    assert there == sent
    assert there.signed_by(author.sign)
    assert decode_operation(open_body(there, author.key)) == said


def test_header_keeps_everything_it_says() -> None:
    author = Author()
    header = Header(
        SEALED, ORGANISATION, bytes(16), author.epoch, author.keys.principal, author.run, 7, bytes(range(32)),
        Witness(12, b"x" * 16), Witness(3, b"y" * 16), (b"z" * 32, "damage"),
    )  # fmt: skip
    made = make(header, b"said", author.keys, author.key)
    assert decode(made.raw).header == header


def test_hash_and_signature_cover_header_nonce_and_the_ciphertexts_hash() -> None:
    sent = Author().seal()
    assert sent.body is not None
    covered = sent.header_bytes + sent.nonce + hashlib.sha256(sent.body).digest()
    assert sent.hash == hashlib.sha256(covered).digest()
    assert sent.covered() == covered


def test_a_body_can_be_removed_and_hash_and_signature_still_hold() -> None:
    author = Author()
    sent = author.seal()
    bare = decode(sent.redacted())
    assert bare.hash == sent.hash
    assert bare.signed_by(author.sign)
    assert bare.body is None
    assert bare.redacted() == bare.raw
    with pytest.raises(Malformed, match="redacted"):
        open_body(bare, author.key)


def test_the_chain_verifies_across_a_removed_body() -> None:
    author = Author()
    part = author.chain(3)
    part[1] = decode(part[1].redacted())
    assert entries.verified_length(entries.ChainEnd(), part, author.sign) == 3


def test_another_stream_epoch_or_header_does_not_open() -> None:
    """The header is the associated data: a ciphertext moved under another header is worth nothing."""
    author = Author()
    sent = author.seal()
    for change in ({"stream": bytes(16)}, {"device": bytes(16)}, {"n": 2}, {"epoch": bytes(16)}):
        moved = decode(respelt(sent, header=replace(sent.header, **change).encode()))
        with pytest.raises(Malformed, match="cannot_open"):
            open_body(moved, author.key)
        assert not moved.signed_by(author.sign)


def test_another_key_does_not_open() -> None:
    sent = Author().seal()
    with pytest.raises(Malformed, match="cannot_open"):
        open_body(sent, bytes(32))
    with pytest.raises(Malformed, match="cannot_open"):
        open_body(sent, None)


def test_a_suite_of_a_later_version_is_an_entry_that_does_not_open() -> None:
    author = Author()
    later = make(replace(author.header(CLEAR), suite=7), b"whatever", author.keys)
    there = decode(later.raw)
    assert there.signed_by(author.sign)
    with pytest.raises(Malformed, match="cannot_open"):
        open_body(there, author.key)


def test_a_format_of_a_later_version_says_so() -> None:
    sent = Author().seal()
    fields = unpack(sent.header_bytes)
    for more in ([], ["new", 1]):
        with pytest.raises(Malformed) as refused:
            decode(respelt(sent, header=pack([2, *fields[1:], *more])))
        assert refused.value.code == "unknown_format"


def test_signature_is_for_an_entry_and_for_nothing_else() -> None:
    """The same bytes signed for another purpose (a session, receipts) are no entry."""
    author = Author()
    sent = author.seal()
    bare = replace(sent, signature=author.keys.sign(sent.covered()))
    assert not bare.signed_by(author.sign)


# -- every bit ----------------------------------------------------------------------------------------------------


def _flips(raw: bytes) -> list[bytes]:
    return [raw[:i] + bytes([raw[i] ^ (1 << bit)]) + raw[i + 1 :] for i in range(len(raw)) for bit in range(8)]


def _accepted(raw: bytes, author: Author) -> Entry | None:
    """What a reader would take for this author's entry."""
    try:
        entry = decode(raw)
    except Malformed:
        return None
    return entry if entry.header.device == author.keys.principal and entry.signed_by(author.sign) else None


def test_every_flipped_bit_of_an_entry_is_refused() -> None:
    author = Author()
    for flipped in _flips(author.seal().raw):
        assert _accepted(flipped, author) is None


def test_every_flipped_bit_of_a_clear_entry_is_refused() -> None:
    author = Author()
    for flipped in _flips(author.say(pack({"type": "epoch", "owner": bytes(16)})).raw):
        assert _accepted(flipped, author) is None


def test_every_flipped_bit_of_a_redacted_entry_is_refused() -> None:
    author = Author()
    for flipped in _flips(author.seal().redacted()):
        assert _accepted(flipped, author) is None


def test_every_cut_of_an_entry_is_refused() -> None:
    raw = Author().seal().raw
    for length in range(len(raw)):
        with pytest.raises(Malformed):
            decode(raw[:length])
    with pytest.raises(Malformed):
        decode(raw + b"\x00")


def test_bytes_on_disk_are_checked_against_the_hash_that_was_verified() -> None:
    sent = Author().seal()
    assert intact(sent.raw, sent.hash)
    assert intact(sent.redacted(), sent.hash)
    assert not intact(sent.raw, bytes(32))
    start = len(sent.raw) - 66  # bin8 and 64 bytes: the signature is not part of the hash
    for flipped in _flips(sent.raw[:start]):
        assert not intact(flipped + sent.raw[start:], sent.hash)


# -- strangers ----------------------------------------------------------------------------------------------------

_HEADER = st.lists(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**64 - 1), st.binary(max_size=33), st.text(max_size=20),
              st.lists(st.one_of(st.binary(max_size=33), st.text(max_size=4)), max_size=3)),
    max_size=16,
)  # fmt: skip


@given(_HEADER)
def test_any_header_is_refused_or_safe_to_keep(fields: list[Any]) -> None:
    """Numbers must fit a database's integers, ids have their lengths: a reader stores what passes."""
    raw = pack([pack(fields), bytes(12), b"", bytes(64)])
    try:
        header = decode(raw).header
    except Malformed:
        return
    assert len(header.stream) == len(header.device) == 16
    assert all(
        0 <= n < 2**63 for n in (header.n, header.stream_seen.position, header.control_seen.position, header.suite)
    )


@given(st.binary(max_size=300))
def test_noise_is_refused(raw: bytes) -> None:
    with pytest.raises(Malformed):
        decode(raw)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (1, True), (1, "1"), (1, -1), (6, bytes(9)), (7, 0), (7, 2**64 - 1), (7, True), (7, "1"), (8, bytes(31)),
        (9, -1), (9, 2**63), (9, "1"), (9, None), (10, bytes(33)), (10, "x"), (11, 2**63), (12, "x"),
        (13, [bytes(31), "x"]), (13, [bytes(32), b"x"]), (13, [bytes(32)]), (13, 5), (3, "x" * 16), (5, bytes(15)),
    ],
)  # fmt: skip
def test_a_header_of_wrong_types_is_refused_although_it_is_signed(place: int, value: Any) -> None:
    author = Author()
    fields = unpack(author.header(CLEAR).encode())
    fields[place] = value
    header = pack(fields)
    signature = author.keys.sign(b"goes entry 1" + header + bytes(12) + hashlib.sha256(b"").digest())
    with pytest.raises(Malformed):
        decode(pack([header, bytes(12), b"", signature]))


@pytest.mark.parametrize(
    "parts",
    [{"signature": "x" * 64}, {"nonce": "x" * 12}, {"nonce": bytes(11)}, {"signature": bytes(63)}, {"body": "x"}],
)
def test_an_entry_of_wrong_types_is_refused(parts: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        decode(respelt(Author().seal(), **parts))


def test_one_entry_has_one_spelling() -> None:
    """The same entry in a longer MessagePack form would be a second set of bytes under one hash."""
    sent = Author().seal()
    header = sent.header_bytes
    longer = sent.raw.replace(pack(header), b"\xc5" + len(header).to_bytes(2, "big") + header, 1)
    assert unpack(longer) == unpack(sent.raw)
    assert longer != sent.raw
    with pytest.raises(Malformed, match="spelling"):
        decode(longer)


def test_a_removed_body_brings_one_hash_and_nothing_more() -> None:
    sent = Author().seal()
    with pytest.raises(Malformed):
        decode(pack([sent.header_bytes, sent.nonce, None, sent.signature]))
    with pytest.raises(Malformed):
        decode(pack([sent.header_bytes, sent.nonce, None, sent.signature, b"x", sent.body_hash]))
    with pytest.raises(Malformed):
        decode(pack([sent.header_bytes, sent.nonce, sent.body, sent.signature, sent.body_hash]))


def test_the_quick_look_sees_what_the_full_one_sees() -> None:
    author = Author()
    sent = make(author.header(seen=Witness(5, b"r" * 16)), encode(operation()), author.keys, author.key)
    looked = peek(sent.raw)
    header = sent.header
    assert (looked.suite, looked.stream, looked.epoch, looked.device) == (
        header.suite, header.stream, header.epoch, header.device,
    )  # fmt: skip
    assert (looked.seen, looked.control_seen) == (5, 0)
    assert open_body(looked, author.key) == open_body(sent, author.key)


# -- bodies -------------------------------------------------------------------------------------------------------


def test_what_no_reader_would_open_is_not_sealed() -> None:
    """Deflated it would be small, so only the limit of the plaintext can tell before it is lost."""
    author = Author()
    with pytest.raises(Malformed) as refused:
        make(author.header(), b"a" * (4 * 1024 * 1024 + 1), author.keys, author.key)
    assert refused.value.code == "too_large"
    most = make(author.header(), b"a" * (4 * 1024 * 1024), author.keys, author.key)
    assert len(open_body(decode(most.raw), author.key)) == 4 * 1024 * 1024


def test_a_body_that_does_not_deflate_is_limited_by_the_entry() -> None:
    author = Author()
    noise = hashlib.shake_256(b"noise").digest(MAX_ENTRY)
    with pytest.raises(Malformed) as refused:
        make(author.header(), noise, author.keys, author.key)
    assert refused.value.code == "too_large"


def test_a_small_body_cannot_fill_the_memory() -> None:
    author = Author()
    bomb = zlib.compressobj(9, wbits=-15)
    body = bomb.compress(bytes(50 * 1024 * 1024)) + bomb.flush()
    header = author.header()
    sealed = entries._cipher(author.key).encrypt(bytes(12), pad(body), header.encode())
    raw = pack([header.encode(), bytes(12), sealed, bytes(64)])
    with pytest.raises(Malformed, match="undecodable"):
        open_body(decode(raw), author.key)


@given(st.binary(max_size=2000))
def test_deflate_and_padding_give_back_what_they_were_given(data: bytes) -> None:
    assert inflate(deflate(data)) == data
    assert unpad(pad(data)) == data
    assert len(pad(data)) == padme(len(data) + 4)


@given(st.integers(2, 2**40))
def test_padme_leaks_few_bits_and_costs_at_most_twelve_percent(length: int) -> None:
    padded = padme(length)
    assert length <= padded <= length * 1.12 + 1
    assert padme(padded) == padded
    kept = padded.bit_length() - (padded & -padded).bit_length() + 1  # bits before the trailing zeros
    assert kept <= math.floor(math.log2(math.log2(padded))) + 2


@given(st.integers(0, 2**20), st.integers(0, 2**20))
def test_padme_keeps_the_order(a: int, b: int) -> None:
    assert (padme(a) <= padme(b)) or a > b


def test_padding_that_promises_more_than_there_is_is_refused() -> None:
    for data in (b"", b"\x00\x00\x00", (5).to_bytes(4, "big") + b"1234", b"\xff\xff\xff\xff"):
        with pytest.raises(Malformed):
            unpad(data)


def test_running_hash_binds_position_order_and_all_before() -> None:
    one, two = bytes(32), b"\x01" * 32
    first = running(b"", one, 1)
    assert running(first, two, 2) != running(running(b"", two, 1), one, 2)
    assert running(first, two, 3) != running(first, two, 2)
    assert running(b"", two, 2) != running(first, two, 2)
