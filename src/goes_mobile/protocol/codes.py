"""Secrets as people type them: Crockford base32 in groups of four with a check character each.

The check is a weighted sum in GF(32): it finds every single wrong character and every swap of neighbours, and
says in which group, so nobody has to start over.
"""

from __future__ import annotations

from goes_mobile.protocol.keys import KeyPair, derive
from goes_mobile.protocol.problems import Malformed

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_DASHES = "-‐‑‒–—―−"
_DATA = 4
INVITE_BYTES = 16
SHEET_BYTES = 32


def spell(secret: bytes) -> str:
    """The secret in groups, e.g. ``7K3FM-…``: four characters of data and one that checks them."""
    bits = int.from_bytes(secret, "big")
    length = -(-len(secret) * 8 // (5 * _DATA)) * _DATA
    bits <<= length * 5 - len(secret) * 8
    values = [(bits >> (5 * (length - 1 - i))) & 31 for i in range(length)]
    groups = [values[i : i + _DATA] for i in range(0, length, _DATA)]
    return "-".join("".join(ALPHABET[v] for v in [*group, _check(group, i)]) for i, group in enumerate(groups))


def read(text: str, length: int) -> bytes:
    """The secret of ``length`` bytes that was typed; :class:`Malformed` names the first wrong ``group`` (from 1).

    Case, spaces and dashes do not matter; O is read as 0, I and L as 1.
    """
    letters = [letter for letter in text.upper() if letter not in _DASHES and not letter.isspace()]
    size = _DATA + 1
    expected = -(-length * 8 // (5 * _DATA)) * size
    values: list[int] = []
    for index in range(0, len(letters), size):
        group = [_VALUES.get(letter, -1) for letter in letters[index : index + size]]
        number = index // size
        if len(group) < size or -1 in group or _check(group[:_DATA], number) != group[_DATA]:
            raise Malformed("code_typo", group=number + 1)
        values += group[:_DATA]
    if len(letters) != expected:
        raise Malformed("code_length", groups=expected // size, given=-(-len(letters) // size))
    bits = 0
    for value in values:
        bits = bits << 5 | value
    spare = len(values) * 5 - length * 8
    if bits & ((1 << spare) - 1):
        raise Malformed("code_typo", group=len(values) // _DATA)
    return (bits >> spare).to_bytes(length, "big")


def _check(group: list[int], index: int) -> int:
    weight = _power(index * _DATA)
    total = 0
    for value in group:
        weight = _times(weight, 2)
        total ^= _times(weight, value)
    return total ^ (index & 31)


def _times(a: int, b: int) -> int:
    """Multiplication in GF(32), x⁵ + x² + 1."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a & 32:
            a ^= 0b100101
        b >>= 1
    return product


def _power(exponent: int) -> int:
    result = 1
    for _ in range(exponent % 31):
        result = _times(result, 2)
    return result


class InviteSecret:
    """What a 128-bit invite code stands for: keys of its own, a look-up id, and a key for the welcome."""

    def __init__(self, secret: bytes) -> None:
        self.secret = secret
        self.keys = KeyPair.from_seed(derive(secret, "invite"))
        self.lookup = derive(secret, "invite look-up", 16)
        self.welcome_key = derive(secret, "invite welcome")

    @classmethod
    def typed(cls, text: str) -> InviteSecret:
        return cls(read(text, INVITE_BYTES))

    @property
    def code(self) -> str:
        return spell(self.secret)

    def __repr__(self) -> str:
        return "InviteSecret(•••)"


class RecoverySheet:
    """The secret on paper: root key (certifies administrators) and recovery group's key (reads everything)."""

    def __init__(self, secret: bytes) -> None:
        self.secret = secret
        self.root = KeyPair.from_seed(derive(secret, "root"))
        self.recovery_kem = derive(secret, "recovery")

    @classmethod
    def typed(cls, text: str) -> RecoverySheet:
        return cls(read(text, SHEET_BYTES))

    @property
    def organisation(self) -> bytes:
        return self.root.principal

    @property
    def words(self) -> str:
        return spell(self.secret)

    def __repr__(self) -> str:
        return "RecoverySheet(•••)"
