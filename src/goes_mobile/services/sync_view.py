"""The Synchronisation screen: what is saved, what the server has confirmed, what waits and why. Offline is a state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from sqlmodel import text

from goes_mobile.protocol.ids import to_text
from goes_mobile.protocol.operation import Scalar
from goes_mobile.records import registry
from goes_mobile.services import values
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.names import named, title
from goes_mobile.store.change import Change
from goes_mobile.sync.state import SyncState

State = Literal["delivered", "waiting", "sending", "receiving", "offline", "trouble"]
TIMED: Mapping[str, frozenset[str]] = {
    "encounter": frozenset({"at"}),
    "outing": frozenset({"day", "starts", "ends", "arrived", "left"}),
    "task": frozenset({"done_at"}),
}
"""Fields that were filled from the device's clock."""
WAITING_SHOWN = 50


@dataclass(frozen=True, slots=True)
class WaitingLine:
    kind: str
    id: str
    title: str = field(repr=False)
    saved_at: datetime | None


@dataclass(frozen=True, slots=True)
class HeldLine:
    """Entries kept apart for the same reason; their content is kept."""

    reason: str
    who: Named | None
    count: int


@dataclass(frozen=True, slots=True)
class SyncHint:
    """Something worth reading, under ``sync.hint.<code>``: clock_fast, clock_slow, held, conflicts, or a finding."""

    code: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SyncView:
    """``since``: last contact, so „offline seit …“; ``trouble`` a code under ``sync.trouble.<code>``."""

    state: State
    since: datetime | None
    saved: int
    confirmed: int
    waiting: int
    held: int
    next_try_s: int | None
    trouble: str
    waiting_lines: list[WaitingLine]
    hints: list[SyncHint]
    carried: int = 0
    """What waits here for others, from parcels."""
    seen: list[SyncHint] = field(default_factory=list)
    """Findings that somebody has read already."""


@dataclass(frozen=True, slots=True)
class WrongTime:
    """A time that a wrong clock wrote, and what it would be."""

    id: str
    kind: str
    record: str
    path: str
    title: str = field(repr=False)
    label: str
    was: datetime | date
    would_be: datetime | date


@dataclass(frozen=True, slots=True)
class ClockView:
    """``minutes`` the clock is off now, ``fast`` or slow."""

    minutes: int
    fast: bool
    times: list[WrongTime]


def overview(desk: Desk, link: SyncState) -> SyncView:
    """Words and numbers; ``link`` is what the app's scheduler says (``app.sync_state``)."""
    counts = desk.archive.counts()
    next_try = None if link.next_try_ms is None else max(0, int(link.next_try_ms / 1000 - desk.now.timestamp()))
    return SyncView(
        _state(link, counts.waiting), moment(counts.last_contact_ms), counts.waiting + counts.confirmed,
        counts.confirmed, counts.waiting, counts.held, next_try, link.trouble, waiting_lines(desk), hints(desk),
        counts.carried, seen(desk),
    )  # fmt: skip


def _state(link: SyncState, waiting: int) -> State:
    if link.phase == "idle" or (link.phase == "sending" and not waiting):
        return "waiting" if waiting else "delivered"
    return link.phase


def moment(ms: int | None) -> datetime | None:
    return None if ms is None else datetime.fromtimestamp(ms / 1000, UTC)


def waiting_lines(desk: Desk, limit: int = WAITING_SHOWN) -> list[WaitingLine]:
    """Records with something the server has not confirmed, newest first."""
    seqs = [waiting.seq for waiting in desk.archive.waiting() if waiting.own]
    found = [(kind, record) for kind, record, _ in _operations(desk, seqs) if not registry.is_trace(kind)]
    newest = dict.fromkeys(reversed(found))
    return [
        WaitingLine(kind, record, title(desk, kind, record), _changed_at(desk, kind, record))
        for kind, record in list(newest)[:limit]
    ]


def _changed_at(desk: Desk, kind: str, record: str) -> datetime | None:
    found = desk.read.get(registry.kind(kind).cls, record) if registry.known(kind) else None
    return found.changed_at if found else None


def _operations(desk: Desk, seqs: Sequence[int]) -> list[tuple[str, str, bytes]]:
    """(kind, id, op) of journal entries that hold operations, in their order."""
    found: list[tuple[str, str, bytes]] = []
    ask = text("SELECT kind, record, op FROM op_ref WHERE seq BETWEEN :first AND :last ORDER BY seq")
    for first, last in _spans(seqs):
        rows = desk.read.connection().execute(ask, {"first": first, "last": last})
        found += [(kind, to_text(record), op) for kind, record, op in rows]
    return found


def _spans(seqs: Sequence[int]) -> list[tuple[int, int]]:
    """Runs of consecutive numbers: what waits usually is one."""
    spans: list[tuple[int, int]] = []
    for seq in sorted(seqs):
        if spans and spans[-1][1] == seq - 1:
            spans[-1] = (spans[-1][0], seq)
        else:
            spans.append((seq, seq))
    return spans


def held(desk: Desk) -> list[HeldLine]:
    """What is held back, by reason and author."""
    counted = Counter((item.reason, item.member) for item in desk.archive.held())
    return [
        HeldLine(reason, named(desk, "member", member or None), count)
        for (reason, member), count in sorted(counted.items())
    ]


def hints(desk: Desk) -> list[SyncHint]:
    counts = desk.archive.counts()
    found = []
    off = round(counts.clock_offset_ms / 60_000)
    if off or desk.archive.clock_slips():
        found.append(SyncHint("clock_slow" if off > 0 else "clock_fast", {"minutes": abs(off)}))
    late = sum(item.reason == "late" for item in desk.archive.held()) if desk.me.supervises and counts.held else 0
    if counts.held > late:
        found.append(SyncHint("held", {"count": counts.held - late}))
    if late:
        found.append(SyncHint("late", {"count": late}))
    if counts.conflicts:
        found.append(SyncHint("conflicts", {"count": counts.conflicts}))
    return found + _findings(desk, seen=False)


def seen(desk: Desk) -> list[SyncHint]:
    """Findings that somebody has read, and that have not been noticed again since."""
    new = {hint.code for hint in _findings(desk, seen=False)}
    return [hint for hint in _findings(desk, seen=True) if hint.code not in new]


def see(desk: Desk) -> None:
    """The findings have been read; they are kept, also as evidence."""
    desk.archive.see_findings()


def _findings(desk: Desk, *, seen: bool) -> list[SyncHint]:
    told = Counter(finding.code for finding in desk.archive.findings() if finding.seen == seen)
    return [SyncHint(code, {"count": count}) for code, count in sorted(told.items())]


def wrong_times(desk: Desk) -> ClockView:
    """Times that were written while the clock was wrong and that nobody has changed since."""
    off = desk.archive.counts().clock_offset_ms
    times = []
    for kind, record, op, by_ms in _slipped(desk):
        for item in desk.archive.history(kind, record):
            name = item.path.rpartition("/")[2]
            was = _typed(kind, item.path, item.new)
            if (item.op, item.device.hex()) != (op, desk.me.device) or not item.candidate:
                continue
            if name in TIMED[kind] and was is not None:
                times.append(WrongTime(
                    f"{record}:{item.path}", kind, record, item.path, title(desk, kind, record),
                    values.label(desk, kind, item.path), was, _shifted(desk, was, by_ms),
                ))  # fmt: skip
    return ClockView(abs(round(off / 60_000)), off < 0, [time for time in times if time.was != time.would_be])


def _slipped(desk: Desk) -> list[tuple[str, str, bytes, int]]:
    """(kind, id, op, ms to add) of what was written while the clock was wrong."""
    found = []
    ask = text("SELECT kind, record, op FROM op_ref WHERE seq > :after AND seq <= :until ORDER BY seq")
    for slip in desk.archive.clock_slips():
        rows = desk.read.connection().execute(ask, {"after": slip.after_seq, "until": slip.until_seq})
        found += [(kind, to_text(record), op, slip.offset_ms) for kind, record, op in rows if kind in TIMED]
    return found


def correct_times(desk: Desk, ids: Collection[str] | None = None) -> list[Change]:
    """Sets the chosen times right (all without ``ids``). Afterwards :func:`settle` ends the offer."""
    told: dict[tuple[str, str], dict[str, Any]] = {}
    for time in wrong_times(desk).times:
        if ids is None or time.id in ids:
            told.setdefault((time.kind, time.record), {})[time.path] = time.would_be
    return [Change(kind, record, paths) for (kind, record), paths in told.items()]


def settle(desk: Desk) -> None:
    """The times have been corrected, or are right as they are."""
    desk.archive.settle_clock_slips()


def _typed(kind: str, path: str, value: Scalar) -> datetime | date | None:
    info = values.field_of(kind, path)
    if info is None or not isinstance(value, str) or info.type not in (datetime, date):
        return None
    return datetime.fromisoformat(value) if info.type is datetime else date.fromisoformat(value)


def _shifted(desk: Desk, was: datetime | date, by_ms: int) -> datetime | date:
    by = timedelta(milliseconds=by_ms)
    if isinstance(was, datetime):
        return was + by
    return (desk.starts(was) + timedelta(hours=12) + by).astimezone(desk.zone).date()
