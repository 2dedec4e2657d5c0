"""What a move leaves behind: the old copy is asked to be redacted, and what comes late to it goes along first.

The device that moved a record sees to it, for as long as others may still write to the old copy unaware.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from goes_mobile.protocol.merge import merge
from goes_mobile.records.presets import preset
from goes_mobile.store.blobs import named_by
from goes_mobile.store.writing import lives

if TYPE_CHECKING:
    from goes_mobile.store.authoring import Authoring

_MOVED = "moved_records"
"""Sealed setting: (kind, id, when) of records that were moved here."""
_DAY_MS = 86_400_000


def remember(store: Authoring, records: Sequence[tuple[str, str]]) -> None:
    """Inside the transaction that moves them."""
    if records:
        now = store.now_ms()
        store.set_personal(_MOVED, [*store.personal(_MOVED, []), *([kind, record, now] for kind, record in records)])


def follow(store: Authoring, named: Collection[bytes]) -> dict[bytes, list[bytes]]:
    """The entries of old copies, by stream, whose redaction nobody has asked for yet (``named`` are those of orders).
    What was late in them is in its new place when this returns."""
    found: dict[bytes, list[bytes]] = {}
    for kind, record in _remembered(store):
        operations = store.projection.operations(kind, record)
        current = merge(item.dated() for item in operations) if operations else None
        ref = lives(kind, current) if current is not None else None
        if current is None or ref is None:
            continue
        home, named_blobs = ref.id(store.organisation), named_by(kind, (item.operation for item in operations))
        if home not in {item.stream for item in operations}:
            continue
        if not all(store.blobs.at_server(home, blob) for blob in named_blobs):
            continue  # the old copy of a document may be the only one there is
        left = [item for item in operations if item.stream not in {home, *store.ledger.erased}]
        old = [(item, entry) for item in left if (entry := store.journal.hash_of(item.seq)) not in named]
        standing = {version.op for versions in current.candidates.values() for version in versions}
        store.forward([item.operation for item, _ in old if item.operation.op in standing], current, ref)
        for item, entry in old:
            found.setdefault(item.stream, []).append(entry)
        for stream in {item.stream for item, _ in old}:
            found[stream] += named_blobs
    return found


def _remembered(store: Authoring) -> list[tuple[str, str]]:
    """Each record once. After two leases every device has had contact, or has ended: nothing comes late any more."""
    kept: list[tuple[str, str, int]] = store.personal(_MOVED, [])
    oldest = store.now_ms() - 2 * preset(store.identity.preset).lease_days * _DAY_MS
    if any(at < oldest for _, _, at in kept):
        kept = [item for item in kept if item[2] >= oldest]
        store.set_personal(_MOVED, kept)
    return [*dict.fromkeys((kind, record) for kind, record, _ in kept)]
