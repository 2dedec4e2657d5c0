"""Ending the authority of devices: said in the control log, the keys of their groups replaced at once; and what is to
become of the work that came after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from goes_mobile.protocol import clear
from goes_mobile.protocol.principals import Principal
from goes_mobile.protocol.problems import InputRefused
from goes_mobile.store import late
from goes_mobile.store.projection import Opened
from goes_mobile.store.store import Store

MOST_STREAMS = 40_000
"""Named in one revocation, so that it fits an entry; in streams it does not name the server's order decides."""


def refuse(store: Store, device: bytes) -> Principal:
    """The principal, if this device may revoke it; raises :class:`InputRefused` with the reason."""
    me, subject = store.ledger.principals.get(store.device), store.ledger.principals.get(device)
    if subject is None or subject.sort == "root":
        raise InputRefused("unknown_device")
    if subject.revoked is not None:
        raise InputRefused("already_revoked")
    if me is None or not me.active:
        raise InputRefused("not_yours")
    if why := store.ledger.refuses_revocation(me, subject):
        raise InputRefused(why)
    return subject


def revoke(store: Store, devices: Sequence[bytes], reason: clear.Reason) -> None:
    """End the authority of these devices and invites; nothing that is sealed from now on reaches them."""
    for device in devices:
        refuse(store, device)
    store.append_clear([_revocation(store, device, reason) for device in devices])
    store.renew_groups(all_heads=False)


def _revocation(store: Store, device: bytes, reason: clear.Reason) -> clear.Revocation:
    """With the positions that this device knows, of every stream in which the other has written."""
    written = store.journal.db.execute(
        "SELECT DISTINCT stream, position FROM chain JOIN feed USING (stream) WHERE device=? AND stream<>? LIMIT ?",
        (device, store.control, MOST_STREAMS),
    ).fetchall()
    return clear.Revocation(
        device=device, reason=reason, control_position=store.reached(store.control).position, positions=dict(written)
    )


@dataclass(frozen=True, slots=True)
class LateEntry:
    """Held for a decision. ``opened`` is empty for keys, and for what this device cannot read."""

    hash: bytes
    device: bytes
    received: int | None
    sealed: bool
    opened: Opened | None = field(repr=False)


def late_entries(store: Store) -> list[LateEntry]:
    """What waits for a supervisor's decision, in the order it came."""
    found = []
    for row, entry_hash, device in late.waiting(store.journal, store.control):
        opened = store.opener.open(row.seq, row.raw, row.received)
        sealed = opened is not None
        found.append(
            LateEntry(entry_hash, device, row.received, sealed, opened if isinstance(opened, Opened) else None)
        )
    return found


def decide(store: Store, entries: Sequence[bytes], accept: bool) -> None:
    """A supervisor's decision, for every device; it can be taken back by another one."""
    me = store.ledger.principals.get(store.device)
    if me is None or me.role != "supervisor":
        raise InputRefused("supervisors_only")
    store.append_clear([clear.LateDecision(entries=tuple(entries), accept=accept)])
