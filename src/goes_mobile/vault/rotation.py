"""When a key has to be replaced, and for whom the next one is. Pure: signing and writing are the store's.

A group's key is replaced at once by whoever ends somebody's authority, a stream's at its next write. The next key of a
stream is for all whom its live keys were for (:func:`receivers`), minus everyone who may read no more, and ``without``
whom somebody has ended its sharing with.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from goes_mobile.protocol import clear
from goes_mobile.protocol.ledger import Group, Ledger, Principal
from goes_mobile.vault.keyring import NewEpoch, new_group, stream_epoch

# -- groups --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Renewal:
    """A group's next key; ``keeps``: an administrator who is no reader makes it and forgets it."""

    made: NewEpoch
    keeps: bool


def renewals(ledger: Ledger, me: bytes, *, all_heads: bool = True) -> list[Renewal]:
    """Next keys of the groups whose live key reaches somebody who may not read any more; ``all_heads``: also of those
    that two people have renewed apart, which reach nobody else."""
    author = ledger.principals.get(me)
    if author is None or not author.active or author.sort != "device":
        return []
    due = [
        owner for owner, group in sorted(ledger.groups.items())
        if group.ref.type != "recovery" and _may_renew(ledger, author, owner) and _due(ledger, group, me, all_heads)
    ]  # fmt: skip
    return [Renewal(renewed(ledger, owner), ledger.may_hold(author, ledger.groups[owner].ref)) for owner in due]


def renewed(ledger: Ledger, owner: bytes) -> NewEpoch:
    """A group's next key, for everybody who is entitled to it."""
    group = ledger.groups[owner]
    holders = [(p.id, p.kem) for p in members(ledger, group)]
    return new_group(group.ref, ledger, holders, replaces=[epoch.epoch for epoch in group.live()])


def members(ledger: Ledger, group: Group) -> list[Principal]:
    """Who was let into a group, themselves or by their invite, and may still be in it: devices and open invites."""
    let_in = {principal for epoch in group.epochs.values() for principal in epoch.sealed}
    return [
        p for p in sorted(ledger.principals.values(), key=lambda p: p.id)
        if (p.id in let_in or p.issuer in let_in) and p.id not in ledger.used and ledger.may_hold(p, group.ref)
    ]  # fmt: skip


def _may_renew(ledger: Ledger, author: Principal, owner: bytes) -> bool:
    return author.role == "admin" or author.id in ledger.holders(owner)


def _due(ledger: Ledger, group: Group, me: bytes, all_heads: bool) -> bool:
    """Two sound heads harm nobody; one of those who made them makes the third, else it would never end."""
    live = group.live()
    if any(not ledger.sound(group.ref, epoch) for epoch in live):
        return True
    return all_heads and len(live) > 1 and me == _whose_turn(ledger, [epoch.author for epoch in live], me)


def _whose_turn(ledger: Ledger, authors: Collection[bytes], me: bytes) -> bytes:
    return min((a for a in authors if (p := ledger.principals.get(a)) and p.active), default=me)


# -- streams -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Head:
    """A live key of a stream: who made it, and every (receiver, epoch of the receiver) it was granted to."""

    record: clear.Epoch
    author: bytes
    grants: frozenset[tuple[bytes, bytes]]


def receivers(heads: Sequence[Head], ledger: Ledger, without: Collection[bytes] = ()) -> list[bytes]:
    """The groups (and single principals) that a stream's next key is for."""
    known = {to for head in heads for to, _ in head.grants} - set(without)
    return sorted(to for to in known if to in ledger.groups or _active(ledger, to))


def next_epoch(heads: Sequence[Head], ledger: Ledger, without: Collection[bytes] = ()) -> NewEpoch:
    """The key that replaces a stream's live ones."""
    first = heads[0].record
    return stream_epoch(
        first.owner_type, first.owner, first.subject, receivers(heads, ledger, without), ledger,
        [head.record.epoch for head in heads],
    )  # fmt: skip


def stream_due(heads: Sequence[Head], ledger: Ledger, me: bytes) -> bool:
    """Whether the next write needs a new key first: a live one reaches somebody it should not, or nobody who could open
    it, or two of them are for different people, or it is our turn to make one of two. Who is revoked replaces
    nothing."""
    if not _active(ledger, me):
        return False
    if any(not _sound(head, ledger) or _unheld(head, ledger) for head in heads):
        return True
    if len(heads) < 2:
        return False
    if len({tuple(receivers([head], ledger)) for head in heads}) > 1:
        return True
    return me == _whose_turn(ledger, [head.author for head in heads], me)


def _sound(head: Head, ledger: Ledger) -> bool:
    for to, to_epoch in head.grants:
        group = ledger.groups.get(to)
        if group is None:
            if to in ledger.principals and not _active(ledger, to):
                return False
        elif (epoch := group.epochs.get(to_epoch)) and not ledger.sound(group.ref, epoch):
            return False
    return True


def _unheld(head: Head, ledger: Ledger) -> bool:
    """Whether it was granted to a group's earlier key that nobody has: made before the first member came, who has only
    the next one."""
    for to, to_epoch in head.grants:
        group = ledger.groups.get(to)
        epoch = group.epochs.get(to_epoch) if group else None
        if group and epoch and epoch not in group.live() and not any(_active(ledger, p) for p in epoch.sealed):
            return True
    return False


def _active(ledger: Ledger, principal: bytes) -> bool:
    return (known := ledger.principals.get(principal)) is not None and known.active
