"""Blobs: what is too large for an entry (a photo, a letter), sealed in chunks.

A :class:`BlobRef` stands in a sealed operation; whoever reads that operation can open the chunks, and nobody else: the
server keeps them by the blob's random id. Each chunk is bound to its blob, its number and how many there are, so it
verifies by itself as it comes: one that is swapped, cut or from elsewhere does not open.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from goes_mobile.protocol.keys import ID, KEY, derive
from goes_mobile.protocol.problems import Damaged, Malformed

CHUNK = 256 * 1024
"""Bytes of content in a chunk; the last one has what is left."""
SEAL = 16
"""Bytes by which sealing lengthens a chunk."""
MAX_CHUNKS = 64
"""Chunks of the largest blob that any version may make."""
CHUNKS_AT_ONCE = 4
"""In one request, so that it stays as large as a full push."""
BLOBS_AT_ONCE = 100
_SIZE, _HASH = 4, 32


@dataclass(frozen=True)
class BlobRef:
    """Which blob, and how to open it. ``size`` and ``hash`` (SHA-256) are the content's."""

    id: bytes
    key: bytes = field(repr=False)
    size: int
    hash: bytes = field(repr=False)

    @property
    def count(self) -> int:
        return chunks_of(self.size)

    @property
    def text(self) -> str:
        """As it stands in an operation."""
        packed = self.id + self.key + self.size.to_bytes(_SIZE, "big") + self.hash
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> BlobRef:
        """From an operation's text, or :class:`Malformed`."""
        try:
            packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            packed = b""
        if len(packed) != ID + KEY + _SIZE + _HASH:
            raise Malformed("malformed", reason="blob")
        size = int.from_bytes(packed[ID + KEY : -_HASH], "big")
        ref = cls(packed[:ID], packed[ID : ID + KEY], size, packed[-_HASH:])
        if ref.count > MAX_CHUNKS or ref.text != text:
            raise Malformed("malformed", reason="blob")
        return ref

    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(derive(self.key, "blob 1"))

    def _bound_to(self, number: int) -> bytes:
        return b"goes blob 1" + self.id + number.to_bytes(4, "big") + self.count.to_bytes(4, "big")

    def seal(self, number: int, part: bytes) -> bytes:
        """The key is this blob's alone, so the chunk's number never repeats as a nonce under it."""
        return self._cipher.encrypt(number.to_bytes(12, "big"), part, self._bound_to(number))

    def open(self, number: int, sealed: bytes) -> bytes:
        """One chunk's content; :class:`Damaged` for anything but what was sealed in this place."""
        try:
            part = self._cipher.decrypt(number.to_bytes(12, "big"), sealed, self._bound_to(number))
        except (InvalidTag, ValueError):
            part = None
        if part is None or len(part) != min(CHUNK, self.size - number * CHUNK):
            raise Damaged("blob_damaged", chunk=number)
        return part

    def join(self, chunks: Mapping[int, bytes]) -> bytes:
        """The content from all its sealed chunks."""
        if missing := self.count - len(chunks.keys() & set(range(self.count))):
            raise Damaged("blob_incomplete", missing=missing)
        content = b"".join(self.open(number, chunks[number]) for number in range(self.count))
        if hashlib.sha256(content).digest() != self.hash:
            raise Damaged("blob_damaged")
        return content


@dataclass(frozen=True, slots=True)
class SealedBlob:
    """A blob on its way to the disk."""

    ref: BlobRef
    chunks: tuple[bytes, ...] = field(repr=False)


def chunks_of(size: int) -> int:
    """Even nothing is one chunk: that it is nothing is sealed as well."""
    return max(1, -(-size // CHUNK))


def seal_blob(content: bytes, random: Callable[[int], bytes] = os.urandom) -> SealedBlob:
    """Sealed under a key of its own, which the caller puts into an operation as ``ref.text``."""
    ref = BlobRef(random(ID), random(KEY), len(content), hashlib.sha256(content).digest())
    if ref.count > MAX_CHUNKS:
        raise Malformed("size")
    parts = (content[start : start + CHUNK] for start in range(0, max(1, len(content)), CHUNK))
    return SealedBlob(ref, tuple(ref.seal(number, part) for number, part in enumerate(parts)))
