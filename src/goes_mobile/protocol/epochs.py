"""Which of a stream's keys one may seal under: those that somebody with access made, and that nobody replaced.

To *open*, any key will do whose name it bears: an entry still needs its author's signature and role. To *seal*, a key
that a stranger slipped into the stream would tell the stranger everything; so the reader asks the same of an epoch's
author as the server does before it serves a stream.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from goes_mobile.protocol import clear
from goes_mobile.protocol.ledger import Ledger, Principal
from goes_mobile.protocol.roles import who_may
from goes_mobile.protocol.streams import GroupRef, StreamRef


@dataclass
class StreamEpochs:
    """One stream's epochs that count, from its records in the order of the stream. ``mine`` are our own device's: where
    no other counts (somebody else's file, a key we were not granted) they are what we have."""

    stream: bytes
    device: bytes = b""
    mine: set[bytes] = field(default_factory=set)
    granted: dict[bytes, set[bytes]] = field(default_factory=dict)
    replaced: set[bytes] = field(default_factory=set)
    ended: dict[bytes, int | None] = field(default_factory=dict)
    """Whom a live epoch reached and none does any more, with the position of the epoch that ended it."""

    def take(self, record: clear.Epoch | clear.Grant, author: Principal, ledger: Ledger,
             position: int | None = None) -> bool:  # fmt: skip
        """Let a record count if its author may say so; whether it does. ``position`` is its place in the stream."""
        before = self.recipients()
        if not self._take(record, author, ledger):
            return False
        now = self.recipients()
        self.ended.update(dict.fromkeys(before - now, position))
        for to in self.ended.keys() & now:
            del self.ended[to]
        return True

    def _take(self, record: clear.Epoch | clear.Grant, author: Principal, ledger: Ledger) -> bool:
        if record.owner != self.stream:
            return False
        if isinstance(record, clear.Epoch) and author.id == self.device:
            self.mine.add(record.epoch)
        if isinstance(record, clear.Epoch):
            if not (self._may_begin(author, ledger) if not self.granted else self.reaches(author, ledger)):
                return False
            if record.epoch not in self.granted:  # only what was there before can be replaced: one is always live
                self.replaced.update(self.granted.keys() & set(record.replaces))
            self.granted.setdefault(record.epoch, set())
        elif record.epoch not in self.granted or not self.reaches(author, ledger):
            return False
        self.granted[record.epoch].update(grant.to for grant in record.grants)
        return True

    def live(self) -> set[bytes]:
        """The epochs that count and that no other replaces."""
        return self.granted.keys() - self.replaced

    def recipients(self) -> set[bytes]:
        """Groups and principals to whom a live epoch was granted: the access list."""
        return {to for epoch in self.live() for to in self.granted[epoch]}

    def sealable(self, held: Collection[bytes]) -> set[bytes]:
        """The held epochs to seal under."""
        return (self.live() & set(held)) or (self.mine & set(held)) - self.replaced

    def _may_begin(self, author: Principal, ledger: Ledger) -> bool:
        """A young person's stream is begun by whoever first writes about them: nobody else can know its id. The streams
        of the organisation and its sites have ids that anybody can work out."""
        if author.sort != "device":
            return False
        ref = _shared(self.stream, ledger)
        return ref is None or author.role in who_may("renew_keys") or ledger.entitled(author, ref)

    def reaches(self, author: Principal, ledger: Ledger) -> bool:
        """Whether a live epoch was granted to the author, or to a group that the author was ever let into."""
        recipients = self.recipients()
        return author.id in recipients or not recipients.isdisjoint(ledger.ever_in(author.id))


def _shared(stream: bytes, ledger: Ledger) -> GroupRef | None:
    """The group that a stream other than a young person's belongs to."""
    for group in ledger.groups.values():
        ref = group.ref
        if ref.type != "recovery" and StreamRef(ref.type, ref.subject).id(ledger.organisation) == stream:
            return ref
    return None
