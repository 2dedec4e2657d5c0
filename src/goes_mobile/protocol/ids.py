"""Identifiers: UUIDv7 for what people make, derived ids for what everybody must find alike."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable

NAMESPACE = uuid.UUID("0d6f4a2e-5b7c-5e0a-9f3d-60e5e55e11a6")


def new_id(now_ms: int, random: Callable[[int], bytes] = os.urandom) -> str:
    """A fresh UUIDv7 (RFC 9562) as text; sorts by time."""
    return str(uuid.UUID(bytes=new_id_bytes(now_ms, random)))


def new_id_bytes(now_ms: int, random: Callable[[int], bytes] = os.urandom) -> bytes:
    tail = bytearray(random(10))
    tail[0] = 0x70 | (tail[0] & 0x0F)
    tail[2] = 0x80 | (tail[2] & 0x3F)
    return (max(now_ms, 0) & 0xFFFFFFFFFFFF).to_bytes(6, "big") + bytes(tail)


def site_id(short_name: str) -> str:
    """The id of a site is derived from its short name, so that scripts need no look-up."""
    return str(uuid.uuid5(NAMESPACE, f"site:{short_name}"))


def device_id(device: bytes) -> str:
    """The id of the record that names a device."""
    return str(uuid.uuid5(NAMESPACE, f"device:{device.hex()}"))


def trace_id(device: bytes, stream: bytes, month: str = "") -> str:
    """The id of what a device notes about itself in a stream in a month (``202611``); no other device's counts under
    it. Without a month: as the first versions noted, all of it in one record."""
    told = f"trace:{device.hex()}:{stream.hex()}"
    return str(uuid.uuid5(NAMESPACE, f"{told}:{month}" if month else told))


def to_bytes(text: str) -> bytes:
    """The 16 bytes of a canonical UUID text."""
    if len(text) != 36:
        raise ValueError("not a canonical UUID")
    return bytes.fromhex(text.replace("-", ""))


def to_text(data: bytes) -> str:
    """The canonical text of 16 bytes (five times as fast as :class:`uuid.UUID`; replay does it for every reference)."""
    if len(data) != 16:
        raise ValueError("an id has 16 bytes")
    text = data.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
