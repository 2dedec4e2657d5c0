"""What synchronisation needs of a device's store, and nothing more.

The store is synchronous and lives in one lane (thread); a round reaches it through :class:`Lane` alone.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeVar

from goes_mobile.protocol import wire
from goes_mobile.protocol.entry import Witness
from goes_mobile.protocol.keys import KeyPair
from goes_mobile.protocol.ledger import Ledger

T = TypeVar("T")

# Settings that synchronisation reads or keeps; readable while locked.
SERVER_URL = "server_url"
DELIVERY_TOKEN = "delivery_token"  # noqa: S105 - the name of the setting; hexadecimal
TOKEN_KNOWN_TO = "delivery_token_known_to"  # noqa: S105 - incarnation of the feed whose server has the token's hash
FEED_KNOWN = "feed_known"  # incarnation of the feed that this device's receipts and positions are from
UNSEEN_RECEIPTS = "unseen_receipts"  # [number, entry hash] of each push, until the feed has shown that entry
GROUPS_CHECKED = "groups_checked"  # digest of the groups for which all heads were compared


class Lane(Protocol):
    """``await ask(function, *arguments)`` runs a synchronous function in the store's lane."""

    def __call__(self, function: Callable[..., T], /, *arguments: Any) -> Awaitable[T]: ...


class Waiting(Protocol):
    """An entry that the server has not confirmed: written here, or carried for somebody else."""

    @property
    def seq(self) -> int: ...
    @property
    def hash(self) -> bytes: ...
    @property
    def raw(self) -> bytes: ...


class Finding(Protocol):
    """Something the server did that an honest one does not do."""

    @property
    def code(self) -> str: ...


class Received(Protocol):
    """What came of entries handed to the store."""

    @property
    def new(self) -> int: ...
    @property
    def held(self) -> int: ...
    @property
    def findings(self) -> Sequence[Finding]: ...


class Counts(Protocol):
    """What the sync chip and the status line count: waiting and confirmed are what people saved here."""

    @property
    def waiting(self) -> int: ...
    @property
    def confirmed(self) -> int: ...
    @property
    def held(self) -> int: ...
    @property
    def conflicts(self) -> int: ...
    @property
    def last_contact_ms(self) -> int | None: ...
    @property
    def clock_offset_ms(self) -> int: ...


class OpenBlob(Protocol):
    """A blob that is not yet both here and at the server; ``here`` are the numbers of its chunks on this device."""

    @property
    def stream(self) -> bytes: ...
    @property
    def id(self) -> bytes: ...
    @property
    def count(self) -> int: ...
    @property
    def here(self) -> tuple[int, ...]: ...


class Blobs(Protocol):
    """Sealed chunks of photos and documents. Sending works while locked, keeping does not: a chunk must open."""

    def open(self) -> Sequence[OpenBlob]:
        """What has to be sent or fetched, as much as one request may ask for."""

    def heard(self, stream: bytes, blob: bytes, sent: int, /) -> None:
        """So many of its chunks are at the server."""

    def chunks(self, blob: bytes, numbers: Sequence[int], /) -> Sequence[tuple[int, bytes]]:
        """Those of these chunks that are here."""

    def keep(self, blob: bytes, chunks: Sequence[tuple[int, bytes]], /) -> Received:
        """Chunks from the server; what is not what was sealed is told and not kept."""


class OpenKeys(Protocol):
    """The part of an unlocked keyring that opens a session: the device's own keys."""

    @property
    def device(self) -> KeyPair: ...


class Identity(Protocol):
    """Who this profile is, readable while locked."""

    @property
    def server_sign(self) -> bytes: ...
    @property
    def preset(self) -> str: ...


class Settings(Protocol):
    """A few small values kept durably beside the entries."""

    def get(self, key: str, default: Any = None, /) -> Any: ...
    def set(self, key: str, value: Any, /) -> None: ...


class Local(Protocol):
    """The sync side of the store. Every change is one transaction: after a crash it has happened, or it has not."""

    @property
    def organisation(self) -> bytes: ...
    @property
    def device(self) -> bytes: ...
    @property
    def identity(self) -> Identity: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def blobs(self) -> Blobs: ...
    @property
    def keyring(self) -> OpenKeys | None:
        """``None`` while locked."""

    def waiting(
        self, max_entries: int = wire.MAX_PUSH_ENTRIES, max_bytes: int = wire.MAX_PUSH_BYTES, after_seq: int = 0
    ) -> Sequence[Waiting]:
        """What waits for delivery beyond ``after_seq``, in the order it was appended; at least one if there is any."""

    def confirm(self, receipts: wire.Receipts, blob: bytes) -> None:
        """The server has these; the signed receipt is kept."""

    def refused(self, entry_hash: bytes, code: str, /) -> None:
        """The server will never take this entry: seal its operation again in a new chain, or put it aside."""

    def gap(self, gap: wire.Gap, /) -> None:
        """The server lacks earlier entries of a chain: they wait again."""

    def receive(
        self, entries: Sequence[wire.RemoteEntry], heads: Sequence[wire.Head], cursor: wire.Cursor | None
    ) -> Received:
        """Verify, append, apply; the cursor moves in the same transaction. Heads further on tell what is missing."""

    def cursor(self) -> wire.Cursor: ...

    def feed_restarted(self, cursor: wire.Cursor, heads: Sequence[wire.Head]) -> None:
        """The server was restored: what lies beyond ``heads``, own or foreign, waits again; read from ``cursor``."""

    def missing(self) -> Sequence[tuple[bytes, int]]:
        """Streams with a known gap: (stream, position after which to fill)."""

    def reached(self, stream: bytes, /) -> Witness:
        """Up to where this device has a stream without a gap."""

    def learn_time(self, server_ms: int, round_trip_ms: int) -> None:
        """What the server's clock says, so that a wrong one here is noticed."""

    def noticed(self, code: str, /) -> None:
        """Keep a finding about the server that synchronisation made."""

    def control_entries(self) -> Sequence[bytes]:
        """The control log as known here, in an order in which it can be read."""

    def counts(self) -> Counts: ...
