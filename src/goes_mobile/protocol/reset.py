"""A forgotten PIN: what a locked device shows, and what a supervisor's device answers. Short enough to be typed.

Both sides know one public key of the other: the locked device has the answering device's certificate (or, for the
recovery sheet, the founding record), and its own fresh key is in the question. So the answer needs no key of its own
and no tag: it is the vault key under a pad that only these two can derive, once. Whether it is the right one, the seal
of the device's own keys tells.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from goes_mobile.protocol.codes import read, spell
from goes_mobile.protocol.keys import KEY, derive, kem_public
from goes_mobile.protocol.problems import Malformed

NAME = 5
"""Bytes of an id that stand for it in a code; fifteen groups have room for no more."""
CODE_BYTES = NAME + KEY


@dataclass(frozen=True, slots=True)
class Question:
    """What the locked device asks: whose it is, and a key that is used once."""

    name: bytes
    kem: bytes

    @property
    def code(self) -> str:
        return spell(self.name + self.kem)

    @classmethod
    def typed(cls, text: str) -> Question:
        told = read(text, CODE_BYTES)
        return cls(told[:NAME], told[NAME:])


@dataclass(frozen=True, slots=True)
class Answer:
    """Who answers, and the vault key under the pad."""

    name: bytes
    hidden: bytes = field(repr=False)

    @property
    def code(self) -> str:
        return spell(self.name + self.hidden)

    @classmethod
    def typed(cls, text: str) -> Answer:
        told = read(text, CODE_BYTES)
        return cls(told[:NAME], told[NAME:])


def hide(vault_key: bytes, device: bytes, kem: bytes, answering: bytes, kem_secret: bytes) -> Answer:
    """The answer of ``answering`` (a device, or the organisation for its sheet) to a locked device's question."""
    return Answer(answering[:NAME], _mixed(vault_key, _pad(kem_secret, kem, kem, device, answering)))


def uncover(answer: Answer, device: bytes, fresh: bytes, answering: bytes, kem: bytes) -> bytes:
    """The vault key, if the answer is to this question and from whom it says; else bytes that open nothing."""
    return _mixed(answer.hidden, _pad(fresh, kem, kem_public(fresh), device, answering))


def _pad(kem_secret: bytes, kem: bytes, question: bytes, device: bytes, answering: bytes) -> bytes:
    try:
        shared = X25519PrivateKey.from_private_bytes(kem_secret).exchange(X25519PublicKey.from_public_bytes(kem))
    except ValueError:  # a point of small order: a "secret" that anybody knows
        raise Malformed("reset_bad_key") from None
    return derive(shared + question + device + answering, "reset 1")


def _mixed(data: bytes, pad: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(data, pad, strict=True))
