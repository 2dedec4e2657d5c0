"""The access list in the database: read for a batch, let the batch's records count, written back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, delete, select

from goes_mobile.protocol.entry import Entry
from goes_mobile.protocol.epochs import StreamEpochs
from goes_mobile.protocol.ledger import Ledger
from sync_server import access
from sync_server.bulk import insert_rows
from sync_server.feed import chunks
from sync_server.tables import Epoch, EpochGrant, Recipient, tables

_epoch, _grant, _recipient = tables(Epoch, EpochGrant, Recipient)


def take(connection: Connection, ledger: Ledger, accepted: Iterable[Entry], positions: Mapping[bytes, int]) -> None:
    """Derive who is served what from the epochs and grants among these entries; ``positions`` by entry hash."""
    records = [(entry, record) for entry in accepted if (record := access.access_record(entry)) is not None]
    if not records:
        return
    streams = load(connection, ledger.organisation, {entry.header.stream for entry, _ in records})
    for entry, record in records:
        access.take(streams[entry.header.stream], entry, record, ledger, positions[entry.hash])
    store(connection, ledger.organisation, streams)


def load(connection: Connection, organisation: bytes, streams: Collection[bytes]) -> dict[bytes, StreamEpochs]:
    found = {stream: StreamEpochs(stream) for stream in streams}
    e, g, r = _epoch.c, _grant.c, _recipient.c
    for part in chunks(streams):
        epochs = select(e.stream, e.epoch, e.replaced).where(e.organisation == organisation, e.stream.in_(part))
        for stream, epoch, replaced in connection.execute(epochs):
            found[stream].granted[epoch] = set()
            if replaced:
                found[stream].replaced.add(epoch)
        grants = select(g.stream, g.epoch, g.recipient).where(g.organisation == organisation, g.stream.in_(part))
        for stream, epoch, recipient in connection.execute(grants):
            found[stream].granted.setdefault(epoch, set()).add(recipient)
        ended = select(r.stream, r.recipient, r.upto).where(
            r.organisation == organisation, r.stream.in_(part), r.upto.is_not(None)
        )
        for stream, recipient, upto in connection.execute(ended):
            found[stream].ended[recipient] = upto
    return found


def store(connection: Connection, organisation: bytes, streams: dict[bytes, StreamEpochs]) -> None:
    """Write the epochs, the grants and the access list that follows from them."""
    epochs: list[dict[str, Any]] = []
    grants: list[dict[str, Any]] = []
    listed: list[dict[str, Any]] = []
    for stream, known in streams.items():
        key = {"organisation": organisation, "stream": stream}
        epochs += [{**key, "epoch": epoch, "replaced": epoch in known.replaced} for epoch in known.granted]
        grants += [
            {**key, "epoch": epoch, "recipient": to} for epoch, granted in known.granted.items() for to in granted
        ]
        listed += [{**key, "recipient": to, "upto": None} for to in known.recipients()]
        listed += [{**key, "recipient": to, "upto": upto} for to, upto in known.ended.items()]
    for part in chunks(streams):
        for table_ in (_epoch, _grant, _recipient):
            connection.execute(delete(table_).where(table_.c.organisation == organisation, table_.c.stream.in_(part)))
    for table_, rows in ((_epoch, epochs), (_grant, grants), (_recipient, listed)):
        insert_rows(connection, table_, rows)


def recipients(connection: Connection, organisation: bytes, streams: Collection[bytes]) -> set[bytes]:
    """Everybody who is served what comes in any of these streams."""
    found: set[bytes] = set()
    for part in chunks(streams):
        found.update(connection.scalars(
            select(_recipient.c.recipient).distinct().where(
                _recipient.c.organisation == organisation, _recipient.c.stream.in_(part), _recipient.c.upto.is_(None)
            )
        ))  # fmt: skip
    return found
