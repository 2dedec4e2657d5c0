"""The access list in the database: read for a batch, let the batch's records count, written back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from sqlalchemy import Connection, delete, select

from goes_mobile.protocol.entry import Entry
from goes_mobile.protocol.ledger import Ledger
from sync_server.access import StreamAccess, access_record
from sync_server.bulk import insert_rows
from sync_server.feed import chunks
from sync_server.tables import Epoch, EpochGrant, Recipient, tables

_epoch, _grant, _recipient = tables(Epoch, EpochGrant, Recipient)
Names = Callable[[bytes], Collection[bytes]]


def take(connection: Connection, organisation: bytes, ledger: Ledger, names: Names, accepted: Iterable[Entry]) -> None:
    """Derive who is served what from the epochs and grants among these entries."""
    records = [(entry, record) for entry in accepted if (record := access_record(entry)) is not None]
    if not records:
        return
    access = load(connection, organisation, {entry.header.stream for entry, _ in records})
    for entry, record in records:
        author = ledger.principals.get(entry.header.device)
        if author is not None:
            access[entry.header.stream].take(record, author, names(author.id))
    store(connection, organisation, access)


def load(connection: Connection, organisation: bytes, streams: Collection[bytes]) -> dict[bytes, StreamAccess]:
    access = {stream: StreamAccess() for stream in streams}
    for part in chunks(streams):
        for table_, columns in ((_epoch, ("epoch", "counted", "replaced")), (_grant, ("epoch", "recipient"))):
            rows = connection.execute(
                select(table_.c.stream, *(table_.c[name] for name in columns)).where(
                    table_.c.organisation == organisation, table_.c.stream.in_(part)
                )
            )
            for row in rows:
                _remember(access[row.stream], row._mapping)
    return access


def _remember(known: StreamAccess, row: Any) -> None:
    if "recipient" in row:
        known.granted.setdefault(row["epoch"], set()).add(row["recipient"])
        return
    if row["counted"]:
        known.granted.setdefault(row["epoch"], set())
    if row["replaced"]:
        known.replaced.add(row["epoch"])


def store(connection: Connection, organisation: bytes, access: dict[bytes, StreamAccess]) -> None:
    """Write the epochs, the grants and the access list that follows from them."""
    epochs: list[dict[str, Any]] = []
    grants: list[dict[str, Any]] = []
    recipients: list[dict[str, Any]] = []
    for stream, known in access.items():
        key = {"organisation": organisation, "stream": stream}
        for epoch in known.granted.keys() | known.replaced:
            counted, replaced = epoch in known.granted, epoch in known.replaced
            epochs.append({**key, "epoch": epoch, "counted": counted, "replaced": replaced})
        grants += [
            {**key, "epoch": epoch, "recipient": to} for epoch, granted in known.granted.items() for to in granted
        ]
        recipients += [{**key, "recipient": to} for to in known.recipients()]
    for part in chunks(access):
        for table_ in (_epoch, _grant, _recipient):
            connection.execute(delete(table_).where(table_.c.organisation == organisation, table_.c.stream.in_(part)))
    for table_, rows in ((_epoch, epochs), (_grant, grants), (_recipient, recipients)):
        insert_rows(connection, table_, rows)


def recipients(connection: Connection, organisation: bytes, streams: Collection[bytes]) -> set[bytes]:
    """Everybody who is served any of these streams."""
    found: set[bytes] = set()
    for part in chunks(streams):
        found.update(connection.scalars(
            select(_recipient.c.recipient).distinct().where(
                _recipient.c.organisation == organisation, _recipient.c.stream.in_(part)
            )
        ))  # fmt: skip
    return found
