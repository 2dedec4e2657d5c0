"""Who may read a stream: its live grants are the access list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from goes_mobile.protocol.ids import to_text
from goes_mobile.protocol.streams import StreamRef
from goes_mobile.store.closing import epochs_of

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
    readers = []
    for recipient in sorted(epochs_of(store.journal, ledger, stream).recipients()):
        group = ledger.groups.get(recipient)
        if group is not None:
            holders = [ledger.principals[holder] for holder in ledger.holders(recipient)]
            members = sorted({to_text(p.member) for p in holders if p.sort == "device"})
            readers.append(Reader(group.ref.type, group.ref.subject, tuple(members)))
    return readers
