"""What this process remembers of each organisation: its ledger, caught up whenever another worker advanced it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from goes_mobile.protocol.entry import decode
from goes_mobile.protocol.ledger import Ledger
from goes_mobile.protocol.problems import problem
from goes_mobile.protocol.streams import CONTROL
from sync_server import access, audit
from sync_server.feed import organisation_row
from sync_server.tables import Audit, EntryRow, Organisation, tables

_entry, _organisation, _audit = tables(EntryRow, Organisation, Audit)


@dataclass
class Known:
    """One organisation as its control log has it up to ``position``."""

    id: bytes
    ledger: Ledger
    position: int = 0
    _names: dict[bytes, frozenset[bytes]] = field(default_factory=dict)
    _names_of: int = -1

    @property
    def control(self) -> bytes:
        return CONTROL.id(self.id)

    def names(self, principal: bytes) -> frozenset[bytes]:
        """The principal and its groups, computed once for each state of the ledger."""
        if self._names_of != self.ledger.version:
            self._names, self._names_of = {}, self.ledger.version
        if principal not in self._names:
            self._names[principal] = access.names(self.ledger, principal)
        return self._names[principal]


class Organisations:
    """A cache of :class:`Known`. Whoever changed a ledger in a transaction that failed must ``forget`` it."""

    def __init__(self) -> None:
        self._known: dict[bytes, Known] = {}

    def get(self, connection: Connection, organisation: bytes, *, lock: bool = False) -> tuple[Row[Any], Known]:
        """The counter row and the ledger that belongs to it."""
        row = organisation_row(connection, organisation, lock=lock)
        if row is None:
            raise problem("unknown_organisation")
        known = self._known.get(organisation)
        if known is None or known.position > row.control_position:
            known = self._known[organisation] = Known(organisation, Ledger(organisation))
        if known.position < row.control_position:
            self._catch_up(connection, known, row.control_position)
        return row, known

    def forget(self, organisation: bytes) -> None:
        self._known.pop(organisation, None)

    def _catch_up(self, connection: Connection, known: Known, upto: int) -> None:
        e = _entry.c
        rows = connection.execute(
            select(e.position, e.raw)
            .where(
                e.organisation == known.id, e.stream == known.control, e.position > known.position, e.position <= upto
            )
            .order_by(e.position)
        )
        for position, raw in rows:
            known.ledger.apply(decode(raw), position)
        known.position = upto


def found(connection: Connection, organisation: bytes, incarnation: bytes, now_ms: int) -> None:
    """An empty feed."""
    connection.execute(insert(_organisation).values(
        id=organisation, number=0, feed_hash=bytes(32), incarnation=incarnation, incarnations=incarnation,
        awaiting_control=False, control_position=0, audit_number=0, audit_hash=audit.START, created_ms=now_ms,
    ))  # fmt: skip


def restart(connection: Connection, row: Row[Any], incarnation: bytes) -> None:
    """A new incarnation: nothing is served until an administrator's device has sent the control log again."""
    connection.execute(
        update(_organisation)
        .where(_organisation.c.id == row.id)
        .values(incarnation=incarnation, incarnations=row.incarnations + incarnation, awaiting_control=True)
    )


def control_is_complete(connection: Connection, organisation: bytes) -> None:
    connection.execute(update(_organisation).where(_organisation.c.id == organisation).values(awaiting_control=False))


def had(row: Row[Any], incarnation: bytes) -> bool:
    """Whether this feed ever had that incarnation."""
    held = row.incarnations
    return any(held[start : start + 16] == incarnation for start in range(0, len(held), 16))


def write_down(connection: Connection, organisation: bytes, event: str, now_ms: int, principal: bytes = b"",
               member: bytes = b"") -> None:  # fmt: skip
    """One more line in the audit log."""
    columns = select(_organisation.c.audit_number, _organisation.c.audit_hash).where(_organisation.c.id == organisation)
    number, before = connection.execute(columns.with_for_update()).one()
    number += 1
    line = audit.link(before, number, now_ms, event, principal, member)
    connection.execute(insert(_audit).values(
        organisation=organisation, number=number, at_ms=now_ms, event=event, principal=principal, member=member,
        hash=line,
    ))  # fmt: skip
    connection.execute(
        update(_organisation).where(_organisation.c.id == organisation).values(audit_number=number, audit_hash=line)
    )
