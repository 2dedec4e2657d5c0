"""The lock: from what a person types to the vault key, and nothing cheaper than that."""

from __future__ import annotations

import contextlib
import unicodedata
from dataclasses import replace
from typing import Any

import pytest

from goes_mobile.protocol.packing import pack, unpack
from goes_mobile.protocol.problems import Damaged, InputRefused, Locked, Malformed
from goes_mobile.vault.lock import FLOOR, USUAL, LockCost, LockRecord, check_strength, make_lock, open_lock

VAULT_KEY = bytes(range(32))
PHRASE = "eine lange Passphrase"
DEVICE = bytes(range(32, 64))


def test_a_passphrase_opens_what_it_locked() -> None:
    record = make_lock(PHRASE, VAULT_KEY, cost=FLOOR)
    assert (record.kind, record.device_bound) == ("passphrase", False)
    assert open_lock(LockRecord.load(unpack(pack(record.dump()))), PHRASE) == VAULT_KEY


def test_another_does_not() -> None:
    record = make_lock(PHRASE, VAULT_KEY, cost=FLOOR)
    for wrong in ("eine lange Passphrasf", "", "Eine lange Passphrase", PHRASE + " "):
        with pytest.raises(Locked, match="wrong_pin"):
            open_lock(record, wrong)


def test_a_pin_opens_only_with_the_secret_of_its_device() -> None:
    record = make_lock("204816", VAULT_KEY, DEVICE, FLOOR)
    assert (record.kind, record.device_bound) == ("pin", True)
    assert open_lock(record, "204816", DEVICE) == VAULT_KEY
    with pytest.raises(Locked, match="wrong_pin"):
        open_lock(record, "204816", bytes(32))
    with pytest.raises(Locked, match="device_secret_missing"):
        open_lock(record, "204816")
    with pytest.raises(Locked, match="wrong_pin"):
        open_lock(replace(record, device_bound=False), "204816")


@pytest.mark.parametrize(
    ("text", "bound", "kind"),
    [("123456", True, "pin"), ("1234567890", False, "passphrase"), ("zehn Zeich", False, "passphrase"),
     ("zehn Zeich", True, "passphrase")],
)  # fmt: skip
def test_what_is_strong_enough(text: str, bound: bool, kind: str) -> None:
    assert check_strength(text, bound) == kind


@pytest.mark.parametrize(
    ("text", "bound", "code"),
    [
        ("12345", True, "pin_too_short"), ("123456", False, "pin_needs_device"),
        ("123456789", False, "pin_needs_device"), ("neun Zeic", False, "passphrase_too_short"),
        ("", True, "passphrase_too_short"), ("", False, "passphrase_too_short"),
        ("١٢٣٤٥٦", True, "passphrase_too_short"), ("Zu\u0308ge a\u0308b", False, "passphrase_too_short"),
    ],
)  # fmt: skip
def test_what_is_not(text: str, bound: bool, code: str) -> None:
    with pytest.raises(InputRefused) as refused:
        make_lock(text, VAULT_KEY, DEVICE if bound else None, FLOOR)
    assert refused.value.code == code


def test_letters_made_of_parts_are_the_same_letters() -> None:
    record = make_lock("Fünf süße Bären", VAULT_KEY, cost=FLOOR)
    assert open_lock(record, unicodedata.normalize("NFD", "Fünf süße Bären")) == VAULT_KEY


def test_what_no_utf8_holds_is_a_wrong_passphrase_and_no_crash() -> None:
    record = make_lock(PHRASE, VAULT_KEY, cost=FLOOR)
    with pytest.raises(Locked, match="wrong_pin"):
        open_lock(record, "\ud800" * 12)


def test_every_flipped_bit_of_a_lock_record_is_told_as_damage() -> None:
    """Not as a wrong PIN, which would be counted; and never as a cost that runs for hours."""
    stored = pack(make_lock(PHRASE, VAULT_KEY, cost=FLOOR).dump())
    for index in range(len(stored)):
        for bit in range(8):
            _told_as_damage(stored[:index] + bytes([stored[index] ^ (1 << bit)]) + stored[index + 1 :])


def _told_as_damage(stored: bytes) -> None:
    with contextlib.suppress(Malformed):  # not even a value any more
        data = unpack(stored)
        with pytest.raises(Damaged, match="lock_damaged"):
            LockRecord.load(data)


@pytest.mark.parametrize("data", [None, 5, [], {}, {"kind": "pin"}, b"x"])
def test_what_is_no_record_is_damage(data: Any) -> None:
    with pytest.raises(Damaged, match="lock_damaged"):
        LockRecord.load(data)


@pytest.mark.parametrize("cost", [LockCost(18 * 1024, 2, 1), LockCost(64 * 1024, 1, 1)])
def test_a_cost_below_the_floor_is_refused(cost: LockCost) -> None:
    """Whoever writes a cheaper record onto the disk gets no cheaper guesses."""
    record = make_lock(PHRASE, VAULT_KEY, cost=cost)
    with pytest.raises(Damaged, match="lock_weakened"):
        LockRecord.load(record.dump())


@pytest.mark.parametrize("cost", [LockCost(1 << 21, 3, 1), LockCost(64 * 1024, 1000, 1), LockCost(64 * 1024, 3, 0)])
def test_a_cost_that_nobody_could_pay_is_refused(cost: LockCost) -> None:
    record = replace(make_lock(PHRASE, VAULT_KEY, cost=FLOOR), cost=cost)
    with pytest.raises(Damaged, match="lock_damaged"):
        LockRecord.load(record.dump())


def test_a_record_cannot_be_given_another_cost_or_kind() -> None:
    record = make_lock(PHRASE, VAULT_KEY, cost=FLOOR)
    for changed in (
        replace(record, kind="pin"),
        replace(record, cost=replace(FLOOR, time=3)),
        replace(record, salt=bytes(16)),
    ):
        with pytest.raises(Locked, match="wrong_pin"):
            open_lock(changed, PHRASE)


def test_the_usual_cost_is_what_was_decided() -> None:
    assert (USUAL.memory_kib, USUAL.time, USUAL.parallelism) == (64 * 1024, 3, 1)
    assert (FLOOR.memory_kib, FLOOR.time) == (19 * 1024, 2)


def test_the_vault_key_does_not_change_with_the_passphrase() -> None:
    first = make_lock(PHRASE, VAULT_KEY, cost=FLOOR)
    second = make_lock("eine andere Passphrase", open_lock(first, PHRASE), cost=FLOOR)
    assert open_lock(second, "eine andere Passphrase") == VAULT_KEY
    assert VAULT_KEY.hex() not in repr(second)
