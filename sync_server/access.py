"""Who is served which stream: the live grants are the access list.

Which epochs and grants count is the protocol's rule (`StreamEpochs`), the same for server and readers. The server
judges when an entry arrives: a device that is revoked by then may still have begun a stream (what it wrote late is
delivered and held for a decision), but lets nobody in or out any more. Whoever is let out is served up to the record
that says so: it was meant for them too, and without it they could not know.
"""

from __future__ import annotations

from goes_mobile.protocol import clear
from goes_mobile.protocol.entry import CLEAR, Entry
from goes_mobile.protocol.epochs import StreamEpochs
from goes_mobile.protocol.ledger import Ledger
from goes_mobile.protocol.problems import Malformed
from goes_mobile.protocol.streams import GroupRef


def take(epochs: StreamEpochs, entry: Entry, record: clear.Epoch | clear.Grant, ledger: Ledger,
         position: int) -> None:  # fmt: skip
    """Let a record count, if its author may say so now."""
    author = ledger.principals.get(entry.header.device)
    if author is not None and (author.active or not epochs.granted):
        epochs.take(record, author, ledger, position)


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
