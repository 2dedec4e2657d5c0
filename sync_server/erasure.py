"""Released orders carried out on the server: bodies go, what proves the chains stays.

An entry keeps header, nonce, the hash of its body and its signature, so numbering, running hashes and chains verify as
before. What comes later for an erased stream, from a device that had not heard, is stripped on arrival.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from goes_mobile.protocol.clear import Order
from goes_mobile.protocol.entry import Entry, decode
from goes_mobile.protocol.ledger import Ledger, OrderState
from sync_server import feed
from sync_server.batch import ordered
from sync_server.database import Database
from sync_server.organisations import write_down
from sync_server.tables import Blob, BlobChunk, EntryRow, Epoch, EpochGrant, Recipient, tables

_entry, _epoch, _grant, _recipient = tables(EntryRow, Epoch, EpochGrant, Recipient)
_blob, _chunk = tables(Blob, BlobChunk)
EVENTS = {"erase": "stream_erased", "redact": "entries_redacted"}


def stripped(ledger: Ledger, accepted: Iterable[Entry]) -> list[Entry]:
    """What came, without the bodies that an order takes away."""
    return [
        decode(entry.redacted()) if entry.body is not None and ordered(ledger, entry) else entry for entry in accepted
    ]


def _drop_blobs(connection: Connection, organisation: bytes, order: Order) -> bool:
    """Photos and documents, begun or whole: of an erased stream all, else those that the order names."""
    dropped = 0
    for table in (_blob, _chunk):
        which = (table.c.organisation == organisation) & (table.c.stream == order.stream)
        if order.action == "redact":
            which &= table.c.blob.in_(list(order.entries))
        dropped += connection.execute(delete(table).where(which)).rowcount
    return dropped > 0


def carry_out(connection: Connection, ledger: Ledger, orders: Sequence[OrderState], now_ms: int) -> None:
    """Take the bodies, and of an erased stream the keys' access list too. Doing it again changes nothing."""
    for state in orders:
        taken = _take_bodies(connection, ledger, state)
        dropped = _drop_blobs(connection, ledger.organisation, state.order)
        if state.order.action == "erase":
            for table_ in (_epoch, _grant, _recipient):
                connection.execute(delete(table_).where(
                    table_.c.organisation == ledger.organisation, table_.c.stream == state.order.stream
                ))  # fmt: skip
        if taken or dropped:
            releaser = ledger.principals[state.released_by or b""]
            event = EVENTS[state.order.action]
            write_down(connection, ledger.organisation, event, now_ms, releaser.id, releaser.member)
    if orders and connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA user_version=1")  # in this transaction: a crash leaves it to be done


def _take_bodies(connection: Connection, ledger: Ledger, state: OrderState) -> int:
    e, order = _entry.c, state.order
    here = (e.organisation == ledger.organisation) & (e.stream == order.stream)
    if order.action == "redact":
        here &= e.hash.in_(list(order.entries))
    without: list[dict[str, Any]] = []
    for row in connection.execute(select(e.number, e.received_ms, e.raw).where(here)).all():
        entry = decode(row.raw)
        if entry.body is not None:
            raw = entry.redacted()
            check = feed.checksum(raw, row.received_ms)
            without.append({"at": row.number, "raw": raw, "checksum": check})
    if without:
        connection.execute(
            update(_entry)
            .where(e.organisation == ledger.organisation, e.number == bindparam("at"))
            .values(raw=bindparam("raw"), checksum=bindparam("checksum")),
            without,
        )
    return len(without)


def scrub(database: Database) -> None:
    """Leave nothing of it in free pages or in the log, if anything was carried out since the last time.

    PostgreSQL keeps old pages until its operator has them written anew (docs/Betrieb.md). What cannot be done now (a
    full disk) is done at the next start.
    """
    if database.shared:
        return
    with database.engine.connect() as connection:
        file: Any = connection.connection.driver_connection
        if file.execute("PRAGMA user_version").fetchone() == (0,):
            return
        with contextlib.suppress(sqlite3.Error):
            file.execute("VACUUM")
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()  # the new pages reach the file itself
            file.execute("PRAGMA user_version=0")
