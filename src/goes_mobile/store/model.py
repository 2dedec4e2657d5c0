"""What the store answers with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from goes_mobile.protocol.operation import Scalar

DeliveryState = Literal["here", "waiting", "server", "devices", "held"]


@dataclass(frozen=True, slots=True)
class Hit:
    """A found record."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry that the server has not confirmed."""

    seq: int
    hash: bytes
    raw: bytes = field(repr=False)
    own: bool = True
    """Written here; else it came from somebody else and is only carried on."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What waits, as a file."""

    content: bytes = field(repr=False)
    entries: int


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What became of a parcel's entries: ``new`` here, ``known`` already, ``carried`` to the server for others,
    ``held`` until what they rest on has come, ``refused`` because their author did not sign them."""

    entries: int
    new: int
    known: int
    carried: int
    held: int
    refused: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What a person wants to know about delivery. Times in ms since 1970. ``carried``: what waits for others."""

    waiting: int
    confirmed: int
    held: int
    conflicts: int
    last_contact_ms: int | None
    clock_offset_ms: int
    carried: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """An entry kept apart: never dropped, judged again whenever something arrives that could change the verdict."""

    seq: int
    device: bytes
    member: str
    reason: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the server or the disk that people should know. ``facts`` hold ids and numbers only; ``seen``:
    somebody has read it."""

    at_ms: int
    code: str
    facts: Mapping[str, Any]
    seen: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    """What became of received entries."""

    new: int
    held: int
    changed: Mapping[str, frozenset[str]]
    gaps: tuple[tuple[bytes, int], ...]
    """Streams with a gap, and the position after which to back-fill."""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """How far a record has come: saved here, waiting, at the server, seen by ``devices`` other devices."""

    state: DeliveryState
    devices: int = 0


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """One field of one operation: who, when, what, from, to. ``candidate``: one of the versions now standing;
    ``beside``: the other versions it replaced, if somebody decided between several."""

    op: bytes
    at: datetime
    member: str
    device: bytes
    path: str
    old: Scalar = field(repr=False)
    new: Scalar = field(repr=False)
    candidate: bool = False
    conflict: bool = False
    beside: tuple[Scalar, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class ClockSlip:
    """Entries of this device written by a wrong clock: ``offset_ms`` too early (or late, if negative)."""

    after_seq: int
    until_seq: int
    offset_ms: int
