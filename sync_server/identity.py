"""The server's own secret, and what it proves with it: receipts, challenges, cursors."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

from goes_mobile.protocol.keys import KeyPair, derive
from goes_mobile.protocol.wire import Cursor

_MARK = 16
_HASH = 32


@dataclass(frozen=True)
class Identity:
    """Everything comes from one seed, so a restored server is the same server."""

    keys: KeyPair = field(repr=False)
    secret: bytes = field(repr=False)

    @classmethod
    def of(cls, seed: bytes) -> Identity:
        return cls(KeyPair.from_seed(seed), derive(seed, "server secret"))

    @property
    def id(self) -> bytes:
        return self.keys.principal

    @property
    def sign(self) -> bytes:
        return self.keys.public.sign

    def challenge(self, now_ms: int) -> bytes:
        """Stateless: the server's own time and its mark. No clock but this server's is ever asked."""
        made = now_ms.to_bytes(8, "big")
        return made + self._mark(b"challenge", made)

    def challenge_holds(self, challenge: bytes, now_ms: int, longest_ms: int) -> bool:
        made = challenge[:8]
        if not hmac.compare_digest(challenge, made + self._mark(b"challenge", made)):
            return False
        return abs(now_ms - int.from_bytes(made, "big")) <= longest_ms

    def cursor(self, organisation: bytes, incarnation: bytes, number: int, feed_hash: bytes) -> Cursor:
        """Marked, so that no device can claim a place in the feed that was never given out and so restart it."""
        mark = self._cursor_mark(organisation, incarnation, number, feed_hash)
        return Cursor(incarnation=incarnation, number=number, hash=feed_hash + mark)

    def cursor_feed_hash(self, organisation: bytes, cursor: Cursor) -> bytes | None:
        """The feed hash in a cursor that this server gave out; ``None`` for any other."""
        feed_hash = cursor.hash[:_HASH]
        if not 0 <= cursor.number < 2**63:
            return None
        expected = feed_hash + self._cursor_mark(organisation, cursor.incarnation, cursor.number, feed_hash)
        return feed_hash if hmac.compare_digest(cursor.hash, expected) else None

    def _cursor_mark(self, organisation: bytes, incarnation: bytes, number: int, feed_hash: bytes) -> bytes:
        return self._mark(b"cursor", organisation, incarnation, number.to_bytes(8, "big"), feed_hash)[:_MARK]

    def _mark(self, purpose: bytes, *parts: bytes) -> bytes:
        framed = b"".join(len(part).to_bytes(4, "big") + part for part in (purpose, *parts))
        return hmac.new(self.secret, framed, hashlib.sha256).digest()
