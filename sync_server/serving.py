"""Pull, back-fill, heads: what a reader is served, by the access list and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from goes_mobile.protocol import wire
from goes_mobile.protocol.problems import problem
from sync_server import feed, grants
from sync_server.callers import Visit
from sync_server.core import Core
from sync_server.organisations import had
from sync_server.tables import Stream, table

WINDOW = 4 * wire.MAX_PULL_ENTRIES  # numbers looked at in one request, matching or not
_stream = table(Stream)


@dataclass(frozen=True)
class Look:
    """One look at the feed, and who looked under which names."""

    answer: wire.PullAnswer
    visit: Visit


class WentBack(Exception):
    """The cursor is ours and does not fit: this feed went back in time."""

    def __init__(self, organisation: bytes, incarnation: bytes) -> None:
        self.organisation = organisation
        self.incarnation = incarnation


def pull(core: Core, token: str, request: wire.PullRequest) -> Look:
    """What came after the cursor for this reader; the cursor moves on even if nothing did."""
    now = core.clock()
    try:
        with core.database.read() as connection:
            visit = _enter(core, connection, token)
            look = Look(_look(core, connection, visit, request, now), visit)
    except WentBack as found:
        raise core.restart_feed(found.organisation, found.incarnation) from None
    if core.contact_due(visit, now):
        with core.database.write() as connection:
            core.heard_of(connection, visit, now)
    return look


def _enter(core: Core, connection: Connection, token: str) -> Visit:
    visit = core.callers.enter(connection, token, reads=True)
    if visit.caller.delivery:
        raise problem("not_allowed")
    return visit


def _look(core: Core, connection: Connection, visit: Visit, request: wire.PullRequest, now: int) -> wire.PullAnswer:
    row, known, after = visit.row, visit.known, request.cursor.number
    _check_cursor(core, connection, visit, request.cursor)
    upto = min(row.number, after + WINDOW)
    found = feed.Scan([], [], upto)
    if upto > after:
        found = feed.scan(
            connection, known.id, known.control, visit.principal.id, visit.names, after, upto, request.limit
        )
    feed_hash = row.feed_hash if found.upto == row.number else feed.feed_hash(connection, known.id, found.upto)
    if feed_hash is None:
        feed_hash = bytes(32)  # before the first entry
    return wire.PullAnswer.model_construct(
        entries=tuple(found.entries), heads=tuple(found.heads), more=found.upto < row.number, time_ms=now,
        cursor=core.identity.cursor(known.id, row.incarnation, found.upto, feed_hash),
    )  # fmt: skip


def _check_cursor(core: Core, connection: Connection, visit: Visit, cursor: wire.Cursor) -> None:
    """Nothing is served while the control log is awaited, nor for a cursor of another incarnation."""
    row = visit.row
    if cursor == wire.Cursor():
        if row.awaiting_control:
            raise core.restarted(row)
        return
    claimed = core.identity.cursor_feed_hash(visit.known.id, cursor)
    if claimed is None:
        raise core.restarted(row)
    current = cursor.incarnation == row.incarnation
    if current and cursor.number <= row.number:
        here = row.feed_hash if cursor.number == row.number else feed.feed_hash(connection, row.id, cursor.number)
        if (here or bytes(32)) == claimed:
            if row.awaiting_control:
                raise core.restarted(row)
            return
    if current or not had(row, cursor.incarnation):
        raise WentBack(row.id, row.incarnation)
    raise core.restarted(row)


def backfill(core: Core, token: str, request: wire.BackfillRequest) -> wire.BackfillAnswer:
    """A stream's entries after a position; a delivery token may read orders in the control log."""
    with core.database.read() as connection:
        visit = core.callers.enter(connection, token, reads=True, farewell=True)
        if visit.row.awaiting_control and not _reads_first(visit, request.stream):
            raise core.restarted(visit.row)
        head = _head(connection, visit, request.stream)
        after = max(request.after, 0)
        entries: list[wire.RemoteEntry] = []
        if after < head.position:
            entries = feed.backfill(connection, visit.known.id, request.stream, after, head.position, request.limit)
    last = entries[-1][1] if entries else after
    return wire.BackfillAnswer.model_construct(
        entries=tuple(entries), head=head, more=last < head.position, time_ms=core.clock()
    )


def _head(connection: Connection, visit: Visit, stream: bytes) -> wire.Head:
    """A stream's end, as far as this reader is served it."""
    if may_read(connection, visit, stream):
        return feed.head(connection, visit.known.id, stream)
    if not visit.caller.delivery and visit.principal.revoked is None:
        for head in feed.ended(connection, visit.known.id, visit.names, [stream]):
            return head
    raise problem("not_allowed")


def _reads_first(visit: Visit, stream: bytes) -> bool:
    """Who holds the recovery sheet makes an administrator's device, if none is left to say that the log is whole."""
    return visit.principal.sort == "root" and stream == visit.known.control


def may_read(connection: Connection, visit: Visit, stream: bytes) -> bool:
    if stream == visit.known.control:
        return True
    if visit.caller.delivery or visit.principal.revoked is not None:
        return False
    return not visit.names.isdisjoint(grants.recipients(connection, visit.known.id, [stream]))


def streams(core: Core, token: str) -> wire.StreamsAnswer:
    """Heads alone, so also while the control log is awaited: by them devices see what they have to send again."""
    with core.database.read() as connection:
        visit = _enter(core, connection, token)
        s, organisation = _stream.c, visit.known.id
        mine = feed.readable(visit.names)
        rows = connection.execute(
            select(s.stream, s.position, s.running).where(
                s.organisation == organisation, (s.stream == visit.known.control) | s.stream.in_(mine)
            ),
            {"organisation": organisation},
        )
        heads = [wire.Head(stream=stream, position=position, running=running) for stream, position, running in rows]
        heads += feed.ended(connection, organisation, visit.names)
    return wire.StreamsAnswer(heads=tuple(sorted(heads, key=lambda head: head.stream)), time_ms=core.clock())
