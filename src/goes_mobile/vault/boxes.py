"""Small things sealed under the vault key: device keys, opened keys, drafts, settings. Bound to what they are for."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from goes_mobile.protocol.problems import Damaged


class Box:
    """Seals and opens with one key. Locking means dropping it."""

    __slots__ = ("_cipher",)

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, data: bytes, purpose: bytes) -> bytes:
        nonce = os.urandom(12)
        return nonce + self._cipher.encrypt(nonce, data, b"goes box 1 " + purpose)

    def open(self, sealed: bytes, purpose: bytes) -> bytes:
        try:
            return self._cipher.decrypt(sealed[:12], sealed[12:], b"goes box 1 " + purpose)
        except (InvalidTag, ValueError):
            raise Damaged("box_damaged") from None
