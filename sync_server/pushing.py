"""Push: judge a batch, number what is good, sign what was taken."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, text

from goes_mobile.protocol import clear, wire
from goes_mobile.protocol.entry import MAX_ENTRY, ChainEnd, Entry
from goes_mobile.protocol.ledger import Ledger
from goes_mobile.protocol.problems import Malformed, problem
from goes_mobile.protocol.roles import who_may
from sync_server import erasure, feed, grants
from sync_server.batch import Batch, Ends, Here, Judgement, Lengths, judge, open_batch
from sync_server.callers import Visit, end_delivery
from sync_server.core import Core
from sync_server.organisations import Known, control_is_complete, write_down

CHANNEL = "goes_feed"


@dataclass(frozen=True)
class Arrival:
    """What a push brought: these streams' entries, between two numbers of the feed."""

    organisation: bytes
    after: int
    upto: int
    streams: frozenset[bytes]

    def payload(self) -> str:
        return json.dumps([self.organisation.hex(), self.after, self.upto])


def push(core: Core, token: str, request: wire.PushRequest) -> tuple[wire.PushAnswer, Arrival | None]:
    """Durable when this returns; the same batch again gets the same receipts again."""
    check_size(request.entries)
    prepared = _before_the_lock(core, token, request) if core.database.shared else None
    with core.database.write() as connection:
        visit = core.callers.enter(connection, token, reads=False, lock=True, farewell=True)
        if request.control_complete and not _may_complete(visit):
            raise problem("not_allowed")
        batch, lengths = prepared or (open_batch(visit.known.id, request.entries), Lengths())
        try:
            judgement = take(connection, visit.row, visit.known, batch, core.clock(), lengths)
            answer = _answer(core, connection, visit, request, judgement)
        except BaseException:
            core.organisations.forget(visit.known.id)  # its ledger may have read what is not going to be stored
            raise
    if judgement.carried_out:
        erasure.scrub(core.database)
    return answer


def _may_complete(visit: Visit) -> bool:
    """Whether this caller may say that a restored control log is whole."""
    caller, principal = visit.caller, visit.principal
    return not caller.delivery and principal.revoked is None and principal.role in who_may("complete_log")


def check_size(raws: tuple[bytes, ...]) -> None:
    """An entry that is too large by itself is refused by itself; it must not hold up the others."""
    size = sum(len(raw) for raw in raws if len(raw) <= MAX_ENTRY)
    if len(raws) > wire.MAX_PUSH_ENTRIES or size > wire.MAX_PUSH_BYTES:
        raise problem("too_large")


def _before_the_lock(core: Core, token: str, request: wire.PushRequest) -> tuple[Batch, Lengths]:
    """Decode and check signatures while other workers may hold the counter. What has moved meanwhile is simply checked
    again under the lock."""
    lengths = Lengths()
    with core.database.read() as connection:
        known = core.callers.enter(connection, token, reads=False, farewell=True).known
        batch = open_batch(known.id, request.entries)
        others = Batch({chain: part for chain, part in batch.parts.items() if chain.stream != known.control})
        ends, here = _what_is_here(connection, known.id, others)
    judge(others, ends, here, known.ledger, known.position, lengths)
    return batch, lengths


def _what_is_here(connection: Connection, organisation: bytes, batch: Batch) -> tuple[Ends, Here]:
    ends = feed.chain_ends(connection, organisation, batch.parts)
    asked = [
        (chain, entry.header.n)
        for chain, part in batch.parts.items()
        if (end := ends.get(chain, ChainEnd()).n)
        for entry in part
        if entry.header.n <= end
    ]
    return ends, feed.already_here(connection, organisation, asked) if asked else {}


def take(connection: Connection, row: Row[Any], known: Known, batch: Batch, now: int, lengths: Lengths) -> Judgement:
    """Judge and append; the receipts of what was appended are among ``known`` afterwards."""
    ends, here = _what_is_here(connection, known.id, batch)
    before = {state.order.order for state in known.ledger.released()}
    judgement = judge(batch, ends, here, known.ledger, known.position, lengths)
    accepted, control = erasure.stripped(known.ledger, judgement.accepted), known.control
    released = [state for state in known.ledger.released() if state.order.order not in before]
    if accepted:
        receipts = feed.append(connection, row, control, accepted, judgement.ends, now)
        judgement.known += receipts
        known.position += sum(entry.header.stream == control for entry in accepted)
        _write_down(connection, known, accepted, now)
        grants.take(connection, known.ledger, accepted, {receipt[0]: receipt[2] for receipt in receipts})
    if released:
        erasure.carry_out(connection, known.ledger, released, now)
        judgement.carried_out = True
    return judgement


def _write_down(connection: Connection, known: Known, accepted: Iterable[Entry], now: int) -> None:
    """Who ended a device, and who asked for a deletion, if the log allows it. A release is written down with what it
    took away."""
    for entry in accepted:
        author = known.ledger.principals.get(entry.header.device)
        event = _event(known.ledger, entry.body or b"") if entry.header.stream == known.control else ""
        if event and author is not None:
            write_down(connection, known.id, event, now, author.id, author.member)


def _event(ledger: Ledger, body: bytes) -> str:
    record: object = None
    with contextlib.suppress(Malformed):
        record = clear.decode(body)
    if isinstance(record, clear.Revocation):
        subject = ledger.principals.get(record.device)
        return "device_ended" if subject is not None and subject.revoked == record else ""
    if isinstance(record, clear.Order):
        return "deletion_asked" if record.order in ledger.orders else ""
    return ""


def _answer(core: Core, connection: Connection, visit: Visit, request: wire.PushRequest,
            judgement: Judgement) -> tuple[wire.PushAnswer, Arrival | None]:  # fmt: skip
    known, now = visit.known, core.clock()
    if request.control_complete and visit.row.awaiting_control and judgement.whole:
        control_is_complete(connection, known.id)
        write_down(connection, known.id, "control_complete", now, visit.principal.id, visit.principal.member)
        erasure.carry_out(connection, known.ledger, known.ledger.released(), now)  # before anything is served
        judgement.carried_out = True
    if visit.principal.revoked is not None and not request.entries:  # that was all
        end_delivery(connection, visit)
        write_down(connection, known.id, "farewell", now, visit.principal.id, visit.principal.member)
    if core.contact_due(visit, now):
        core.heard_of(connection, visit, now)
    arrival = _arrival(visit, judgement)
    if arrival is not None and core.database.shared:
        connection.execute(
            text("SELECT pg_notify(:channel, :payload)"), {"channel": CHANNEL, "payload": arrival.payload()}
        )
    receipts = wire.Receipts(
        server_id=core.identity.id, organisation=known.id, time_ms=now, items=tuple(judgement.known)
    )
    answer = wire.PushAnswer(
        receipts=wire.sign_receipts(receipts, core.identity.keys), refused=tuple(judgement.refused),
        gaps=tuple(judgement.gaps), unknown=tuple(judgement.unknown), unread=tuple(judgement.unread), time_ms=now,
    )  # fmt: skip
    return answer, arrival


def _arrival(visit: Visit, judgement: Judgement) -> Arrival | None:
    if not judgement.accepted:
        return None
    streams = frozenset(entry.header.stream for entry in judgement.accepted)
    return Arrival(visit.known.id, visit.row.number, visit.row.number + len(judgement.accepted), streams)
