"""From what a person types to the vault key.

The vault key is random and never changes with the PIN: it is sealed under a key derived with Argon2id from the PIN or
passphrase (and the device-bound secret, where the platform keeps one). Everything else is sealed under the vault key.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from goes_mobile.protocol.keys import KEY, derive
from goes_mobile.protocol.packing import pack
from goes_mobile.protocol.problems import Damaged, InputRefused, Locked

MIN_PIN = 6
MIN_PASSPHRASE = 10
LockKind = Literal["pin", "passphrase"]


@dataclass(frozen=True, slots=True)
class LockCost:
    """Argon2id parameters; RFC 9106's second choice by default, OWASP's floor as the least we open with."""

    memory_kib: int = 64 * 1024
    time: int = 3
    parallelism: int = 1


USUAL = LockCost()
FLOOR = LockCost(memory_kib=19 * 1024, time=2, parallelism=1)


@dataclass(frozen=True, slots=True)
class LockRecord:
    """What lies on disk in clear: salt, cost and the sealed vault key."""

    kind: LockKind
    salt: bytes
    cost: LockCost
    device_bound: bool
    sealed: bytes = field(repr=False)

    def dump(self) -> dict[str, Any]:
        told = asdict(self)
        return {**told, "check": _check(told)}

    @classmethod
    def load(cls, data: Any) -> LockRecord:
        """The record as it was dumped. Raises :class:`Damaged`: a flipped bit must not look like a wrong PIN, nor make
        Argon2id run for hours; a cost below the floor (somebody wants the PIN to be cheap to guess) is refused.
        """
        try:
            told = {name: data[name] for name in ("kind", "salt", "cost", "device_bound", "sealed")}
            whole = _check(told) == data["check"]
            record = cls(told["kind"], told["salt"], LockCost(**told["cost"]), told["device_bound"], told["sealed"])
            cost = record.cost
            whole = whole and cost.memory_kib <= 1 << 20 and cost.time <= 100 and 1 <= cost.parallelism <= 64
            whole = whole and len(record.salt) >= 16 and len(record.sealed) == 12 + KEY + 16
        except (KeyError, TypeError) as error:
            raise Damaged("lock_damaged", reason=type(error).__name__) from None
        if not whole:
            raise Damaged("lock_damaged", reason="check")
        if cost.memory_kib < FLOOR.memory_kib or cost.time < FLOOR.time:
            raise Damaged("lock_weakened")
        return record


def _check(told: dict[str, Any]) -> bytes:
    """Finds accidents, not attackers."""
    return hashlib.sha256(pack(told)).digest()[:8]


def check_strength(text: str, device_bound: bool) -> LockKind:
    """A PIN (six digits or more) only where the platform keeps a device-bound secret, else a passphrase.

    Raises :class:`InputRefused` with ``pin_too_short``, ``pin_needs_device`` or ``passphrase_too_short``.
    """
    text = _typed(text)
    if text.isascii() and text.isdigit():
        if device_bound and len(text) >= MIN_PIN:
            return "pin"
        if device_bound:
            raise InputRefused("pin_too_short", least=MIN_PIN)
        if len(text) < MIN_PASSPHRASE:
            raise InputRefused("pin_needs_device", least=MIN_PASSPHRASE)
    if len(text) < MIN_PASSPHRASE:
        raise InputRefused("passphrase_too_short", least=MIN_PASSPHRASE)
    return "passphrase"


def make_lock(text: str, vault_key: bytes, device_secret: bytes | None = None, cost: LockCost = USUAL,
              random: Callable[[int], bytes] = os.urandom) -> LockRecord:  # fmt: skip
    """Seal the vault key under what the person chose."""
    kind = check_strength(text, device_secret is not None)
    salt = random(16)
    nonce = random(12)
    sealed = nonce + AESGCM(_key(text, salt, cost, device_secret)).encrypt(nonce, vault_key, _aad(kind, salt, cost))
    return LockRecord(kind, salt, cost, device_secret is not None, sealed)


def open_lock(record: LockRecord, text: str, device_secret: bytes | None = None) -> bytes:
    """The vault key; raises :class:`Locked` with ``wrong_pin`` or ``device_secret_missing``."""
    cost = record.cost
    if record.device_bound and device_secret is None:
        raise Locked("device_secret_missing")
    key = _key(text, record.salt, cost, device_secret if record.device_bound else None)
    try:
        return AESGCM(key).decrypt(record.sealed[:12], record.sealed[12:], _aad(record.kind, record.salt, cost))
    except InvalidTag:
        raise Locked("wrong_pin") from None


def _key(text: str, salt: bytes, cost: LockCost, device_secret: bytes | None) -> bytes:
    hashed = hash_secret_raw(_typed(text).encode(), salt, cost.time, cost.memory_kib, cost.parallelism, KEY, Type.ID)
    return derive(hashed + (device_secret or b""), "lock")


def _typed(text: str) -> str:
    """One spelling of what two keyboards may send differently; what no keyboard sends whole is kept out of UTF-8."""
    return unicodedata.normalize("NFC", text).encode("utf-8", "replace").decode()


def _aad(kind: str, salt: bytes, cost: LockCost) -> bytes:
    return f"goes lock 1 {kind} {cost.memory_kib} {cost.time} {cost.parallelism} ".encode() + salt
