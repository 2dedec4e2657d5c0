"""The Synchronisation screen: what is saved, what the server has confirmed, what waits and why. Offline is a state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from goes_mobile.protocol.operation import Scalar
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
    )  # fmt: skip


def _state(link: SyncState, waiting: int) -> State:
    if link.phase == "idle":
        return "waiting" if waiting else "delivered"
    return link.phase


def moment(ms: int | None) -> datetime | None:
    return None if ms is None else datetime.fromtimestamp(ms / 1000, UTC)


def waiting_lines(desk: Desk, limit: int = WAITING_SHOWN) -> list[WaitingLine]:
    """Records with something the server has not confirmed, newest first."""
    return [
        WaitingLine(kind, record, title(desk, kind, record), at)
        for kind, record, at in desk.archive.waiting_records(limit)
    ]


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
    if off or desk.archive.slipped():
        found.append(SyncHint("clock_slow" if off > 0 else "clock_fast", {"minutes": abs(off)}))
    if counts.held:
        found.append(SyncHint("held", {"count": counts.held}))
    if counts.conflicts:
        found.append(SyncHint("conflicts", {"count": counts.conflicts}))
    told = Counter(finding.code for finding in desk.archive.findings())
    return found + [SyncHint(code, {"count": count}) for code, count in sorted(told.items())]


def wrong_times(desk: Desk) -> ClockView:
    """Times that were written while the clock was wrong and that nobody has changed since."""
    off = desk.archive.counts().clock_offset_ms
    times = []
    for kind, record, op, by_ms in desk.archive.slipped():
        if kind not in TIMED:
            continue
        for item in desk.archive.history(kind, record):
            name = item.path.rpartition("/")[2]
            was = _typed(kind, item.path, item.new)
            if item.op == op and item.candidate and name in TIMED[kind] and was is not None:
                times.append(WrongTime(
                    f"{record}:{item.path}", kind, record, item.path, title(desk, kind, record),
                    values.label(desk, kind, item.path), was, _shifted(desk, was, by_ms),
                ))  # fmt: skip
    return ClockView(abs(round(off / 60_000)), off < 0, [time for time in times if time.was != time.would_be])


def correct_times(desk: Desk, ids: Collection[str] | None = None) -> list[Change]:
    """Sets the chosen times right (all without ``ids``). Afterwards :func:`settle` ends the offer."""
    told: dict[tuple[str, str], dict[str, Any]] = {}
    for time in wrong_times(desk).times:
        if ids is None or time.id in ids:
            told.setdefault((time.kind, time.record), {})[time.path] = time.would_be
    return [Change(kind, record, paths) for (kind, record), paths in told.items()]


def settle(desk: Desk) -> None:
    """The times have been corrected, or are right as they are."""
    desk.archive.settle_times()


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
