"""Merging: the same operations make the same record, in whatever order, however often, by whatever road."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goes_mobile.protocol.merge import Dated, Registers, fingerprint, merge
from goes_mobile.protocol.operation import DELETED, Operation, Scalar
from tests.protocol.making import NOW, RECORD, operation

DEVICES = [bytes([n]) * 16 for n in range(1, 4)]
ANNA, BEN, CEM = DEVICES


def op(number: int) -> bytes:
    return number.to_bytes(16, "big")


class Life:
    """A record's operations as devices make them: each sees some of what was there before."""

    def __init__(self) -> None:
        self.all: list[Dated] = []

    def put(self, device: bytes, values: dict[str, Scalar], knows: Registers | None = None, at: int = 0,
            seen: dict[str, tuple[bytes, ...]] | None = None, number: int | None = None) -> Dated:  # fmt: skip
        hlc = (NOW + (at or len(self.all))) << 16
        replaced = seen if seen is not None else knows.versions(values) if knows else {}
        made = Operation(
            op(len(self.all) + 1 if number is None else number), "encounter", RECORD, hlc, values, replaced
        )
        self.all.append(Dated(made, device, hlc))
        return self.all[-1]

    def delete(self, device: bytes, knows: Registers) -> Dated:
        return self.put(device, {DELETED: True}, seen=knows.versions(knows.candidates))

    @property
    def merged(self) -> Registers:
        return merge(self.all)


@st.composite
def lives(draw: st.DrawFn) -> list[Dated]:
    """Plausible histories, with repeated, resealed and colliding operations among them."""
    life = Life()
    for _ in range(draw(st.integers(1, 9))):
        known = life.all[: draw(st.integers(0, len(life.all)))]
        knows = merge(known) if known else None
        device = draw(st.sampled_from(DEVICES))
        if knows and draw(st.integers(0, 4)) == 0:
            life.delete(device, knows)
        else:
            paths = draw(st.sets(st.sampled_from(["note", "mood", "topics/work", DELETED]), min_size=1, max_size=3))
            values = {path: draw(st.sampled_from([None, True, False, 0, 1, "a", "b"])) for path in sorted(paths)}
            life.put(device, values, knows, at=draw(st.integers(0, 5)))
    again = draw(st.lists(st.sampled_from(life.all), max_size=3))
    later = [
        Dated(item.operation, draw(st.sampled_from(DEVICES)), item.hlc + draw(st.integers(0, 2))) for item in again
    ]
    return [*life.all, *again, *later]


@given(lives(), st.randoms(use_true_random=False))
def test_order_does_not_matter(life: list[Dated], dice: Random) -> None:
    shuffled = life[:]
    dice.shuffle(shuffled)
    assert merge(shuffled) == merge(life)
    assert fingerprint(d.operation.op for d in shuffled) == fingerprint(d.operation.op for d in life)


@given(lives(), lives())
def test_repetition_does_not_matter(life: list[Dated], other: list[Dated]) -> None:
    assert merge(life + life) == merge(life)
    assert merge(life + other) == merge(other + life + other)


@given(lives())
def test_the_newest_candidate_is_shown_and_none_was_replaced(life: list[Dated]) -> None:
    merged = merge(life)
    for path, versions in merged.candidates.items():
        replaced = {old for item in life if path in item.operation.set for old in item.operation.seen.get(path, ())}
        setters = {item.operation.op for item in life if path in item.operation.set}
        assert versions == sorted(versions, key=lambda v: (v.hlc, v.device, v.op), reverse=True)
        assert merged.shown(path) == versions[0].value
        if path != DELETED:  # where an edit may stand against a deletion without being one
            assert {v.op for v in versions} == setters - replaced


def test_an_edit_that_knew_what_it_replaced_stands_alone_however_wrong_its_clock() -> None:
    life = Life()
    life.put(ANNA, {"note": "erst"}, at=10_000_000_000)
    life.put(BEN, {"note": "dann"}, life.merged, at=1)
    assert life.merged.shown("note") == "dann"
    assert life.merged.conflicts() == []


def test_two_that_did_not_know_each_other_are_both_kept_and_the_later_is_shown() -> None:
    life = Life()
    life.put(ANNA, {"note": "erst"})
    knows = life.merged
    life.put(BEN, {"note": "Ben"}, knows, at=5)
    life.put(CEM, {"note": "Cem"}, knows, at=4)
    assert life.merged.conflicts() == ["note"]
    assert [v.value for v in life.merged.candidates["note"]] == ["Ben", "Cem"]
    life.put(ANNA, {"note": "Cem"}, life.merged)
    assert life.merged.conflicts() == []
    assert life.merged.shown("note") == "Cem"


def test_the_same_value_twice_is_no_conflict() -> None:
    life = Life()
    life.put(ANNA, {"mood": 3})
    life.put(BEN, {"mood": 3})
    assert life.merged.conflicts() == []
    life.put(CEM, {"mood": True})
    assert life.merged.conflicts() == ["mood"]


def test_at_the_same_moment_the_device_decides() -> None:
    life = Life()
    life.put(ANNA, {"note": "Anna"}, at=7)
    life.put(BEN, {"note": "Ben"}, at=7)
    assert life.merged.shown("note") == "Ben"


def test_a_version_of_another_path_is_not_replaced() -> None:
    life = Life()
    life.put(ANNA, {"note": "erst", "mood": 3})
    life.put(BEN, {"mood": 4}, seen={"mood": (op(1),), "note": (op(1),)})
    assert life.merged.shown("note") == "erst"  # seen, but nothing was put in its place


def test_deleted_with_everything_seen_is_deleted() -> None:
    life = Life()
    life.put(ANNA, {"note": "erst", "topics/work": True})
    life.delete(BEN, life.merged)
    assert life.merged.deleted()
    assert life.merged.conflicts() == []


def test_an_edit_the_deletion_did_not_know_stands_against_it() -> None:
    life = Life()
    life.put(ANNA, {"note": "erst"})
    knows = life.merged
    life.delete(BEN, knows)
    life.put(CEM, {"note": "noch etwas"}, knows)
    assert not life.merged.deleted()
    assert life.merged.conflicts() == [DELETED]
    assert life.merged.shown("note") == "noch etwas"


@pytest.mark.parametrize("stays", [True, False])
def test_deletion_against_edit_can_be_decided_either_way(stays: bool) -> None:
    life = Life()
    life.put(ANNA, {"note": "erst"})
    knows = life.merged
    life.delete(BEN, knows)
    life.put(CEM, {"note": "noch etwas"}, knows)
    if stays:
        life.put(ANNA, {DELETED: False}, life.merged)
    else:
        life.delete(ANNA, life.merged)
    assert life.merged.conflicts() == []
    assert life.merged.deleted() is not stays


def test_the_newest_unseen_edit_is_the_one_that_is_named() -> None:
    life = Life()
    life.put(ANNA, {"note": "erst"})
    knows = life.merged
    life.put(ANNA, {"mood": 1}, knows, at=50)
    life.put(BEN, {"note": "später"}, knows, at=90)
    life.delete(CEM, knows)
    standing = next(v for v in life.merged.candidates[DELETED] if v.value is False)
    assert (standing.op, standing.device) == (op(3), BEN)


def test_two_deletions_are_one() -> None:
    life = Life()
    life.put(ANNA, {"note": "erst"})
    knows = life.merged
    life.delete(BEN, knows)
    life.delete(CEM, knows)
    assert life.merged.deleted()
    assert life.merged.conflicts() == []


def test_an_operation_sealed_again_counts_once_as_of_its_earliest() -> None:
    life = Life()
    first = life.put(ANNA, {"note": "erst"}, at=9)
    again = Dated(first.operation, ANNA, first.hlc - (3 << 16))  # received, and so corrected, in another entry
    for order in ([first, again], [again, first]):
        assert len(merge(order).candidates["note"]) == 1
        assert merge(order).last.hlc == again.hlc


def test_nobody_can_displace_an_operation_by_using_its_id() -> None:
    """An id is made by its author; a stranger who gives the same one to something else changes nothing in silence."""
    life = Life()
    life.put(ANNA, {"note": "wahr"})
    life.put(BEN, {"note": "gefälscht"}, at=0, number=1)
    assert {v.value for v in life.merged.candidates["note"]} == {"wahr", "gefälscht"}
    assert life.merged.conflicts() == ["note"]
    assert merge(life.all[::-1]) == life.merged


def test_the_fingerprint_tells_the_version_on_the_screen() -> None:
    life = Life()
    life.put(ANNA, {"note": "erst"})
    before = fingerprint(d.operation.op for d in life.all)
    life.put(BEN, {"note": "erst"}, life.merged)
    assert fingerprint(d.operation.op for d in life.all) != before


def test_one_operation_alone() -> None:
    said = operation({"note": "allein"})
    merged = merge([Dated(said, ANNA, said.hlc)])
    assert (merged.kind, merged.record, merged.shown("note"), merged.deleted()) == (
        "encounter",
        RECORD,
        "allein",
        False,
    )
    assert merged.first is merged.last
