"""The organisation's devices, and what becomes of them and of late work. Needs the open store of a leading device."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from sqlmodel import col, select

from goes_mobile.protocol import clear
from goes_mobile.protocol.ids import to_bytes, to_text
from goes_mobile.protocol.operation import Operation
from goes_mobile.protocol.principals import Principal
from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records.member import Member
from goes_mobile.records.task import Task
from goes_mobile.services import device_names, names, organisation
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.values import element, label, words
from goes_mobile.store.change import Change
from goes_mobile.store.revocation import LateEntry, decide, late_entries, refuse, revoke
from goes_mobile.store.store import Store

REASONS: tuple[clear.Reason, ...] = ("lost", "stolen", "left", "replaced", "suspected")
State = Literal["active", "suspended", "revoked"]


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """``last_heard``: when the server received the newest entry of it that is here."""

    id: str
    member: str
    name: str = field(repr=False)
    role: str
    sites: tuple[str, ...]
    state: State
    reason: str
    here: bool
    last_heard: datetime | None
    refused: str
    """Why this device may not revoke it; empty if it may."""
    called: str
    """What the team calls it; empty while nobody has named it."""
    may_rename: bool

    @property
    def short(self) -> str:
        """What people compare when several devices are one person's."""
        return self.id[:8]


def devices(desk: Desk, store: Store, member: str | None = None) -> list[DeviceLine]:
    """All devices, or those of one member: active ones first, then by name."""
    heard = dict(
        store.journal.db.execute("SELECT device, max(received) FROM entry WHERE device<>x'' GROUP BY device").fetchall()
    )
    found = [
        _line(desk, store, principal, heard.get(principal.id))
        for principal in store.ledger.devices()
        if member is None or principal.member == to_bytes(member)
    ]
    return sorted(found, key=lambda line: (line.state != "active", line.name.casefold(), line.id))


def _line(desk: Desk, store: Store, device: Principal, heard: int | None) -> DeviceLine:
    member = to_text(device.member)
    return DeviceLine(
        device.id.hex(), member, names.name_of(desk, "member", member), device.role, device.sites,
        "revoked" if device.revoked else "suspended" if device.suspended else "active",
        device.revoked.reason if device.revoked else "", device.id == store.device,
        datetime.fromtimestamp(heard / 1000, UTC) if heard else None, _refused(store, device),
        device_names.called(desk, device.id.hex()), device_names.may_rename(desk, member),
    )  # fmt: skip


def _refused(store: Store, device: Principal) -> str:
    try:
        refuse(store, device.id)
    except InputRefused as error:
        return error.code
    return ""


def find(store: Store, begins: str) -> bytes:
    """The one device whose id begins like this."""
    found = [device.id for device in store.ledger.devices() if device.id.hex().startswith(begins.lower())]
    if len(found) != 1 or not begins:
        raise InputRefused("unknown_device")
    return found[0]


def end_device(store: Store, device: str, reason: str) -> None:
    """Revoke one device; its groups' keys are replaced at once."""
    revoke(store, [bytes.fromhex(device)], _reason(reason))


def end_member(desk: Desk, store: Store, member: str, heir: str | None = None) -> list[Change]:
    """Somebody leaves: all their devices and open invites at once, and their record becomes inactive. Their open tasks
    go to ``heir``, or stay with the site."""
    handed = hand_over(desk, [task.id for task in open_tasks(desk, member)], heir)
    theirs = [p for p in store.ledger.principals.values() if p.member == to_bytes(member) and p.revoked is None]
    ended = [p.id for p in theirs if p.sort == "device" or (p.sort == "invite" and p.id not in store.ledger.used)]
    for device in ended:
        refuse(store, device)
    changes = [*organisation.set_active(desk, member, False), *handed]
    if ended:
        revoke(store, ended, "left")
    return changes


def open_tasks(desk: Desk, member: str) -> list[Named]:
    """What somebody who leaves leaves behind."""
    query = select(Task).where(Task.assignee == member, col(Task.deleted).is_(False), col(Task.done_at).is_(None))
    return [Named(task.id, task.title) for task in desk.read.exec(query)]


def heirs(desk: Desk, member: str) -> list[Named]:
    """Who may take over what they leave behind: colleagues of their sites."""
    sites = {site.id for line in organisation.members(desk, False) if line.id == member for site in line.sites}
    found = {colleague.id: colleague for site in sorted(sites) for colleague in organisation.colleagues(desk, site)}
    found.pop(member, None)
    return sorted(found.values(), key=lambda colleague: colleague.name.casefold())


def hand_over(desk: Desk, tasks: Sequence[str], to: str | None) -> list[Change]:
    """Give these tasks to a colleague, or (``None``) to nobody in particular: whoever works at the site sees them."""
    if to is not None and desk.read.get(Member, to) is None:
        raise InputRefused("unknown_record", field="member")
    return [Change("task", task, {"assignee": to}) for task in tasks]


def _reason(reason: str) -> clear.Reason:
    if reason not in REASONS:
        raise InputRefused("unknown_reason", known=", ".join(REASONS))
    return reason


# -- late work -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LateRecord:
    """What somebody wrote or changed in one record."""

    title: str
    """What is known of it here already: a name, or its kind."""
    lines: list[tuple[str, str]] = field(repr=False)
    """(field, value) as people know them."""


@dataclass(frozen=True, slots=True)
class LateWork:
    """What came after its author's authority: of a revoked device, or one that was let out of a file (``share_ended``).
    ``unreadable`` are entries that this device cannot open."""

    device: str
    called: str
    name: str = field(repr=False)
    reason: str
    since: datetime | None
    records: list[LateRecord]
    unreadable: int
    entries: tuple[bytes, ...] = field(repr=False)


def late_work(desk: Desk, store: Store) -> list[LateWork]:
    """By device, in the order it came."""
    by_device: dict[bytes, list[LateEntry]] = {}
    for entry in late_entries(store):
        by_device.setdefault(entry.device, []).append(entry)
    return [_work(desk, store, device, entries) for device, entries in by_device.items()]


def _work(desk: Desk, store: Store, device: bytes, entries: list[LateEntry]) -> LateWork:
    member = store.member_of(device)
    revoked = store.ledger.principals[device].revoked
    records: dict[tuple[str, str], LateRecord] = {}
    for entry in entries:
        if entry.opened is not None:
            told = entry.opened.operation
            title = names.title(desk, told.kind, told.record)
            record = records.setdefault((told.kind, told.record), LateRecord(title, []))
            record.lines.extend(_said(desk, told))
    received = [entry.received for entry in entries if entry.received]
    sealed = sum(entry.sealed for entry in entries)
    return LateWork(
        device.hex(), device_names.called(desk, device.hex()),
        names.name_of(desk, "member", member) if member else "",
        revoked.reason if revoked else "share_ended",
        datetime.fromtimestamp(min(received) / 1000, UTC) if received else None, list(records.values()),
        sealed - sum(entry.opened is not None for entry in entries), tuple(entry.hash for entry in entries),
    )  # fmt: skip


def _said(desk: Desk, told: Operation) -> list[tuple[str, str]]:
    """(field, words); what was put into a list stands in one line."""
    lines: dict[str, list[str]] = {}
    for path, value in told.set.items():
        listed = element(desk, told.kind, path)
        name = label(desk, told.kind, path.partition("/")[0] if listed else path)
        if said := listed if listed and value else words(desk, told.kind, path, value):
            lines.setdefault(name, []).append(said)
    return [(name, ", ".join(said)) for name, said in lines.items()]


def decide_late(store: Store, work: LateWork, accept: bool) -> None:
    """A supervisor's decision about all of it; it holds on every device."""
    decide(store, work.entries, accept)
