"""Whatever is flipped, lost or swapped in what is stored, the doctor finds it; what is sound is sound."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, delete, select, update

from goes_mobile.protocol import wire
from goes_mobile.protocol.streams import StreamRef
from sync_server import admission, blobs
from sync_server.doctor import MOST_FINDINGS, examine
from sync_server.tables import (
    Audit,
    Blob,
    BlobChunk,
    Chain,
    EntryRow,
    EpochGrant,
    Organisation,
    Recipient,
    ServerKey,
    Stream,
    table,
)
from tests.actors import SITE
from tests.actors import Organisation as Team
from tests.sync_server.counter import Counter

REF = StreamRef("site", SITE)


@pytest.fixture
def filled(counter: Counter) -> Counter:
    """Two organisations with something in them."""
    for _ in range(2):
        team = Team.found()
        anna = team.enrol("outreach")
        counter.found(team)
        counter.push(anna, [anna.open_stream(REF), *anna.notes(REF.id(team.id), 4)])
        counter.push(team.root, [])
        chunks = ((0, bytes(40)), (3, bytes(30)))
        photo = wire.ChunksPut(stream=REF.id(team.id), blob=bytes(16), count=4, chunks=chunks)
        blobs.put(counter.core, counter.token(anna), photo)
        admission.put_delivery_token(counter.core, counter.token(anna), wire.DeliveryToken(hash=bytes(32)))
    return counter


def findings(counter: Counter) -> set[str]:
    return {finding["what"] for finding in examine(counter.core.database).findings}


def flipped(value: Any) -> Any:
    """One bit of it."""
    if isinstance(value, bytes):
        return bytes([*value[:-1], value[-1] ^ 1]) if value else b"\1"
    if value is None:
        return 1
    if isinstance(value, bool):
        return not value
    return value + "x" if isinstance(value, str) else value ^ 1


def test_a_sound_server_is_sound(filled: Counter) -> None:
    report = examine(filled.core.database)
    assert report.findings == []
    assert report.organisations == 2
    assert report.entries == 2 * (12 + 5)
    assert report.chains > 4


def one_row(connection: Connection, of: Any) -> Any:
    """A row from the middle."""
    rows = connection.execute(select(of).order_by(*of.primary_key)).all()
    return rows[len(rows) // 2]


def key_of(of: Any, row: Any) -> Any:
    return [column == getattr(row, column.name) for column in of.primary_key]


FLIPS = [
    (kind, column.name)
    for kind in (EntryRow, Stream, Chain, Audit, Recipient, EpochGrant, Blob, BlobChunk)
    for column in table(kind).columns
    if column.name != "organisation"
] + [
    (Organisation, name)
    for name in ("number", "feed_hash", "incarnation", "control_position", "audit_number", "audit_hash")
] + [(ServerKey, "seed"), (ServerKey, "server_id")]  # fmt: skip


@pytest.mark.parametrize(("kind", "column"), FLIPS, ids=[f"{kind.__tablename__}.{column}" for kind, column in FLIPS])
def test_a_flipped_bit_is_found(filled: Counter, kind: Any, column: str) -> None:
    of = table(kind)
    with filled.core.database.write() as connection:
        row = one_row(connection, of)
        connection.execute(update(of).where(*key_of(of, row)).values({column: flipped(getattr(row, column))}))
    assert findings(filled)


@pytest.mark.parametrize("kind", [EntryRow, Stream, Chain, Audit, Recipient, EpochGrant, Blob])
def test_a_lost_row_is_found(filled: Counter, kind: Any) -> None:
    of = table(kind)
    with filled.core.database.write() as connection:
        connection.execute(delete(of).where(*key_of(of, one_row(connection, of))))
    assert findings(filled)


def test_every_bit_of_an_entry_counts(filled: Counter) -> None:
    """Also those of a signature inside a chain, which a later one covers."""
    entry = table(EntryRow)
    with filled.core.database.read() as connection:
        row = one_row(connection, entry)
    for place in range(0, len(row.raw), 7):
        broken = bytearray(row.raw)
        broken[place] ^= 1 << (place % 8)
        with filled.core.database.write() as connection:
            connection.execute(update(entry).where(*key_of(entry, row)).values(raw=bytes(broken)))
        assert findings(filled), place


def test_two_swapped_entries_are_found(filled: Counter) -> None:
    """Bytes that are sound in themselves, in the wrong place."""
    entry = table(EntryRow)
    with filled.core.database.write() as connection:
        rows = connection.execute(select(entry).order_by(entry.c.organisation, entry.c.number)).all()
        first, second = rows[3], rows[4]
        for place, other in ((first, second), (second, first)):
            values = {"raw": other.raw, "checksum": other.checksum, "received_ms": other.received_ms}
            connection.execute(update(entry).where(*key_of(entry, place)).values(values))
    assert "entry" in findings(filled)


def test_a_great_damage_is_not_a_great_report(filled: Counter) -> None:
    with filled.core.database.write() as connection:
        connection.execute(update(table(EntryRow)).values(raw=b"?", checksum=0))
    assert len(examine(filled.core.database).findings) <= MOST_FINDINGS
