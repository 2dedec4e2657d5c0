"""The audit log: append-only, hash-chained, ids only."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from goes_mobile.protocol.packing import pack

START = bytes(32)


def link(before: bytes, number: int, at_ms: int, event: str, principal: bytes, member: bytes) -> bytes:
    """The hash of a line over all lines before it."""
    return hashlib.sha256(b"goes audit 1" + before + pack([number, at_ms, event, principal, member])).digest()


def first_break(lines: Iterable[Any]) -> int | None:
    """The number of the first line that does not follow from those before it."""
    before = START
    for number, line in enumerate(lines, start=1):
        expected = link(before, number, line.at_ms, line.event, line.principal, line.member)
        if line.number != number or line.hash != expected:
            return number
        before = expected
    return None
