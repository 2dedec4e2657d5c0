"""Erasure and redaction while the profile is open: proposing, releasing, what goes from memory, the proof."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from goes_mobile.protocol import clear
from goes_mobile.protocol.entry import decode
from goes_mobile.protocol.ids import new_id_bytes, to_bytes, to_text
from goes_mobile.protocol.ledger import OrderState
from goes_mobile.protocol.problems import GoesError, InputRefused
from goes_mobile.protocol.roles import who_may
from goes_mobile.protocol.streams import StreamRef
from goes_mobile.records import registry
from goes_mobile.store import blobs, moved, redaction

if TYPE_CHECKING:
    from goes_mobile.store.store import Store

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOST_NAMED = 5000
_NAMED = "redacted_records"
"""Sealed setting: the records whose redaction was proposed here, so that what comes late is proposed too."""


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order as this device knows it. ``about`` are the records it takes away, while they can still be named."""

    id: str
    action: str
    reason: str
    proposed_by: str
    proposed_ms: int | None
    released_by: str
    released_ms: int | None
    asked: int
    confirmed: int
    here: bool
    """Carried out on this device."""
    about: tuple[tuple[str, str], ...]


class Orders:
    """The people's side of :mod:`goes_mobile.store.redaction`, on an unlocked store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # -- proposing and releasing ------------------------------------------------------------------------------------

    def erase(self, person: str, reason: str) -> str:
        """Ask for a young person's whole file to be erased; the order's id."""
        if not self._store.projection.places("young_person", person):
            raise InputRefused("unknown_record")
        stream = StreamRef("person", person).id(self._store.organisation)
        return self._propose("erase", stream, (), reason)

    def redact(self, records: Sequence[tuple[str, str]], reason: str) -> list[str]:
        """Ask for these records to be taken out of every stream they lie in: one order a stream."""
        found: dict[bytes, list[bytes]] = {}
        for kind, record in records:
            here = self._entries([seq for _, seq in self._store.projection.places(kind, record)])
            if not here:
                raise InputRefused("unknown_record")
            for stream, entry_hash in here:
                found.setdefault(stream, []).append(entry_hash)
            for stream in dict(here):
                found[stream] += self._blobs(kind, record)
        orders = self._redactions(found, reason)
        named = [list(record) for record in records]
        self._store.set_personal(_NAMED, [*self._store.personal(_NAMED, []), *named])
        return orders

    def _redactions(self, found: Mapping[bytes, Sequence[bytes]], reason: str) -> list[str]:
        """Orders for what lies in these streams, none larger than an entry may be."""
        return [
            self._propose("redact", stream, tuple(named[start : start + _MOST_NAMED]), reason)
            for stream, named in found.items()
            for start in range(0, len(named), _MOST_NAMED)
        ]

    def _blobs(self, kind: str, record: str) -> list[bytes]:
        """The ids of what a record has ever named beside it."""
        if not registry.known(kind) or not registry.kind(kind).blobs:
            return []
        return blobs.named_by(kind, (item.operation for item in self._store.projection.operations(kind, record)))

    def named(self) -> frozenset[bytes]:
        """All that orders name."""
        return frozenset(entry for state in self._store.ledger.orders.values() for entry in state.order.entries)

    def _entries(self, seqs: Sequence[int]) -> list[tuple[bytes, bytes]]:
        """(stream, hash) of entries, in their order."""
        marks = ",".join("?" * len(seqs))
        return self._store.journal.db.execute(
            f"SELECT stream, hash FROM entry WHERE seq IN ({marks}) ORDER BY seq", list(seqs)
        ).fetchall()

    def _propose(self, action: str, stream: bytes, entries: tuple[bytes, ...], reason: str) -> str:
        for state in self._store.ledger.orders.values():
            same = (state.order.action, state.order.stream) == (action, stream)
            if same and set(entries) <= set(state.order.entries):
                return to_text(state.order.order)
        order = new_id_bytes(self._store.now_ms())
        self._store.append_clear([
            clear.Order(order=order, action=action, stream=stream, entries=entries, reason=reason)  # type: ignore[arg-type]
        ])  # fmt: skip
        return to_text(order)

    def release(self, order: str) -> None:
        """The second person says yes; from here on there is no way back. ``own_order``: the first cannot."""
        state = self._order(order)
        me = self._store.ledger.principals[self._store.device]
        if me.role not in who_may("release_orders"):
            raise InputRefused("only_supervisors_release")
        if self._store.ledger.principals[state.proposed_by].member == me.member:
            raise InputRefused("own_order")
        if not state.released_by:
            self._store.append_clear([clear.Release(order=state.order.order)])
        self._store.carry_out()

    def _order(self, order: str) -> OrderState:
        with contextlib.suppress(ValueError):
            state = self._store.ledger.orders.get(to_bytes(order))
            if state is not None:
                return state
        raise InputRefused("unknown_order")

    # -- carrying out -----------------------------------------------------------------------------------------------

    def records_of(self, seqs: Collection[int]) -> set[tuple[str, str]]:
        """(kind, id) of the records that these entries speak of."""
        wanted = frozenset(seqs)
        rows = self._store.projection.db.execute("SELECT kind, record, seq FROM op_ref")
        return {(kind, to_text(record)) for kind, record, seq in rows if seq in wanted}

    def is_erased(self, person: str) -> bool:
        """Whether this young person's file was erased by order."""
        return StreamRef("person", person).id(self._store.organisation) in self._store.ledger.erased

    def drop_drafts(self, gone: Collection[str] = ()) -> None:
        """Drafts that name a record that is gone, or somebody whose file was erased while the profile was locked."""
        drafts = self._store.drafts
        for key in drafts.list() if gone or self._store.ledger.erased else ():
            named = _ID.findall(f"{key} {drafts.load(key)!r}")
            if any(record in gone or self.is_erased(record) for record in named):
                drafts.drop(key)

    # -- the proof --------------------------------------------------------------------------------------------------

    def follow(self) -> int:
        """Say what this device has carried out, and ask for what came late of a record, and for what a move left behind
        (PROTOCOL §3: written anew there, redacted here). How many were written."""
        asked = [*self._late(), *self._redactions(moved.follow(self._store, self.named()), "moved")]
        confirmed = [
            clear.Confirmation(order=order)
            for order in redaction.unconfirmed(self._store.journal, self._store.ledger, self._store.device)
        ]  # fmt: skip
        if confirmed:
            self._store.append_clear(confirmed)
        return len(asked) + len(confirmed)

    def _late(self) -> list[str]:
        """Operations on a record whose redaction was proposed here, from devices that had not heard of it."""
        found: dict[bytes, list[bytes]] = {}
        remembered = self._store.personal(_NAMED, [])
        named = self.named() if remembered else frozenset()
        for kind, record in remembered:
            seqs = [seq for _, seq in self._store.projection.places(kind, record)]
            for stream, entry_hash in self._entries(seqs) if seqs else ():
                if entry_hash not in named and stream not in self._store.ledger.erased:
                    found.setdefault(stream, self._blobs(kind, record)).append(entry_hash)
        return self._redactions(found, "late")

    # -- asking -----------------------------------------------------------------------------------------------------

    def all(self) -> list[OrderView]:
        """All orders, the newest first."""
        times = self._times()
        people = self._people() if any(s.order.action == "erase" for s in self._store.ledger.orders.values()) else {}
        done = frozenset(redaction.done(self._store.journal))
        views = [self._view(state, times, people, done) for state in self._store.ledger.orders.values()]
        return sorted(views, key=lambda view: view.id, reverse=True)

    def _view(self, state: OrderState, times: Mapping[tuple[str, bytes], int | None],
              people: Mapping[bytes, str], done: frozenset[bytes]) -> OrderView:  # fmt: skip
        order = state.order
        about: tuple[tuple[str, str], ...] = ()
        if order.action == "erase" and order.stream in people:
            about = (("young_person", people[order.stream]),)
        elif order.action == "redact":
            about = self._about(order.entries)
        asked = {d for d in state.asked if self._store.ledger.principals[d].active} | (state.confirmed_by & state.asked)
        return OrderView(
            to_text(order.order), order.action, order.reason, self._store.member_of(state.proposed_by),
            times.get(("order", order.order)), self._store.member_of(state.released_by or b""),
            times.get(("release", order.order)), len(asked), len(state.confirmed_by & asked), order.order in done,
            about,
        )  # fmt: skip

    def _about(self, entries: Sequence[bytes]) -> tuple[tuple[str, str], ...]:
        seqs: set[int] = set()
        for start in range(0, len(entries), 500):
            part = entries[start : start + 500]
            sql = f"SELECT seq FROM entry WHERE hash IN ({','.join('?' * len(part))})"
            seqs.update(row[0] for row in self._store.journal.db.execute(sql, list(part)))
        return tuple(sorted(self.records_of(seqs)))

    def _people(self) -> dict[bytes, str]:
        """The young people known here, by their streams."""
        rows = self._store.projection.db.execute('SELECT id FROM "young_person"')
        return {StreamRef("person", person).id(self._store.organisation): person for (person,) in rows}

    def _times(self) -> dict[tuple[str, bytes], int | None]:
        """When the server received orders and releases; what waits has no time yet."""
        found: dict[tuple[str, bytes], int | None] = {}
        rows = self._store.journal.db.execute(
            "SELECT raw, received FROM entry WHERE stream=? AND suite=0 AND held IS NULL", (self._store.control,)
        )
        for raw, received in rows:
            with contextlib.suppress(GoesError):
                record = clear.decode(decode(raw).body or b"")
                if isinstance(record, clear.Order | clear.Release):
                    found[record.type, record.order] = received
        return found
