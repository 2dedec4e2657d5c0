"""Steps, which the engine asks a round to take towards the server, and effects, which answers have in the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from goes_mobile.protocol import wire
from goes_mobile.sync.local import Counts, OpenBlob, Waiting


@dataclass(frozen=True, slots=True)
class Wish:
    """What a round is for. Listening is a pull that waits at the server, ``wait_s`` at most."""

    push: bool = True
    pull: bool = True
    wait_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Facts:
    """What the store says at one moment. ``ended``: the control log proves that this device was revoked; ``groups`` is
    a digest of the groups whose keys this device is granted; ``outgoing`` that anything has to be sent, keys and
    certificates too."""

    organisation: bytes
    device: bytes
    server_sign: bytes
    administrator: bool
    ended: bool
    unlocked: bool
    delivery_token: str = field(repr=False)
    token_known_to: str
    feed_known: str
    unseen: tuple[tuple[int, bytes], ...]
    groups: str
    groups_checked: str
    control_stream: bytes
    control_position: int
    cursor: wire.Cursor
    missing: tuple[tuple[bytes, int], ...]
    outgoing: bool
    blobs: tuple[OpenBlob, ...]
    counts: Counts


# -- steps ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Look:
    """Ask the store for the facts."""


@dataclass(frozen=True, slots=True)
class SayHello:
    pass


@dataclass(frozen=True, slots=True)
class OpenSession:
    """Sign the server's challenge with this device's key."""

    server_id: bytes
    challenge: bytes


@dataclass(frozen=True, slots=True)
class Push:
    """Send what waits beyond ``after`` (a seq); ``control``: the control log, waiting or not, after so many entries."""

    after: int
    max_entries: int
    max_bytes: int
    control: bool = False


@dataclass(frozen=True, slots=True)
class ControlComplete:
    """Tell a restarted feed that this administrator's device has sent all it knows of the control log."""


@dataclass(frozen=True, slots=True)
class Pull:
    cursor: wire.Cursor
    limit: int
    wait_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Backfill:
    stream: bytes
    after: int
    limit: int


@dataclass(frozen=True, slots=True)
class CompareHeads:
    """Ask for the heads of all streams; ``restart``: to find out what a restored server lacks, whose feed is now
    the ``incarnation``."""

    restart: bool = False
    incarnation: str = ""


@dataclass(frozen=True, slots=True)
class PutToken:
    """Let the server know the hash of this device's delivery token."""

    hash: bytes


@dataclass(frozen=True, slots=True)
class LastWord:
    """Tell the server that a revoked device has delivered what it had."""


@dataclass(frozen=True, slots=True)
class AskBlobs:
    """Ask which chunks of these the server has, so that none is sent or fetched twice."""

    blobs: tuple[OpenBlob, ...]


@dataclass(frozen=True, slots=True)
class PutChunks:
    blob: OpenBlob
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GetChunks:
    blob: OpenBlob
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Finish:
    pass


BlobStep = AskBlobs | PutChunks | GetChunks
Step = (
    Look | SayHello | OpenSession | Push | ControlComplete | Pull | Backfill | CompareHeads | PutToken | LastWord
    | BlobStep
    | Finish
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sent:
    """An entry of the control log on its way to a restarted server; ``seq`` counts from 1."""

    seq: int
    hash: bytes
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Batch:
    """What a push carries. ``last`` is the seq up to which the store was read, ``exhausted`` that nothing follows."""

    entries: Sequence[Waiting | Sent]
    last: int
    exhausted: bool


# -- effects -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Confirm:
    receipts: wire.Receipts
    blob: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class PutAside:
    """Entries that the server will never take."""

    refusals: tuple[wire.Refusal, ...]


@dataclass(frozen=True, slots=True)
class FillGaps:
    gaps: tuple[wire.Gap, ...]


@dataclass(frozen=True, slots=True)
class Receive:
    entries: Sequence[wire.RemoteEntry] = field(repr=False)
    heads: Sequence[wire.Head]
    cursor: wire.Cursor | None


@dataclass(frozen=True, slots=True)
class Restart:
    heads: Sequence[wire.Head]


@dataclass(frozen=True, slots=True)
class LearnTime:
    server_ms: int
    round_trip_ms: int


@dataclass(frozen=True, slots=True)
class KeepReceipt:
    """Remember a push's newest receipt until the feed shows its entry."""

    number: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class ReceiptsSeen:
    """The feed was read up to this number, and what receipts had promised was there."""

    number: int


@dataclass(frozen=True, slots=True)
class Remember:
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class BlobHeard:
    """So many chunks of a blob are at the server."""

    stream: bytes
    blob: bytes
    sent: int


@dataclass(frozen=True, slots=True)
class KeepChunks:
    blob: bytes
    chunks: tuple[wire.Chunk, ...] = field(repr=False)


Effect = (
    Confirm | PutAside | FillGaps | Receive | Restart | LearnTime | KeepReceipt | ReceiptsSeen | Remember | BlobHeard
    | KeepChunks
)  # fmt: skip
