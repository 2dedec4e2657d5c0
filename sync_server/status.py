"""What an operator sees: counts, sizes, when each device was last heard of. Ids only; there is nothing else here."""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy import Connection, func, select, text

from sync_server.database import Database
from sync_server.identity import Identity
from sync_server.organisations import Organisations
from sync_server.tables import Chain, Contact, EntryRow, Organisation, ServerKey, SetupToken, Stream, tables

_organisation, _entry, _stream, _chain, _contact, _server_key, _setup = tables(
    Organisation, EntryRow, Stream, Chain, Contact, ServerKey, SetupToken
)


def status(database: Database) -> dict[str, Any]:
    with database.read(one_moment=True) as connection:
        seed = connection.scalar(select(_server_key.c.seed))
        ids = connection.scalars(select(_organisation.c.id).order_by(_organisation.c.id)).all()
        return {
            "server_id": Identity.of(seed or b"").id.hex(),
            "database": "postgresql" if database.shared else "sqlite",
            "bytes": _size(database, connection),
            "open_setup_tokens": _count(connection, _setup, _setup.c.used_by.is_(None)),
            "organisations": [_of(connection, organisation) for organisation in ids],
        }


def _of(connection: Connection, organisation: bytes) -> dict[str, Any]:
    row, known = Organisations().get(connection, organisation)
    c = _contact.c
    rows = connection.execute(select(c.device, c.at_ms).where(c.organisation == organisation))
    contacts = {row.device: row.at_ms for row in rows}
    size = connection.scalar(
        select(func.coalesce(func.sum(func.length(_entry.c.raw)), 0)).where(_entry.c.organisation == organisation)
    )
    devices = known.ledger.devices()
    return {
        "organisation": organisation.hex(),
        "entries": row.number,
        "entry_bytes": int(size or 0),
        "streams": _count(connection, _stream, _stream.c.organisation == organisation),
        "chains": _count(connection, _chain, _chain.c.organisation == organisation),
        "incarnation": row.incarnation.hex(),
        "awaiting_control": row.awaiting_control,
        "audit_lines": row.audit_number,
        "devices": [
            {
                "device": device.id.hex(),
                "role": device.role,
                "active": device.active,
                "last_contact": _moment(contacts.get(device.id)),
            }
            for device in devices
        ],
    }


def _moment(at_ms: int | None) -> str | None:
    if at_ms is None:
        return None
    return datetime.datetime.fromtimestamp(at_ms / 1000, datetime.UTC).isoformat(timespec="seconds")


def _count(connection: Connection, of: Any, where: Any) -> int:
    return connection.scalar(select(func.count()).select_from(of).where(where)) or 0


def _size(database: Database, connection: Connection) -> int:
    question = (
        "SELECT pg_database_size(current_database())"
        if database.shared
        else "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    )
    return int(connection.scalar(text(question)) or 0)
