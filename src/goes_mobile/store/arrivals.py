"""One batch on its way in: what is new, what is held and why, what it says about keys and about the server."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from goes_mobile.protocol import clear
from goes_mobile.store.journal import Row
from goes_mobile.store.redaction import CarriedOut

CHAIN_REASONS = ("unknown_author", "gap", "bad_tail", "fork", "withheld", "unknown_format")
"""Reasons that a certificate, an order, an entry or a newer program can lift; the other ones need keys to be judged."""
AGAIN = ("reseal", "sealed_again")
"""Reasons that a receipt lifts: what seemed refused has come there after all."""
CARRIED, UNPROVEN = "carried", "unproven"
"""Why an entry from a parcel lies here apart; see :mod:`goes_mobile.store.carrying`."""
Place = tuple[int | None, int | None, int | None]
"""Number, position, time of receipt; nothing of it for what did not come from the server."""
Remote = tuple[int | None, int | None, int | None, bytes]
Facts = dict[str, int | str]


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """An epoch or a grant in the stream whose key it is about."""

    seq: int
    stream: bytes
    record: clear.Epoch | clear.Grant


@dataclass(frozen=True, slots=True)
class Here:
    """An entry that lies in the journal already."""

    seq: int
    stream: bytes
    held: str | None
    own: bool
    place: tuple[int | None, ...]


@dataclass
class Arrivals:
    """One batch on its way in."""

    fresh: list[Row] = field(default_factory=list)
    """Good and new, to be opened."""
    held: int = 0
    control: bool = False
    certified: bool = False
    """The control log has grown since the ledger was last read."""
    keys: list[KeyRecord] = field(default_factory=list)
    findings: list[tuple[str, Facts]] = field(default_factory=list)
    stale: list[int] = field(default_factory=list)
    """Entries we had whose receipt time has become known, or that count again."""
    late: set[int] = field(default_factory=set)
    """Held as late, and given a place since."""
    streams: set[bytes] = field(default_factory=set)
    devices: set[bytes] = field(default_factory=set)
    """Of what is new; our own is among them after a profile was restored from an older copy."""
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    """What is new, to be written together."""
    outgoing: list[tuple[int]] = field(default_factory=list)
    """Of what is new, what the server has to be sent."""
    next_seq: int = 0
    first_seq: int = 0
    carried_out: CarriedOut = field(default_factory=CarriedOut)
    """What orders that came, or took effect, took away."""

    @property
    def news(self) -> bool:
        return bool(self.control or self.fresh or self.keys or self.held)
