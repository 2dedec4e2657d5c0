"""What people ask of an open profile: records, hits, history, how far something has come, what is kept apart."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from goes_mobile.protocol.ids import to_text, trace_id
from goes_mobile.protocol.merge import Registers
from goes_mobile.protocol.packing import pack, unpack
from goes_mobile.protocol.problems import Damaged, InputRefused
from goes_mobile.protocol.streams import StreamRef
from goes_mobile.records import registry
from goes_mobile.store import closing, readers
from goes_mobile.store import history as past
from goes_mobile.store.change import Versions
from goes_mobile.store.drafts import DraftBox
from goes_mobile.store.endings import Ending, endings
from goes_mobile.store.intake import Intake
from goes_mobile.store.model import Counts, Delivery, HistoryItem, Hit
from goes_mobile.store.model import Held as Kept
from goes_mobile.store.projection import Followed


class Asking(Intake):
    """Reads; :class:`~goes_mobile.store.authoring.Authoring` writes."""

    def session(self) -> Session:
        """For queries on the projection; use it as a context manager."""
        return self.projection.session()

    def search(self, text: str, kinds: Iterable[str] | None = None, limit: int = 50) -> list[Hit]:
        return self._need(self._search).find(text, kinds, limit)

    def registers(self, kind: str, record: str) -> Registers:
        """All versions of a record; raises :class:`InputRefused` for one that is not known here."""
        found = self.projection.registers(kind, record)
        if found is None:
            raise InputRefused("unknown_record")
        return found

    def versions(self, kind: str, record: str) -> Versions:
        """What is on the screen, so that a later change can say what it has seen."""
        registers = self.registers(kind, record)
        return registers.versions(registers.candidates)

    def history(self, kind: str, record: str) -> list[HistoryItem]:
        return past.history(kind, self.projection.operations(kind, record), self.member_of)

    def delivery(self, kind: str, record: str) -> Delivery:
        """How far the newest change of a record has come."""
        row = self.journal.db.execute(
            "SELECT number, stream, position, held FROM entry WHERE seq=?", (self._newest(kind, record),)
        ).fetchone()
        if row is None:
            return Delivery("here")
        number, stream, position, held = row
        if held:
            return Delivery("held")
        if number is None:
            return Delivery("waiting")
        devices = self.projection.seen_by(stream, position, self.device)
        return Delivery("devices", devices) if devices else Delivery("server")

    def _newest(self, kind: str, record: str) -> int:
        return max((seq for _, seq in self.projection.places(kind, record)), default=0)

    def held(self) -> list[Kept]:
        """What is kept apart; while open also operations that do not fit what this version knows of their kind."""
        misfits = self._projection.misfits() if self._projection is not None else []
        return super().held() + [Kept(seq, device, self.member_of(device), "does_not_fit") for seq, device in misfits]

    def counts(self) -> Counts:
        counts = super().counts()
        misfits = len(self._projection.misfits()) if self._projection is not None else 0
        return replace(counts, held=counts.held + misfits)

    def _moved(self) -> tuple[int, ...]:
        return (*super()._moved(), -1 if self._projection is None else self._projection.db.total_changes)

    def conflicts(self) -> int:
        if self._projection is None:
            return 0
        with self.session() as session:
            return sum(
                session.connection()
                .exec_driver_sql(f"SELECT count(*) FROM \"{kind.name}\" WHERE conflicts<>''")
                .scalar_one()
                for kind in registry.kinds()
            )

    def readers(self, person: str) -> list[readers.Reader]:
        """Who can read a young person's file."""
        return readers.of_person(self, person)

    def follow(self, kind: str) -> Followed:
        return self.projection.follow(kind)

    def endings(self) -> list[Ending]:
        """Which devices were ended, by whom."""
        return endings(self.journal, self.ledger, self.control)

    def trace_id(self, person: str, month: str) -> str:
        """The record in which this device notes what it did with a young person's file in a month (``202611``)."""
        return trace_id(self.device, StreamRef("person", person).id(self.organisation), month)

    def closed(self, person: str) -> bool:
        """Whether a young person's file was handed over or is shared no more: this device keeps what it had."""
        stream = StreamRef("person", person).id(self.organisation)
        return closing.closed(self.journal, self.ledger, stream, self.device)

    @property
    def drafts(self) -> DraftBox:
        return DraftBox(self.journal, lambda: self.box)

    def member_of(self, device: bytes) -> str:
        """The member whose device it is; empty if nobody has certified it here."""
        principal = self.ledger.principals.get(device)
        return to_text(principal.member) if principal and principal.member else ""

    @property
    def member(self) -> str:
        return to_text(self.identity.member)

    def personal(self, key: str, default: Any = None) -> Any:
        """A sealed setting of this profile."""
        box, sealed = self.box, self.journal.get("personal:" + key)
        with contextlib.suppress(Damaged):
            return default if sealed is None else unpack(box.open(sealed, b"personal " + key.encode()))
        return default

    def set_personal(self, key: str, value: Any) -> None:
        self.journal.put("personal:" + key, self.box.seal(pack(value), b"personal " + key.encode()))
