"""The control log, read: who exists, who may what, which keys are live. The same code judges on server and devices.

``apply`` takes entries in the order of the log and never raises for what somebody signed: it answers with a
:data:`Verdict`. Everything rests on the root key whose fingerprint is the organisation's id, nothing on the server's
word.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from goes_mobile.protocol import clear
from goes_mobile.protocol.entry import Entry
from goes_mobile.protocol.keys import principal_id
from goes_mobile.protocol.principals import Group, GroupEpoch, OrderState, Principal
from goes_mobile.protocol.problems import Malformed
from goes_mobile.protocol.roles import rights, who_may
from goes_mobile.protocol.streams import CONTROL, GroupRef, StreamRef

__all__ = [
    "Group",
    "GroupEpoch",
    "Ledger",
    "OrderState",
    "Principal",
    "Verdict",
    "certified_by_itself",
    "recovery_epoch",
]

Verdict = Literal["ok", "unknown_type", "unknown_author", "not_allowed", "undecodable", "unknown_subject"]
_NOT_PLACED = 2**62
"""The position of a control entry that the server has not placed yet: after all others."""


@dataclass
class Ledger:
    """The state after the applied part of an organisation's control log."""

    organisation: bytes
    founding: clear.Founding | None = None
    principals: dict[bytes, Principal] = field(default_factory=dict)
    groups: dict[bytes, Group] = field(default_factory=dict)
    orders: dict[bytes, OrderState] = field(default_factory=dict)
    escrows: dict[bytes, clear.Escrow] = field(default_factory=dict)
    late: dict[bytes, bool] = field(default_factory=dict)
    ended: dict[bytes, bytes] = field(default_factory=dict)
    """Devices whose authority has ended, with the entry of this log that ended it."""
    used: set[bytes] = field(default_factory=set)
    """Invites that have certified a device: they are nobody's way in any more."""
    erased: set[bytes] = field(default_factory=set)
    """Streams that a released order erases."""
    redacted: set[tuple[bytes, bytes]] = field(default_factory=set)
    """(stream, entry) that a released order takes the body of; (stream, blob) that it takes altogether."""
    version: int = 0
    _early: dict[bytes, list[tuple[Principal, clear.Release | clear.Confirmation]]] = field(default_factory=dict)
    """What speaks of an order that is not here yet: chains may come in any order."""

    def apply(self, entry: Entry, position: int | None = None) -> Verdict:
        """Take one entry of the control log whose signature has been verified; ``position`` is its place there."""
        if entry.body is None:
            return "undecodable"
        try:
            record = clear.decode(entry.body)
        except Malformed:
            return "undecodable"
        if record is None:
            return "unknown_type"
        self.version += 1
        verdict = self._judge(entry.header.device, record, _NOT_PLACED if position is None else position)
        if verdict == "ok" and isinstance(record, clear.Revocation | clear.Device):
            for ended in self.principals.values():
                if not ended.active:
                    self.ended.setdefault(ended.id, entry.hash)
        return verdict

    def author(self, device: bytes) -> Principal | None:
        """The certified principal, or the root before anything is founded."""
        return self.principals.get(device)

    def signing_key(self, entry: Entry) -> bytes | None:
        """The key an entry must be signed with; a founding entry brings its own, whose fingerprint we know."""
        principal = self.principals.get(entry.header.device)
        if principal:
            return principal.sign
        return certified_by_itself(entry)

    def devices(self) -> list[Principal]:
        return [p for p in self.principals.values() if p.sort == "device"]

    def members_devices(self, member: bytes) -> list[Principal]:
        return [p for p in self.devices() if p.member == member]

    def holders(self, group: bytes) -> set[bytes]:
        """Principals that hold a live key of the group, are active and, if invites, still open."""
        known = self.groups.get(group)
        if known is None:
            return set()
        let_in = {p for epoch in known.live() for p in epoch.sealed} - self.used
        return {p for p in let_in if (q := self.principals.get(p)) and q.active}

    def groups_of(self, principal: bytes) -> list[bytes]:
        """The groups whose live keys a principal holds."""
        return [group for group in self.groups if principal in self.holders(group)]

    def ever_in(self, principal: bytes) -> set[bytes]:
        """The groups a principal was granted any key of, then or now."""
        return {
            owner for owner, group in self.groups.items() if any(principal in e.sealed for e in group.epochs.values())
        }

    def may_hold(self, principal: Principal, ref: GroupRef) -> bool:
        """Whether a certificate entitles to a group's key, now."""
        return principal.active and self.entitled(principal, ref)

    def entitled(self, principal: Principal, ref: GroupRef) -> bool:
        """What a certificate entitles to while nobody has ended it. Administrators are not readers."""
        if principal.sort == "root" or ref.type not in rights(principal.role).reads:
            return False
        return not ref.subject or ref.subject in principal.sites

    def sound(self, ref: GroupRef, epoch: GroupEpoch) -> bool:
        """Whether a group's key reaches nobody but those who may hold it now: nothing is sealed under another."""
        return all(self.may_hold(p, ref) for to in epoch.sealed if (p := self.principals.get(to)))

    def refuses_revocation(self, author: Principal, subject: Principal) -> str:
        """Why somebody may not end a device's or an invite's authority; empty if they may. The sheet stays what
        everything rests on; who leaves is let go by another."""
        if subject.id == author.id:
            return "own_device"
        if author.sort != "device" or subject.sort == "root":
            return "not_yours"
        if not self._may_appoint(author, subject.role, subject.sites):
            return "not_yours"
        return "last_administrator" if self._last_administrators({subject.id}) else ""

    def removed(self, stream: bytes, named: bytes) -> bool:
        """Whether a released order took this entry's body (by its hash) or this blob (by its id) away; a body that is
        missing otherwise was withheld."""
        return stream in self.erased or (stream, named) in self.redacted

    def released(self) -> list[OrderState]:
        """The orders that are to be carried out."""
        return [state for state in self.orders.values() if state.released_by]

    # -- judging -----------------------------------------------------------------------------------------------

    def _judge(self, author_id: bytes, record: clear.Known, position: int) -> Verdict:
        if isinstance(record, clear.Founding):
            return self._found(author_id, record)
        author = self.principals.get(author_id)
        if author is None:
            return "unknown_author"
        if not author.active:
            return "not_allowed"
        match record:
            case clear.Administrator():
                return self._certify_administrator(author, record)
            case clear.Invite():
                return self._certify_invite(author, record)
            case clear.Device():
                return self._certify_device(author, record)
            case clear.Epoch():
                return self._new_epoch(author, record)
            case clear.Grant():
                return self._grant(author, record)
            case clear.Revocation():
                return self._revoke(author, record)
            case clear.RoleChange():
                return self._change_role(author, record, position)
            case clear.Escrow():
                self.escrows[author.id] = record
                return "ok"
            case _:
                return self._order(author, record)

    def _found(self, author: bytes, record: clear.Founding) -> Verdict:
        root = principal_id(record.root_sign)
        if author != self.organisation or root != self.organisation:
            return "not_allowed"
        if self.founding is not None:
            return "ok" if record == self.founding else "not_allowed"
        self.founding = record
        self.principals[root] = Principal(root, "root", record.root_sign, b"")
        recovery = GroupRef("recovery").id(self.organisation)
        self.groups[recovery] = Group(GroupRef("recovery"))
        epoch = recovery_epoch(record.recovery_kem)
        self.groups[recovery].epochs[epoch] = GroupEpoch(epoch, record.recovery_kem, root, ())
        return "ok"

    def _certify_administrator(self, author: Principal, record: clear.Administrator) -> Verdict:
        if author.sort != "root" or record.role != "admin":
            return "not_allowed"
        return self._admit(Principal(
            principal_id(record.sign), "device", record.sign, record.kem, record.member, "admin", record.sites,
            author.id,
        ))  # fmt: skip

    def _certify_invite(self, author: Principal, record: clear.Invite) -> Verdict:
        if author.sort != "device" or not self._may_appoint(author, record.role, record.sites):
            return "not_allowed"
        if any(not self._may_appoint(author, p.role, p.sites) for p in self._of(record.member)):
            return "not_allowed"  # nobody gives a device to somebody above themselves
        return self._admit(Principal(
            principal_id(record.sign), "invite", record.sign, record.kem, record.member, record.role, record.sites,
            author.id, record.expires_at,
        ))  # fmt: skip

    def _may_appoint(self, author: Principal, role: str, sites: Iterable[str]) -> bool:
        given = rights(author.role)
        return role in given.appoints and (given.everywhere or set() < set(sites) <= set(author.sites))

    def _certify_device(self, author: Principal, record: clear.Device) -> Verdict:
        if author.sort != "invite":
            return "not_allowed"
        if author.expires_at is not None and record.at > author.expires_at:
            return "not_allowed"
        device = Principal(
            principal_id(record.sign), "device", record.sign, record.kem, author.member, author.role, author.sites,
            author.id, certified=author.certified or author.role, changes=author.changes,
        )  # fmt: skip
        self.used.add(author.id)
        others = [p for p in self.devices() if p.issuer == author.id and p.id != device.id]
        for other in others:  # two devices from one invite: nobody can tell which is the right one
            self.principals[other.id] = replace(other, suspended=True)
        return self._admit(replace(device, suspended=bool(others)))

    def _admit(self, principal: Principal) -> Verdict:
        """An id is a fingerprint: the same key twice is a repetition, and never a way back after revocation."""
        self.principals.setdefault(principal.id, principal)
        return "ok"

    def _new_epoch(self, author: Principal, record: clear.Epoch) -> Verdict:
        if record.owner_type in ("control", "person", "recovery"):
            return "not_allowed"
        ref = GroupRef(record.owner_type, record.subject)  # type: ignore[arg-type]
        if ref.id(self.organisation) != record.owner or len(record.kem) != 32:
            return "not_allowed"
        group = self.groups.get(record.owner)
        may = author.role in who_may("renew_keys") or author.id in (self.holders(record.owner) if group else set())
        if author.sort != "device" or not may:
            return "not_allowed"
        group = self.groups.setdefault(record.owner, Group(ref))
        # Only what is there already can be replaced: no epoch ends itself, and no two end each other.
        replaces = tuple(old for old in record.replaces if old in group.epochs and old != record.epoch)
        epoch = group.epochs.setdefault(record.epoch, GroupEpoch(record.epoch, record.kem, author.id, replaces))
        return self._hand_out(ref, epoch, record.grants)

    def _grant(self, author: Principal, record: clear.Grant) -> Verdict:
        group = self.groups.get(record.owner)
        epoch = group.epochs.get(record.epoch) if group else None
        if group is None or epoch is None:
            return "unknown_subject"
        by_sheet = author.sort == "root" and GroupRef("recovery").id(self.organisation) in epoch.sealed
        if author.id != epoch.author and author.id not in epoch.sealed and not by_sheet:
            return "not_allowed"
        return self._hand_out(group.ref, epoch, record.grants)

    def _hand_out(self, ref: GroupRef, epoch: GroupEpoch, grants: Iterable[clear.Sealed]) -> Verdict:
        """Grants to those whose certificate entitles them; the recovery sheet may always be granted."""
        recovery = GroupRef("recovery").id(self.organisation)
        allowed = True
        for grant in grants:
            principal = self.principals.get(grant.to)
            if grant.to == recovery or (principal and self.may_hold(principal, ref)):
                epoch.hand_out(grant.to, grant.sealed)
            else:
                allowed = False
        return "ok" if allowed else "not_allowed"

    def _revoke(self, author: Principal, record: clear.Revocation) -> Verdict:
        subject = self.principals.get(record.device)
        if subject is None:
            return "unknown_subject"
        if self.refuses_revocation(author, subject):
            return "not_allowed"
        if subject.revoked is None:
            self.principals[subject.id] = replace(subject, revoked=record)
        return "ok"

    def _change_role(self, author: Principal, record: clear.RoleChange, position: int) -> Verdict:
        of_member = self._of(record.member)
        if author.sort != "device" or author.role not in who_may("change_roles"):
            return "not_allowed"
        if record.role != "admin" and self._last_administrators({p.id for p in of_member}):
            return "not_allowed"
        for p in of_member:  # an open invite too: it must not bring the old role back
            self.principals[p.id] = replace(
                p, role=record.role, sites=record.sites, certified=p.certified or p.role,
                changes=(*p.changes, (position, record.role)),
            )  # fmt: skip
        return "ok"

    def _of(self, member: bytes) -> list[Principal]:
        return [p for p in self.principals.values() if p.sort != "root" and p.member == member]

    def _last_administrators(self, devices: set[bytes]) -> bool:
        """Whether no administrator would be left without these: nobody could invite any more."""
        active = {p.id for p in self.devices() if p.role == "admin" and p.active}
        return bool(active & devices) and active <= devices

    def _order(self, author: Principal, record: clear.Known) -> Verdict:
        if author.sort != "device":
            return "not_allowed"
        if isinstance(record, clear.Order):
            return self._propose(author, record)
        if isinstance(record, clear.LateDecision):
            if author.role not in who_may("decide_late"):
                return "not_allowed"
            self.late.update(dict.fromkeys(record.entries, record.accept))
            return "ok"
        if not isinstance(record, clear.Release | clear.Confirmation):
            return "not_allowed"
        state = self.orders.get(record.order)
        if state is None:
            self._early.setdefault(record.order, []).append((author, record))
            return "unknown_subject"
        return self._take_up(state, author, record)

    def _propose(self, author: Principal, record: clear.Order) -> Verdict:
        """A young person's file may be erased; what the organisation and its sites share is redacted, never erased."""
        if record.stream == CONTROL.id(self.organisation):
            return "not_allowed"
        if record.action == "erase" and any(
            StreamRef(group.ref.type, group.ref.subject).id(self.organisation) == record.stream
            for group in self.groups.values() if group.ref.type != "recovery"
        ):  # fmt: skip
            return "not_allowed"
        state = self.orders.setdefault(record.order, OrderState(record, author.id))
        for other, said in self._early.pop(record.order, ()):
            self._take_up(state, other, said)
        return "ok"

    def _take_up(self, state: OrderState, author: Principal, record: clear.Release | clear.Confirmation) -> Verdict:
        if isinstance(record, clear.Confirmation):
            state.confirmed_by.add(author.id)
            return "ok"
        proposer = self.principals[state.proposed_by]
        if author.role not in who_may("release_orders") or author.member == proposer.member:
            return "not_allowed"  # four eyes: a second person, and one who may
        if state.released_by:
            return "ok"
        state.released_by = author.id
        state.asked = frozenset(device.id for device in self.devices() if device.active)
        if state.order.action == "erase":
            self.erased.add(state.order.stream)
        else:
            self.redacted.update((state.order.stream, entry) for entry in state.order.entries)
        return "ok"


def recovery_epoch(kem: bytes) -> bytes:
    """The recovery group has one key, the sheet's; its epoch is the key's fingerprint."""
    return principal_id(kem)


def certified_by_itself(entry: Entry) -> bytes | None:
    """The root key inside a founding entry, if the entry's author is indeed its fingerprint."""
    if entry.body is None or entry.header.device != entry.header.organisation:
        return None
    try:
        record = clear.decode(entry.body)
    except Exception:
        return None
    if isinstance(record, clear.Founding) and principal_id(record.root_sign) == entry.header.organisation:
        return record.root_sign
    return None
