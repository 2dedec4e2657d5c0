"""What of a simulated device survives a crash: its journal. A method of the local store is one transaction on it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from goes_mobile.protocol.entry import ChainEnd, ChainId, Entry, Witness
from goes_mobile.protocol.wire import Cursor
from goes_mobile.store.identity import Identity
from goes_mobile.vault.keyring import OpenedKey


@dataclass(slots=True)
class Row:
    """An entry as it lies here. ``held`` is why it is not yet believed; ``number`` … ``received`` are the server's."""

    seq: int
    entry: Entry
    own: bool
    held: str = ""
    number: int | None = None
    position: int | None = None
    received: int | None = None


@dataclass
class Settings:
    """Small values."""

    values: dict[str, Any] = field(default_factory=dict)

    def get(self, key: str, default: Any = None, /) -> Any:
        return self.values.get(key, default)

    def set(self, key: str, value: Any, /) -> None:
        self.values[key] = value


@dataclass
class Disk:
    """A device's durable state."""

    identity: Identity
    seed: bytes
    rows: list[Row] = field(default_factory=list)
    by_hash: dict[bytes, Row] = field(default_factory=dict)
    outbox: dict[int, Row] = field(default_factory=dict)
    chains: dict[ChainId, ChainEnd] = field(default_factory=dict)
    open_runs: dict[tuple[bytes, bytes], bytes] = field(default_factory=dict)
    feeds: dict[bytes, tuple[Witness, int]] = field(default_factory=dict)
    keys: list[OpenedKey] = field(default_factory=list)
    receipts: list[bytes] = field(default_factory=list)
    settings: Settings = field(default_factory=Settings)
    cursor: Cursor = field(default_factory=Cursor)
    offset_ms: int = 0
    last_contact_ms: int | None = None

    def copy(self) -> Disk:
        """As an image of a disk: nothing of it is shared with this one but what never changes."""
        rows = [Row(r.seq, r.entry, r.own, r.held, r.number, r.position, r.received) for r in self.rows]
        return replace(
            self, rows=rows, by_hash={row.entry.hash: row for row in rows},
            outbox={seq: rows[seq - 1] for seq in self.outbox}, chains=dict(self.chains),
            open_runs=dict(self.open_runs), feeds=dict(self.feeds), keys=list(self.keys), receipts=list(self.receipts),
            settings=Settings(dict(self.settings.values)),
        )  # fmt: skip
