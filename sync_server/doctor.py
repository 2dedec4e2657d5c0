"""Verifies what is stored: numbering, running hashes, chains and their signatures, access list, audit log.

Everything can be computed again from the entries themselves, so a flipped bit has nowhere to hide.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, select, text, true

from goes_mobile.protocol.entry import ChainEnd, ChainId, Entry, decode, running
from goes_mobile.protocol.epochs import StreamEpochs
from goes_mobile.protocol.ledger import Ledger
from goes_mobile.protocol.problems import Malformed
from goes_mobile.protocol.streams import CONTROL
from sync_server import access, audit, blobs, grants
from sync_server.database import Database
from sync_server.feed import checksum
from sync_server.identity import Identity
from sync_server.tables import (
    Audit,
    Blob,
    BlobChunk,
    Chain,
    EntryRow,
    Organisation,
    Recipient,
    ServerKey,
    Stream,
    tables,
)

_organisation, _entry, _stream, _chain = tables(Organisation, EntryRow, Stream, Chain)
_audit, _recipient, _server_key = tables(Audit, Recipient, ServerKey)
_blob, _blob_chunk = tables(Blob, BlobChunk)
MOST_FINDINGS = 100


@dataclass
class Report:
    """``findings`` are what does not verify, the first hundred of them."""

    organisations: int = 0
    entries: int = 0
    chains: int = 0
    findings: list[dict[str, Any]] = field(default_factory=list)

    def found(self, what: str, organisation: bytes = b"", **where: Any) -> None:
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append({"what": what, "organisation": organisation.hex(), **where})


def examine(database: Database, organisation: bytes | None = None) -> Report:
    """All of it, or one organisation's part."""
    report = Report()
    with database.read(one_moment=True) as connection:
        if not database.shared:
            for (said,) in connection.execute(text("PRAGMA integrity_check")):
                if said != "ok":
                    report.found("database_file")
        key = connection.execute(select(_server_key)).one()
        if Identity.of(key.seed).id != key.server_id:
            report.found("server_key")
        chosen = _organisation.c.id == organisation if organisation else true()
        for row in connection.execute(select(_organisation).where(chosen).order_by(_organisation.c.id)).all():
            report.organisations += 1
            _Examination(connection, row, report).run()
    return report


@dataclass
class _Link:
    """Where a chain stands while the feed is read; ``tail`` is its last entry, whose signature covers all before it."""

    end: ChainEnd
    tail: Entry


class _Examination:
    """One organisation's."""

    def __init__(self, connection: Connection, row: Row[Any], report: Report) -> None:
        self._connection = connection
        self._row = row
        self._report = report
        self._control = CONTROL.id(row.id)
        self._ledger = Ledger(row.id)
        self._chains: dict[ChainId, _Link] = {}
        self._heads: dict[bytes, tuple[int, bytes]] = defaultdict(lambda: (0, b""))
        self._epochs: dict[bytes, StreamEpochs] = {}

    def run(self) -> None:
        if not self._row.incarnations.endswith(self._row.incarnation):
            self._found("incarnation")
        self._read_feed()
        self._check_signatures()
        self._check_ends()
        self._check_access()
        self._check_blobs()
        self._check_audit()

    def _found(self, what: str, **where: Any) -> None:
        self._report.found(what, self._row.id, **where)

    def _rows(self) -> Iterator[Row[Any]]:
        statement = select(_entry).where(_entry.c.organisation == self._row.id).order_by(_entry.c.number)
        yield from self._connection.execute(statement.execution_options(yield_per=1000))

    def _read_feed(self) -> None:
        number, feed_hash = 0, bytes(32)
        for row in self._rows():
            number += 1
            self._report.entries += 1
            feed_hash = hashlib.sha256(feed_hash + row.hash).digest()
            if row.number != number:
                self._found("numbering", number=row.number)
                number = row.number
            if row.feed_hash != feed_hash:
                self._found("feed_hash", number=row.number)
                feed_hash = row.feed_hash
            self._check_place(row)
            self._check_entry(row)
        if (number, feed_hash) != (self._row.number, self._row.feed_hash):
            self._found("counter", number=number)

    def _check_place(self, row: Row[Any]) -> None:
        position, before = self._heads[row.stream]
        if row.position != position + 1 or row.running != running(before, row.hash, row.position):
            self._found("running_hash", number=row.number)
        self._heads[row.stream] = (row.position, row.running)

    def _check_entry(self, row: Row[Any]) -> None:
        if row.checksum != checksum(row.raw, row.received_ms):
            self._found("checksum", number=row.number)
        try:
            entry = decode(row.raw)
        except Malformed:
            self._found("entry", number=row.number)
            return
        h = entry.header
        said = (h.organisation, h.stream, h.device, h.run, h.n, entry.hash)
        if said != (row.organisation, row.stream, row.device, row.run, row.n, row.hash):
            self._found("entry", number=row.number)
            return
        link = self._chains.get(h.chain)
        end = link.end if link else ChainEnd()
        if h.n != end.n + 1 or h.previous != end.hash:
            self._found("chain", number=row.number)
        if h.stream == self._control:
            self._ledger.apply(entry, row.position)
        elif (record := access.access_record(entry)) is not None:
            access.take(self._epochs.setdefault(h.stream, StreamEpochs(h.stream)), entry, record, self._ledger,
                        row.position)  # fmt: skip
        self._chains[h.chain] = _Link(ChainEnd(h.n, entry.hash), entry)

    def _check_signatures(self) -> None:
        """One for each chain: its last entry covers the others."""
        for link in self._chains.values():
            self._report.chains += 1
            principal = self._ledger.principals.get(link.tail.header.device)
            if principal is None or not link.tail.signed_by(principal.sign):
                self._found("signature", device=link.tail.header.device.hex(), n=link.tail.header.n)

    def _check_ends(self) -> None:
        c, s = _chain.c, _stream.c
        chains = {
            ChainId(row.stream, row.device, row.run): ChainEnd(row.n, row.hash)
            for row in self._connection.execute(select(_chain).where(c.organisation == self._row.id))
        }
        if chains != {chain: link.end for chain, link in self._chains.items()}:
            self._found("chain_ends")
        heads = {
            row.stream: (row.position, row.running)
            for row in self._connection.execute(select(_stream).where(s.organisation == self._row.id))
        }
        if heads != dict(self._heads) or heads.get(self._control, (0, b""))[0] != self._row.control_position:
            self._found("stream_heads")

    def _check_access(self) -> None:
        stored: dict[bytes, dict[bytes, int | None]] = defaultdict(dict)
        for row in self._connection.execute(select(_recipient).where(_recipient.c.organisation == self._row.id)):
            stored[row.stream][row.recipient] = row.upto
        kept = grants.load(self._connection, self._row.id, list(self._epochs))
        for stream in stored.keys() | self._epochs.keys():
            granted = kept.get(stream, StreamEpochs(stream))
            listed = {**dict.fromkeys(granted.recipients()), **granted.ended}
            if stored[stream] != listed or granted != self._epochs.get(stream):
                self._found("access_list", stream=stream.hex())

    def _check_blobs(self) -> None:
        b, c = _blob.c, _blob_chunk.c
        begun = {
            (row.stream, row.blob): row
            for row in self._connection.execute(select(_blob).where(b.organisation == self._row.id))
        }
        rows = select(c.stream, c.blob, c.number, c.checksum, c.sealed).where(c.organisation == self._row.id)
        for row in self._connection.execute(rows.execution_options(yield_per=16)):
            blob = begun.get((row.stream, row.blob))
            if blob is None or row.checksum != blobs.checksum(blob, row.number, row.sealed):
                self._found("blob", blob=row.blob.hex(), chunk=row.number)
        if not {stream for stream, _ in begun} <= self._heads.keys():
            self._found("blob_stream")

    def _check_audit(self) -> None:
        a = _audit.c
        lines = self._connection.execute(select(_audit).where(a.organisation == self._row.id).order_by(a.number)).all()
        broken = audit.first_break(lines)
        end = (len(lines), lines[-1].hash if lines else audit.START)
        if broken is None and end != (self._row.audit_number, self._row.audit_hash):
            broken = len(lines) + 1
        if broken is not None:
            self._found("audit", number=broken)
