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


def _drop_blobs(connection: Connection, organisation: bytes, stream: bytes) -> None:
    """Every photo and document of a stream, begun or whole."""
    for table in (_blob, _chunk):
        connection.execute(delete(table).where(table.c.organisation == organisation, table.c.stream == stream))


def carry_out(connection: Connection, ledger: Ledger, orders: Sequence[OrderState], now_ms: int) -> None:
    """Take the bodies, and of an erased stream the keys' access list too. Doing it again changes nothing."""
    for state in orders:
        taken = _take_bodies(connection, ledger, state)
        if state.order.action == "erase":
            _drop_blobs(connection, ledger.organisation, state.order.stream)
            for table_ in (_epoch, _grant, _recipient):
                connection.execute(delete(table_).where(
                    table_.c.organisation == ledger.organisation, table_.c.stream == state.order.stream
                ))  # fmt: skip
        if taken:
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

    PostgreSQL uses the space again by itself. What cannot be done now (a full disk) is done at the next start.
    """
    if database.shared:
        return
    with database.engine.connect() as connection:
        file: Any = connection.connection.driver_connection
        if file.execute("PRAGMA user_version").fetchone() == (0,):
            return
        with contextlib.suppress(sqlite3.Error):
            file.execute("VACUUM")
            file.execute("PRAGMA user_version=0")
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
