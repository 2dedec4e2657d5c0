"""Entries: the one format from the tap to the supervisor's screen.

An entry is ``header ‖ nonce ‖ ciphertext ‖ signature`` as one msgpack array of byte strings. The entry's hash and
its Ed25519 signature cover ``header ‖ nonce ‖ SHA-256(ciphertext)``, so a body can be removed (redaction) and the
chain still verifies. Suite 1 seals an operation with AES-256-GCM under the stream's epoch key; suite 0 is signed but
not secret (the control log, and the epochs and grants in every stream).
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import msgpack
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from goes_mobile.protocol.dictionary import DEFLATE_1
from goes_mobile.protocol.keys import KeyPair, verify
from goes_mobile.protocol.packing import pack
from goes_mobile.protocol.problems import Malformed

FORMAT = 1
CLEAR, SEALED = 0, 1
NO_HASH = bytes(32)
NO_EPOCH = bytes(16)
NONCE = 12
MAX_ENTRY = 1024 * 1024
_SIGNED = b"goes entry 1"
_LEVEL = 4
_SHORT = 900
"""Bytes up to which a code table of its own saves little (1 % of 750) and takes half of the time of reading."""
_MAX_BODY = 4 * 1024 * 1024
_MOST = 2**62
"""Positions and counts beyond would fit no database's integers, and no feed grows so long."""


class Witness(NamedTuple):
    """What the author had last seen of a feed: its position and running hash. Shows forks and roll-backs."""

    position: int = 0
    running: bytes = b""


_NOTHING_SEEN = Witness()


class ChainId(NamedTuple):
    """(stream, device, random 64-bit run). Only appended to."""

    stream: bytes
    device: bytes
    run: bytes


@dataclass(slots=True)  # not frozen, though nobody changes one: server and readers make one for each entry
class Header:
    """The clear part of an entry. ``n`` counts from 1 within its chain; ``succeeds`` is (hash, reason) in the first
    header of a chain that goes on after damage, else ``None``."""

    suite: int
    organisation: bytes
    stream: bytes
    epoch: bytes
    device: bytes
    run: bytes
    n: int
    previous: bytes
    stream_seen: Witness = _NOTHING_SEEN
    control_seen: Witness = _NOTHING_SEEN
    succeeds: tuple[bytes, str] | None = None
    format: int = FORMAT

    @property
    def chain(self) -> ChainId:
        return ChainId(self.stream, self.device, self.run)

    def encode(self) -> bytes:
        return pack([
            self.format, self.suite, self.organisation, self.stream, self.epoch, self.device, self.run, self.n,
            self.previous, self.stream_seen.position, self.stream_seen.running, self.control_seen.position,
            self.control_seen.running, list(self.succeeds) if self.succeeds else None,
        ])  # fmt: skip


@dataclass(slots=True)  # not frozen, like its header
class Entry:
    """A decoded entry. ``body`` is the ciphertext (or clear body), ``None`` once redacted."""

    header: Header
    header_bytes: bytes = field(repr=False)
    nonce: bytes = field(repr=False)
    body: bytes | None = field(repr=False)
    body_hash: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    hash: bytes
    raw: bytes = field(repr=False)

    @property
    def suite(self) -> int:
        return self.header.suite

    def covered(self) -> bytes:
        return self.header_bytes + self.nonce + self.body_hash

    def signed_by(self, sign_public: bytes) -> bool:
        """Whether the author's key made this entry's own signature."""
        return verify(sign_public, self.signature, _SIGNED + self.covered())

    def redacted(self) -> bytes:
        """The bytes of this entry without its body; same hash, same signature."""
        return pack([self.header_bytes, self.nonce, None, self.signature, self.body_hash])


def decode(raw: bytes) -> Entry:
    """An entry from foreign bytes; raises :class:`Malformed`, with the code ``unknown_format`` for what a later version
    may be able to read. Says nothing about its signature."""
    if len(raw) > MAX_ENTRY:
        raise Malformed("malformed", reason="too large")
    try:
        header_bytes, *others = msgpack.unpackb(raw, raw=False)
        header = _header(header_bytes)  # first: in a later format what follows it may be something else
        nonce, body, signature, *rest = others
        body_hash = hashlib.sha256(body).digest() if body is not None else rest.pop()
        covered_hash = hashlib.sha256(header_bytes + nonce + body_hash).digest()
        again = pack([header_bytes, nonce, body, signature] + ([body_hash] if body is None else []))
    except Malformed:
        raise
    except Exception as error:
        raise Malformed("malformed", reason=type(error).__name__) from None
    if type(signature) is not bytes or (len(nonce), len(signature), len(body_hash)) != (NONCE, 64, 32) or rest:
        raise Malformed("malformed", reason="lengths")
    if again != raw:  # one entry has one spelling, so what lies in two places can be compared byte for byte
        raise Malformed("malformed", reason="spelling")
    return Entry(header, header_bytes, nonce, body, body_hash, signature, covered_hash, raw)


def intact(raw: bytes, entry_hash: bytes) -> bool:
    """Whether bytes that were once verified are still those of the entry with this hash (its signature apart)."""
    try:
        header_bytes, nonce, body, _, *rest = msgpack.unpackb(raw, raw=False)
        body_hash = hashlib.sha256(body).digest() if body is not None else rest[0]
        return hashlib.sha256(header_bytes + nonce + body_hash).digest() == entry_hash
    except Exception:
        return False


@dataclass(slots=True)  # not frozen: replay makes one for each entry, and frozen ones take three times as long
class Peeked:
    """As much of an entry as opening its body needs; its hash and signature were checked when it came."""

    suite: int
    stream: bytes
    epoch: bytes
    device: bytes
    header_bytes: bytes = field(repr=False)
    nonce: bytes = field(repr=False)
    body: bytes | None = field(repr=False)
    seen: int = 0
    """The position of its stream that the author had seen."""
    control_seen: int = 0
    """The position of the control log that the author had seen."""


def peek(raw: bytes) -> Peeked:
    """The quick look that replay takes at each of 50,000 entries; AES-GCM still covers header and body."""
    try:
        header_bytes, nonce, body, *_ = msgpack.unpackb(raw, raw=False)
        header = msgpack.unpackb(header_bytes, raw=False)
        return Peeked(header[1], header[3], header[4], header[5], header_bytes, nonce, body, header[9], header[11])
    except Exception as error:
        raise Malformed("malformed", reason=type(error).__name__) from None


def _header(data: bytes) -> Header:
    fields = msgpack.unpackb(data, raw=False)
    if type(fields[0]) is not int or fields[0] < FORMAT:
        raise Malformed("malformed", reason="header format")
    if fields[0] != FORMAT:
        raise Malformed("unknown_format", format=fields[0])
    (version, suite, organisation, stream, epoch, device, run, n, previous,
     seen_at, seen_running, control_at, control_running, succeeds) = fields  # fmt: skip
    known = (organisation, stream, epoch, device, run, previous, seen_running, control_running)
    if {*map(type, known)} != {bytes} or [*map(len, known[:6])] != [16, 16, 16, 16, 8, 32]:
        raise Malformed("malformed", reason="header ids")
    if len(seen_running) > 32 or len(control_running) > 32:
        raise Malformed("malformed", reason="header witness")
    counts = (suite, n, seen_at, control_at)
    if {*map(type, counts)} != {int} or n < 1 or min(counts) < 0 or max(counts) > _MOST:
        raise Malformed("malformed", reason="header counts")
    if succeeds is not None and ([*map(type, succeeds)] != [bytes, str] or len(succeeds[0]) != 32):
        raise Malformed("malformed", reason="header succeeds")
    return Header(
        suite, organisation, stream, epoch, device, run, n, previous,
        Witness(seen_at, seen_running), Witness(control_at, control_running),
        (succeeds[0], succeeds[1]) if succeeds else None, version,
    )  # fmt: skip


def make(header: Header, plaintext: bytes, author: KeyPair, key: bytes | None = None,
         random: Callable[[int], bytes] = os.urandom) -> Entry:  # fmt: skip
    """Seal (suite 1, with the epoch's ``key``) or lay open (suite 0) and sign.

    Raises :class:`Malformed` (``too_large``) for what no reader would open: better said now than lost later.
    """
    if len(plaintext) > _MAX_BODY:
        raise Malformed("too_large", limit=_MAX_BODY)
    header_bytes = header.encode()
    nonce = random(NONCE)
    if header.suite == SEALED:
        if key is None:
            raise ValueError("a sealed entry needs its epoch's key")
        body = _cipher(key).encrypt(nonce, pad(deflate(plaintext)), header_bytes)
    else:
        body = plaintext
    body_hash = hashlib.sha256(body).digest()
    covered = header_bytes + nonce + body_hash
    signature = author.sign(_SIGNED + covered)
    raw = pack([header_bytes, nonce, body, signature])
    if len(raw) > MAX_ENTRY:
        raise Malformed("too_large", limit=MAX_ENTRY)
    return Entry(header, header_bytes, nonce, body, body_hash, signature, hashlib.sha256(covered).digest(), raw)


def open_body(entry: Entry | Peeked, key: bytes | None = None) -> bytes:
    """The plaintext of a body; raises :class:`Malformed` if it was redacted, tampered with or is under another key."""
    if entry.body is None:
        raise Malformed("redacted")
    suite = entry.suite
    if suite == CLEAR:
        return entry.body
    if suite != SEALED or key is None:
        raise Malformed("cannot_open", reason="suite or key")
    try:
        return inflate(unpad(_cipher(key).decrypt(entry.nonce, entry.body, entry.header_bytes)))
    except (InvalidTag, ValueError):
        raise Malformed("cannot_open", reason="tag") from None


@lru_cache(4096)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def forget_ciphers() -> None:
    """Locking drops every open key, those in the cipher cache too."""
    _cipher.cache_clear()


def deflate(data: bytes) -> bytes:
    codes = zlib.Z_FIXED if len(data) <= _SHORT else zlib.Z_DEFAULT_STRATEGY
    worker = zlib.compressobj(level=_LEVEL, wbits=-15, memLevel=8, strategy=codes, zdict=DEFLATE_1)
    return worker.compress(data) + worker.flush()


def inflate(data: bytes) -> bytes:
    """Raw deflate with a bound, so that a small body cannot fill the memory."""
    worker = zlib.decompressobj(wbits=-15, zdict=DEFLATE_1)
    try:
        plain = worker.decompress(data, _MAX_BODY)
    except zlib.error:
        raise Malformed("undecodable", reason="deflate") from None
    if not worker.eof:
        raise Malformed("undecodable", reason="body too large or cut")
    return plain


def padme(length: int) -> int:
    """The padded length (Padmé): at most 12 % more, and only O(log log) bits of the true length leak."""
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    keep = exponent - (exponent.bit_length())
    mask = (1 << max(keep, 0)) - 1
    return (length + mask) & ~mask


def pad(data: bytes) -> bytes:
    framed = len(data).to_bytes(4, "big") + data
    return framed.ljust(padme(len(framed)), b"\0")


def unpad(data: bytes) -> bytes:
    length = int.from_bytes(data[:4], "big")
    if len(data) < 4 or length > len(data) - 4:
        raise Malformed("undecodable", reason="padding")
    return data[4 : 4 + length]


class ChainEnd(NamedTuple):
    """Where a verified chain stands: the last good ``n`` and hash (0 and zeros before its first entry)."""

    n: int = 0
    hash: bytes = NO_HASH


def verified_length(end: ChainEnd, part: list[Entry], sign_public: bytes) -> int:
    """How many entries of ``part`` (one chain, in order, directly after ``end``) are good.

    An entry is good if its own signature verifies or a later verified entry covers it by hashes. Server and readers
    use this same function: one signature (70 µs) and a hash (1 µs) for each entry of a batch.
    """
    linked, last = 0, end.hash
    for n, entry in enumerate(part, end.n + 1):
        if entry.header.n != n or entry.header.previous != last:
            break
        last = entry.hash
        linked += 1
    while linked and not part[linked - 1].signed_by(sign_public):
        linked -= 1
    return linked


def followed(end: ChainEnd, part: list[Entry], sign_public: bytes) -> list[Entry]:
    """``part`` with one entry for each place of the chain, so that a forged sibling cannot keep out the true one.

    Of several entries in one place only those count that are signed, themselves or by one that follows them; if the
    author signed two, the first that came.
    """
    if len({entry.header.n for entry in part}) == len(part):
        return part
    known = {entry.hash: entry for entry in part}
    covered: set[bytes] = set()
    for entry in part:
        at: Entry | None = entry
        if entry.hash in covered or not entry.signed_by(sign_public):
            continue
        while at is not None and at.hash not in covered:
            covered.add(at.hash)
            at = known.get(at.header.previous)
    path: list[Entry] = []
    for entry in part:
        if entry.hash in covered and (entry.header.n, entry.header.previous) == (end.n + 1, end.hash):
            path.append(entry)
            end = ChainEnd(entry.header.n, entry.hash)
    return path


def running(before: bytes, entry_hash: bytes, position: int) -> bytes:
    """The running hash of a stream after ``position``, recomputed by every reader; empty before position 1."""
    return hashlib.sha256(b"goes running" + before + position.to_bytes(8, "big") + entry_hash).digest()


def by_chain(entries: list[Entry]) -> Mapping[ChainId, list[Entry]]:
    """Entries grouped by chain, each part in the order given."""
    parts: dict[ChainId, list[Entry]] = {}
    for entry in entries:
        parts.setdefault(entry.header.chain, []).append(entry)
    return parts
