"""What a server can do that wants to deceive: with the bytes it keeps, and with the answers it gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from goes_mobile.protocol import clear, wire
from goes_mobile.protocol.entry import CLEAR, Entry, Header, decode, make, running
from goes_mobile.protocol.keys import KeyPair
from goes_mobile.protocol.packing import pack
from goes_mobile.protocol.problems import problem
from tests.fakes.server import Feed, Stored

Answer = wire.PullAnswer | wire.BackfillAnswer
Remote = wire.RemoteEntry


def smuggle(feed: Feed, entry: Entry, now_ms: int) -> Stored:
    """Into the feed without asking anybody: what an honest server would refuse, or has already."""
    stream = feed.stream(entry.header.stream)
    stored = Stored(len(feed.log) + 1, len(stream.entries) + 1, now_ms, entry)
    feed.log.append(stored)
    feed.hashes.append(feed.hashes[-1] + entry.hash)
    stream.entries.append(stored)
    stream.running.append(running(stream.running[-1], entry.hash, stored.position))
    return stored


def signed(record: clear.Clear, organisation: bytes, stream: bytes, author: KeyPair, device: bytes = b"") -> Entry:
    """A record of a device that the server has thought up; ``device``: whom it pretends to be."""
    header = Header(CLEAR, organisation, stream, bytes(16), device or author.principal, bytes(8), 1, bytes(32))
    return make(header, clear.encode(record), author)


def with_body(raw: bytes, body: bytes | None) -> bytes:
    """The same header and signature around something else; ``None``: around nothing."""
    entry = decode(raw)
    if body is None:
        return entry.redacted()
    return pack([entry.header_bytes, entry.nonce, body, entry.signature])


def as_clear(raw: bytes, plaintext: bytes) -> bytes:
    """The entry as if its author had not sealed it."""
    entry = decode(raw)
    h = entry.header
    header = Header(CLEAR, h.organisation, h.stream, bytes(16), h.device, h.run, h.n, h.previous, h.stream_seen)
    return pack([header.encode(), entry.nonce, plaintext, entry.signature])


def on_entries(change: Callable[[tuple[Remote, ...]], tuple[Remote, ...]]) -> Callable[[str, Any], Any]:
    """A wire's hook that changes the entries of every answer that has some."""

    def hook(method: str, answer: Any) -> Any:
        if method not in ("pull", "backfill"):
            return answer
        return answer.model_copy(update={"entries": change(answer.entries)})

    return hook


def without(entry_hash: bytes) -> Callable[[str, Any], Any]:
    return on_entries(lambda entries: tuple(item for item in entries if decode(item[3]).hash != entry_hash))


def instead(entry_hash: bytes, other: Callable[[bytes], bytes]) -> Callable[[str, Any], Any]:
    """Other bytes in the place of one entry."""

    def change(entries: tuple[Remote, ...]) -> tuple[Remote, ...]:
        return tuple((*item[:3], other(item[3]) if decode(item[3]).hash == entry_hash else item[3]) for item in entries)

    return on_entries(change)


@dataclass
class Liar:
    """Lies at random, on the wire of one device. ``told`` are the lies that changed an answer."""

    random: Random
    honest: bool = False
    told: list[str] = field(default_factory=list)

    def __call__(self, method: str, answer: Any) -> Any:
        if self.honest or self.random.random() > 0.4:
            return answer
        if method in ("hello", "open_session") and self.random.random() < 0.2:
            self.told.append("revoked")
            raise problem("revoked")
        lies = self._lies(answer) if method in ("pull", "backfill") and answer.entries else {}
        if not lies:
            return answer
        name = self.random.choice(sorted(lies))
        changed = lies[name]()
        if changed != answer:
            self.told.append(name)
        return changed

    def _lies(self, answer: Answer) -> dict[str, Callable[[], Answer]]:
        at = self.random.randrange(len(answer.entries))
        entries = list(answer.entries)
        chosen = entries[at]

        def put(*items: Remote) -> Answer:
            return answer.model_copy(update={"entries": (*entries[:at], *items, *entries[at + 1 :])})

        def forge() -> Answer:
            body = bytearray(decode(chosen[3]).body or b"?")
            body[-1] ^= 1
            return put((*chosen[:3], with_body(chosen[3], bytes(body))))

        def reorder() -> Answer:
            raws = [item[3] for item in entries]
            self.random.shuffle(raws)
            mixed = tuple((*item[:3], raw) for item, raw in zip(entries, raws, strict=True))
            return answer.model_copy(update={"entries": mixed})

        def swap() -> Answer:
            other = decode(self.random.choice(entries)[3])
            return put((*chosen[:3], with_body(chosen[3], other.body)))

        return {
            "drop": put, "empty": lambda: put((*chosen[:3], with_body(chosen[3], None))), "forge": forge,
            "reorder": reorder, "swap": swap, "garbage": lambda: put((*chosen[:3], b"kein Eintrag")),
        }  # fmt: skip
