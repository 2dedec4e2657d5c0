"""Who may read a stream: its live grants are the access list."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from goes_mobile.protocol import clear
from goes_mobile.protocol.entry import decode
from goes_mobile.protocol.epochs import StreamEpochs
from goes_mobile.protocol.ids import to_text
from goes_mobile.protocol.problems import GoesError
from goes_mobile.protocol.streams import StreamRef

if TYPE_CHECKING:
    from goes_mobile.store.asking import Asking


@dataclass(frozen=True, slots=True)
class Reader:
    """A group that holds the key: its type, the site it belongs to, and the members whose devices are in it."""

    group: str
    site: str
    members: tuple[str, ...]


def of_person(store: Asking, person: str) -> list[Reader]:
    """The groups that a young person's stream is granted to now, as certified."""
    ledger, stream = store.ledger, StreamRef("person", person).id(store.organisation)
    epochs = StreamEpochs(stream)
    for row in store.journal.clear_rows(stream):
        with contextlib.suppress(GoesError):
            entry = decode(row.raw)
            record = clear.decode(entry.body or b"")
            author = ledger.principals.get(entry.header.device)
            if author is not None and isinstance(record, clear.Epoch | clear.Grant):
                epochs.take(record, author, ledger)
    readers = []
    for recipient in sorted({to for epoch in epochs.live() for to in epochs.granted[epoch]}):
        group = ledger.groups.get(recipient)
        if group is not None:
            holders = [ledger.principals[holder] for holder in ledger.holders(recipient)]
            members = sorted({to_text(p.member) for p in holders if p.sort == "device"})
            readers.append(Reader(group.ref.type, group.ref.subject, tuple(members)))
    return readers
