"""A parcel: sealed entries as one file, for the road without any network.

``magic ‖ version ‖ organisation ‖ (length ‖ entry)… ‖ 0 ‖ SHA-256 of all before``, lengths in four bytes. Entries are
those of the wire, byte for byte: they verify themselves and nothing in them can be read without its key, so a parcel
needs neither trust nor a password. The sum only tells a file that was cut or damaged from one that is whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from goes_mobile.protocol.entry import MAX_ENTRY
from goes_mobile.protocol.problems import Malformed

MAGIC = b"GO!ES parcel\n"
VERSION = 1
MAX_PARCEL = 256 * 1024 * 1024
"""As much as a small device can hold in memory; some 300,000 notes."""
_SUM = 32
_HEAD = len(MAGIC) + 1 + 16


def make(organisation: bytes, entries: Iterable[bytes]) -> bytes:
    """The file's content."""
    parts = [MAGIC, bytes([VERSION]), organisation]
    for raw in entries:
        parts += [len(raw).to_bytes(4, "big"), raw]
    body = b"".join([*parts, bytes(4)])
    return body + hashlib.sha256(body).digest()


def read(content: bytes, organisation: bytes) -> list[bytes]:
    """The entries of a parcel of this organisation; what they are worth is not judged here.

    Raises :class:`Malformed`: ``parcel_not_one``, ``parcel_newer`` (this program is too old for it), ``parcel_foreign``
    (another organisation's), ``parcel_damaged``, ``parcel_too_large``.
    """
    if len(content) > MAX_PARCEL:
        raise Malformed("parcel_too_large", limit=MAX_PARCEL)
    if not content.startswith(MAGIC):
        raise Malformed("parcel_not_one")
    if content[len(MAGIC) : len(MAGIC) + 1] > bytes([VERSION]):
        raise Malformed("parcel_newer")
    body, checksum = content[:-_SUM], content[-_SUM:]
    if len(body) < _HEAD + 4 or hashlib.sha256(body).digest() != checksum:
        raise Malformed("parcel_damaged")
    if content[_HEAD - 16 : _HEAD] != organisation:
        raise Malformed("parcel_foreign")
    return _split(body)


def _split(body: bytes) -> list[bytes]:
    entries: list[bytes] = []
    at = _HEAD
    while length := int.from_bytes(body[at : at + 4], "big"):
        entries.append(body[at + 4 : at + 4 + length])
        at += 4 + length
        if length > MAX_ENTRY or at + 4 > len(body):
            raise Malformed("parcel_damaged")
    if at + 4 != len(body):
        raise Malformed("parcel_damaged")
    return entries
