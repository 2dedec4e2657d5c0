"""Small things that protocol tests are made of: one author, one stream, one chain."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from goes_mobile.protocol.entry import CLEAR, NO_EPOCH, NO_HASH, SEALED, ChainEnd, Entry, Header, Witness, make
from goes_mobile.protocol.ids import new_id_bytes, to_text
from goes_mobile.protocol.keys import KeyPair, epoch_name
from goes_mobile.protocol.operation import Operation, Scalar, encode
from goes_mobile.protocol.packing import pack

NOW = 1_800_000_000_000
ORGANISATION = bytes(range(16))
STREAM = bytes(range(16, 32))
RECORD = "01920000-0000-7000-8000-000000000001"
NOTHING_SEEN = Witness()
_dice = Random(2026)


def ident() -> bytes:
    return _dice.randbytes(16)


def operation(
    values: dict[str, Scalar] | None = None,
    seen: dict[str, tuple[bytes, ...]] | None = None,
    record: str = RECORD,
    hlc: int = NOW << 16,
    kind: str = "encounter",
    op: bytes | None = None,
) -> Operation:
    return Operation(
        op or new_id_bytes(NOW, _dice.randbytes), kind, record, hlc, {"note": "Hallo"} if values is None else values,
        seen or {},
    )  # fmt: skip


@dataclass
class Author:
    """A device and one chain of it."""

    keys: KeyPair = field(default_factory=lambda: KeyPair.from_seed(_dice.randbytes(32)))
    key: bytes = field(default_factory=lambda: _dice.randbytes(32))
    run: bytes = field(default_factory=lambda: _dice.randbytes(8))
    end: ChainEnd = field(default_factory=ChainEnd)

    @property
    def sign(self) -> bytes:
        return self.keys.public.sign

    @property
    def epoch(self) -> bytes:
        return epoch_name(self.key, STREAM)

    def header(
        self, suite: int = SEALED, seen: Witness = NOTHING_SEEN, succeeds: tuple[bytes, str] | None = None
    ) -> Header:
        return Header(
            suite, ORGANISATION, STREAM, self.epoch if suite == SEALED else NO_EPOCH, self.keys.principal, self.run,
            self.end.n + 1, self.end.hash, stream_seen=seen, succeeds=succeeds,
        )  # fmt: skip

    def seal(self, made: Operation | None = None) -> Entry:
        entry = make(self.header(), encode(made or operation()), self.keys, self.key, _dice.randbytes)
        self.end = ChainEnd(entry.header.n, entry.hash)
        return entry

    def say(self, body: bytes) -> Entry:
        entry = make(self.header(CLEAR), body, self.keys, None, _dice.randbytes)
        self.end = ChainEnd(entry.header.n, entry.hash)
        return entry

    def chain(self, number: int) -> list[Entry]:
        return [self.seal() for _ in range(number)]


def respelt(entry: Entry, **parts: bytes | None) -> bytes:
    """The entry's bytes with some parts exchanged, signature and all else as they were."""
    whole = {
        "header": entry.header_bytes,
        "nonce": entry.nonce,
        "body": entry.body,
        "signature": entry.signature,
    } | parts
    return pack(list(whole.values()))


def start() -> ChainEnd:
    return ChainEnd(0, NO_HASH)


def text(data: bytes) -> str:
    return to_text(data)
