"""Messages between device and server. Bodies are MessagePack; everything a server says about entries is checked.

``RemoteEntry`` is ``(number, position, received_ms, raw entry)``: number counts the organisation's feed, position the
stream.
"""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from goes_mobile.protocol.blobs import BLOBS_AT_ONCE, CHUNK, CHUNKS_AT_ONCE, MAX_CHUNKS, SEAL
from goes_mobile.protocol.keys import KeyPair, verify
from goes_mobile.protocol.packing import pack, unpack
from goes_mobile.protocol.problems import Malformed

VERSION = 1
MEDIA_TYPE = "application/msgpack"
PROBLEM_TYPE = "application/problem+json"
PROBLEM_BASE = "urn:goes-mobil:problem:"
MAX_PUSH_ENTRIES = 500
MAX_PUSH_BYTES = 1024 * 1024
MAX_PULL_ENTRIES = 1000
MAX_WAIT_S = 25.0

Id = Annotated[bytes, Field(min_length=16, max_length=16)]
Hash = Annotated[bytes, Field(min_length=32, max_length=32)]
Number = Annotated[int, Field(ge=0, le=2**62)]  # more would not fit a database's integers
RemoteEntry = tuple[Number, Number, Number, bytes]
Receipt = tuple[Hash, Number, Number, Number]  # entry hash, number, position, received_ms


class Message(BaseModel):
    """Unknown fields are ignored, so either side may be newer."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Hello(Message):
    """What anybody may know of a server. ``challenge`` is signed to open a session."""

    server_id: Id
    server_sign: bytes
    versions: tuple[int, ...] = (VERSION,)
    time_ms: Number
    challenge: bytes


class SessionRequest(Message):
    organisation: Id
    principal: Id
    challenge: bytes
    signature: bytes
    version: int = VERSION


class Session(Message):
    """A bearer token for this principal; forgotten by the server after ``expires_ms``."""

    token: str = Field(repr=False)
    expires_ms: Number
    time_ms: Number


class FoundRequest(Message):
    """A new organisation: its first control entries, founding first."""

    setup_token: str = Field(repr=False)
    organisation: Id
    entries: tuple[bytes, ...]


class PushRequest(Message):
    """At most 500 entries or 1 MiB. ``control_complete``: an administrator's device has sent all it knows of the
    control log after a restart of the feed."""

    entries: tuple[bytes, ...]
    control_complete: bool = False


class Refusal(Message):
    """An entry that can never become good: ``signature``, ``organisation``, ``size``, ``malformed``, ``fork``.

    ``hash`` is the entry's hash; for what cannot be decoded (``size``, ``malformed``) SHA-256 of the bytes sent.
    """

    hash: bytes
    code: str


class Gap(Message):
    """A chain part that did not follow what the server has: it wants ``n`` next, after an entry with this hash."""

    stream: Id
    device: Id
    run: bytes
    n: Number
    hash: bytes


class PushAnswer(Message):
    """``receipts`` is a signed :class:`Receipts`; what follows a gap or has an author not yet known waits.

    So does what is ``unread``: entries of a later format than this server's, by SHA-256 of the bytes sent. They are
    taken once it has been renewed.
    """

    receipts: bytes
    refused: tuple[Refusal, ...] = ()
    gaps: tuple[Gap, ...] = ()
    unknown: tuple[bytes, ...] = ()
    unread: tuple[bytes, ...] = ()
    time_ms: Number


class Cursor(Message):
    """Where a device stands in the organisation's feed. Opaque to it but for equality."""

    incarnation: bytes = b""
    number: Number = 0
    hash: bytes = b""


class Head(Message):
    """The end of a stream as the server has it."""

    stream: Id
    position: Number
    running: Annotated[bytes, Field(max_length=32)]


class PullRequest(Message):
    cursor: Cursor
    limit: int = Field(default=MAX_PULL_ENTRIES, ge=1, le=MAX_PULL_ENTRIES)
    wait_s: float = Field(default=0, ge=0, le=MAX_WAIT_S)


class PullAnswer(Message):
    """``heads`` are the running hashes of the streams in ``entries`` after their last one here."""

    entries: tuple[RemoteEntry, ...]
    heads: tuple[Head, ...]
    cursor: Cursor
    more: bool
    time_ms: Number


class BackfillRequest(Message):
    stream: Id
    after: Number = 0
    limit: int = Field(default=MAX_PULL_ENTRIES, ge=1, le=MAX_PULL_ENTRIES)


class BackfillAnswer(Message):
    entries: tuple[RemoteEntry, ...]
    head: Head
    more: bool
    time_ms: Number


class StreamsAnswer(Message):
    """The heads of all streams this device is served."""

    heads: tuple[Head, ...]
    time_ms: Number


class WelcomePut(Message):
    """``invite`` is the invite's principal id: without it no server can tell that it was used or revoked."""

    lookup: Id
    sealed: bytes
    expires_ms: Number
    invite: bytes = b""


class WelcomeGet(Message):
    lookup: Id


class WelcomeAnswer(Message):
    sealed: bytes


class DeliveryToken(Message):
    """SHA-256 of the token this device may push with while locked."""

    hash: Annotated[bytes, Field(min_length=32, max_length=32)]


ChunkNumber = Annotated[int, Field(ge=0, lt=MAX_CHUNKS)]
Chunk = tuple[ChunkNumber, Annotated[bytes, Field(min_length=SEAL, max_length=CHUNK + SEAL)]]


class BlobPlace(Message):
    """A blob and the stream to which it belongs: who is served the one is served the other."""

    stream: Id
    blob: Id


class BlobsAsk(Message):
    """Which chunks of these are there?"""

    blobs: Annotated[tuple[BlobPlace, ...], Field(max_length=BLOBS_AT_ONCE)]


class BlobHere(Message):
    """The chunks of a blob that the server has."""

    stream: Id
    blob: Id
    chunks: tuple[ChunkNumber, ...]


class BlobsAnswer(Message):
    """Of the blobs asked for, those of which anything is there, in streams of the asker."""

    blobs: tuple[BlobHere, ...]


class ChunksPut(Message):
    """At most four chunks of a blob of ``count`` chunks; the same again changes nothing."""

    stream: Id
    blob: Id
    count: Annotated[int, Field(ge=1, le=MAX_CHUNKS)]
    chunks: Annotated[tuple[Chunk, ...], Field(max_length=CHUNKS_AT_ONCE)]


class ChunksGet(Message):
    stream: Id
    blob: Id
    chunks: Annotated[tuple[ChunkNumber, ...], Field(max_length=CHUNKS_AT_ONCE)]


class ChunksAnswer(Message):
    """Those of the chunks that are there."""

    chunks: tuple[Chunk, ...]


class Nothing(Message):
    """An answer that says: done."""


class Receipts(Message):
    """What the server signs for each push."""

    server_id: Id
    organisation: Id
    time_ms: Number
    items: tuple[Receipt, ...]


_RECEIPTS = b"goes receipts 1"


def sign_receipts(receipts: Receipts, server: KeyPair) -> bytes:
    body = pack(receipts.model_dump())
    return pack([body, server.sign(_RECEIPTS + body)])


def read_receipts(data: bytes, server_sign: bytes) -> Receipts:
    """The receipts, if this server's key signed them; else :class:`Malformed`."""
    parts = unpack(data)
    if not (isinstance(parts, list) and len(parts) == 2 and all(isinstance(p, bytes) for p in parts)):
        raise Malformed("malformed", reason="receipts")
    body, signature = parts
    if not verify(server_sign, signature, _RECEIPTS + body):
        raise Malformed("receipt_forged")
    return parse(Receipts, body)


_SESSION = b"goes session 1"


def session_message(server_id: bytes, organisation: bytes, principal: bytes, challenge: bytes) -> bytes:
    """What a principal signs to open a session: bound to this server, so that another cannot relay it."""
    return _SESSION + server_id + organisation + principal + challenge


M = TypeVar("M", bound=Message)


def dump(message: Message) -> bytes:
    return pack(message.model_dump())


def parse(kind: type[M], data: bytes) -> M:
    """A message from foreign bytes, or :class:`Malformed`."""
    try:
        return kind.model_validate(unpack(data))
    except ValidationError as error:
        raise Malformed("malformed", reason=kind.__name__, errors=error.error_count()) from None
