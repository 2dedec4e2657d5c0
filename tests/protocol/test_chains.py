"""Chains: what counts as good, and what nobody can do to somebody else's chain."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goes_mobile.protocol.entry import ChainEnd, Entry, by_chain, decode, followed, make, verified_length
from goes_mobile.protocol.operation import encode
from tests.protocol.making import Author, operation, respelt, start


def unsigned(entry: Entry) -> Entry:
    return decode(respelt(entry, signature=bytes(64)))


@given(st.integers(1, 12), st.sets(st.integers(0, 11)))
def test_good_is_what_is_signed_or_covered_by_a_later_signature(length: int, broken: set[int]) -> None:
    author = Author()
    part = [unsigned(e) if i in broken else e for i, e in enumerate(author.chain(length))]
    signed = [i for i in range(length) if i not in broken]
    assert verified_length(start(), part, author.sign) == (max(signed) + 1 if signed else 0)


@given(st.integers(2, 10), st.integers(0, 9))
def test_what_follows_a_gap_is_not_good(length: int, missing: int) -> None:
    author = Author()
    part = author.chain(length)
    gap = missing % length
    assert verified_length(start(), part[:gap] + part[gap + 1 :], author.sign) == gap


def test_a_part_must_follow_the_end_exactly() -> None:
    author = Author()
    part = author.chain(3)
    assert verified_length(ChainEnd(1, part[0].hash), part[1:], author.sign) == 2
    assert verified_length(ChainEnd(1, bytes(32)), part[1:], author.sign) == 0
    assert verified_length(ChainEnd(2, part[0].hash), part[1:], author.sign) == 0


def test_another_key_makes_nothing_good() -> None:
    part = Author().chain(3)
    assert verified_length(start(), part, Author().sign) == 0


def test_the_first_entry_of_a_chain_names_no_other() -> None:
    author = Author()
    first = make(replace(author.header(), previous=b"\x01" * 32), encode(operation()), author.keys, author.key)
    assert verified_length(start(), [first], author.sign) == 0


def test_entries_are_kept_apart_by_stream_device_and_run() -> None:
    one, two = Author(), Author()
    again = Author(keys=one.keys)
    mixed = [one.seal(), two.seal(), again.seal(), one.seal()]
    parts = by_chain(mixed)
    assert [len(part) for part in parts.values()] == [2, 1, 1]


def forged_after(end: ChainEnd, author: Author) -> Entry:
    """What anybody can make: an entry that claims to be the chain's next."""
    header = replace(author.header(), n=end.n + 1, previous=end.hash)
    return unsigned(make(header, encode(operation({"note": "erfunden"})), author.keys, author.key))


@pytest.mark.parametrize("seed", range(8))
def test_a_forged_sibling_does_not_keep_out_the_true_entry(seed: int) -> None:
    """A server, or a parcel on its way, can add entries with a chain's header fields. They must not jam the chain."""
    author = Author()
    part = author.chain(5)
    ends = [start(), *(ChainEnd(e.header.n, e.hash) for e in part[:-1])]
    forged = [forged_after(end, author) for end in ends]
    child = forged_after(ChainEnd(forged[1].header.n, forged[1].hash), author)
    arrived = [*part, *forged, child]
    Random(seed).shuffle(arrived)
    arrived.sort(key=lambda e: e.header.n)
    path = followed(start(), arrived, author.sign)
    assert path[: verified_length(start(), path, author.sign)] == part


def test_of_two_that_the_author_signed_the_first_that_came_counts() -> None:
    author = Author()
    [one] = author.chain(1)
    fork = Author(keys=author.keys, key=author.key, run=author.run, end=ChainEnd(1, one.hash))
    mine, other = author.seal(), fork.seal()
    after = author.seal()
    path = followed(start(), [one, mine, other, after], author.sign)
    assert path == [one, mine, after]
    path = followed(start(), [one, other, mine, after], author.sign)
    assert path[: verified_length(start(), path, author.sign)] == [one, other]


def test_without_siblings_nothing_is_looked_at_twice() -> None:
    author = Author()
    part = [unsigned(e) for e in author.chain(4)]
    assert followed(start(), part, author.sign) is part
