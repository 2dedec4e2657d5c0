"""Who is served which stream: the live grants are the access list.

A stream's first epoch record may come from any device of the organisation, also from one revoked since: what it wrote
late is delivered and held for a decision. Later epochs and grants count only if their author had access then.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from goes_mobile.protocol import clear
from goes_mobile.protocol.entry import CLEAR, Entry
from goes_mobile.protocol.ledger import Ledger, Principal
from goes_mobile.protocol.problems import Malformed
from goes_mobile.protocol.streams import GroupRef


@dataclass
class StreamAccess:
    """One stream's epochs: to whom each was granted, and which are replaced (also before they are seen)."""

    granted: dict[bytes, set[bytes]] = field(default_factory=dict)
    replaced: set[bytes] = field(default_factory=set)

    def recipients(self) -> set[bytes]:
        """Groups and principals that hold a live epoch."""
        return {to for epoch, granted in self.granted.items() if epoch not in self.replaced for to in granted}

    def take(self, record: clear.Epoch | clear.Grant, author: Principal, names: Collection[bytes]) -> None:
        """Let a record count, if its author, known under these names, may say so."""
        first = not self.granted and isinstance(record, clear.Epoch) and author.sort == "device"
        if not first and self.recipients().isdisjoint(names):
            return
        if isinstance(record, clear.Epoch):
            self.replaced.update(record.replaces)
            self.granted.setdefault(record.epoch, set())
        if record.epoch in self.granted:
            self.granted[record.epoch].update(grant.to for grant in record.grants)


def names(ledger: Ledger, principal: bytes) -> frozenset[bytes]:
    """Under which names a principal may be a recipient: itself and its groups; the sheet's root reads for recovery."""
    known = ledger.principals.get(principal)
    if known is None or not known.active:
        return frozenset()
    mine = {principal, *ledger.groups_of(principal)}
    if known.sort == "root":
        mine.add(GroupRef("recovery").id(ledger.organisation))
    return frozenset(mine)


def access_record(entry: Entry) -> clear.Epoch | clear.Grant | None:
    """The epoch or grant that an entry says about its own stream, if it does."""
    if entry.header.suite != CLEAR or entry.body is None:
        return None
    try:
        record = clear.decode(entry.body)
    except Malformed:
        return None
    if isinstance(record, clear.Epoch | clear.Grant) and record.owner == entry.header.stream:
        return record
    return None
