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
from goes_mobile.protocol.streams import GroupRef

Verdict = Literal["ok", "unknown_type", "unknown_author", "not_allowed", "undecodable", "unknown_subject"]
BELOW_SUPERVISOR: frozenset[str] = frozenset({"outreach", "office"})


@dataclass(frozen=True, slots=True)
class Principal:
    """Root, administrator's or enrolled device, or invite, as certified."""

    id: bytes
    sort: Literal["root", "device", "invite"]
    sign: bytes = field(repr=False)
    kem: bytes = field(repr=False)
    member: bytes = b""
    role: str = ""
    sites: tuple[str, ...] = ()
    issuer: bytes = b""
    expires_at: int | None = None
    revoked: clear.Revocation | None = None
    suspended: bool = False

    @property
    def active(self) -> bool:
        return self.revoked is None and not self.suspended


@dataclass(slots=True)
class GroupEpoch:
    """One key of a group: its public half and who was granted the private half."""

    epoch: bytes
    kem: bytes
    author: bytes
    replaces: tuple[bytes, ...]
    sealed: dict[bytes, bytes] = field(default_factory=dict, repr=False)


@dataclass(slots=True)
class Group:
    ref: GroupRef
    epochs: dict[bytes, GroupEpoch] = field(default_factory=dict)

    def live(self) -> list[GroupEpoch]:
        """Epochs that no other replaces: one, or two after two people rotated apart."""
        replaced = {old for epoch in self.epochs.values() for old in epoch.replaces}
        return [epoch for name, epoch in sorted(self.epochs.items()) if name not in replaced]


@dataclass(slots=True)
class OrderState:
    order: clear.Order
    proposed_by: bytes
    released_by: bytes | None = None
    confirmed_by: set[bytes] = field(default_factory=set)


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
    version: int = 0

    def apply(self, entry: Entry) -> Verdict:
        """Take one entry of the control log whose signature has been verified."""
        if entry.body is None:
            return "undecodable"
        try:
            record = clear.decode(entry.body)
        except ValueError:
            return "undecodable"
        except Exception:
            return "undecodable"
        if record is None:
            return "unknown_type"
        verdict = self._judge(entry.header.device, record)
        if verdict == "ok":
            self.version += 1
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
        """Principals that hold a live key of the group and are active."""
        known = self.groups.get(group)
        if known is None:
            return set()
        return {p for epoch in known.live() for p in epoch.sealed if (q := self.principals.get(p)) and q.active}

    def groups_of(self, principal: bytes) -> list[bytes]:
        """The groups whose live keys a principal holds."""
        return [group for group in self.groups if principal in self.holders(group)]

    def may_hold(self, principal: Principal, ref: GroupRef) -> bool:
        """Whether a certificate entitles to a group's key. Administrators are not readers."""
        if principal.sort == "root" or not principal.active:
            return False
        rules = {
            "org": True,
            "site": ref.subject in principal.sites,
            "site_supervisors": principal.role == "supervisor" and ref.subject in principal.sites,
            "coordination": principal.role in ("supervisor", "admin"),
            "recovery": False,
        }
        return rules[ref.type]

    # -- judging -----------------------------------------------------------------------------------------------

    def _judge(self, author_id: bytes, record: clear.Known) -> Verdict:
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
                return self._change_role(author, record)
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
        return self._admit(Principal(
            principal_id(record.sign), "invite", record.sign, record.kem, record.member, record.role, record.sites,
            author.id, record.expires_at,
        ))  # fmt: skip

    def _may_appoint(self, author: Principal, role: str, sites: Iterable[str]) -> bool:
        if author.role == "admin":
            return True
        return author.role == "supervisor" and role in BELOW_SUPERVISOR and set(sites) <= set(author.sites)

    def _certify_device(self, author: Principal, record: clear.Device) -> Verdict:
        if author.sort != "invite":
            return "not_allowed"
        if author.expires_at is not None and record.at > author.expires_at:
            return "not_allowed"
        device = Principal(
            principal_id(record.sign),
            "device",
            record.sign,
            record.kem,
            author.member,
            author.role,
            author.sites,
            author.id,
        )
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
        may = author.role == "admin" or author.id in (self.holders(record.owner) if group else set())
        if author.sort != "device" or not may:
            return "not_allowed"
        group = self.groups.setdefault(record.owner, Group(ref))
        epoch = group.epochs.setdefault(
            record.epoch, GroupEpoch(record.epoch, record.kem, author.id, tuple(record.replaces))
        )
        return self._hand_out(ref, epoch, record.grants)

    def _grant(self, author: Principal, record: clear.Grant) -> Verdict:
        group = self.groups.get(record.owner)
        epoch = group.epochs.get(record.epoch) if group else None
        if group is None or epoch is None:
            return "unknown_subject"
        if author.id != epoch.author and author.id not in epoch.sealed:
            return "not_allowed"
        return self._hand_out(group.ref, epoch, record.grants)

    def _hand_out(self, ref: GroupRef, epoch: GroupEpoch, grants: Iterable[clear.Sealed]) -> Verdict:
        """Grants to those whose certificate entitles them; the recovery sheet may always be granted."""
        recovery = GroupRef("recovery").id(self.organisation)
        allowed = True
        for grant in grants:
            principal = self.principals.get(grant.to)
            if grant.to == recovery or (principal and self.may_hold(principal, ref)):
                epoch.sealed.setdefault(grant.to, grant.sealed)
            else:
                allowed = False
        return "ok" if allowed else "not_allowed"

    def _revoke(self, author: Principal, record: clear.Revocation) -> Verdict:
        device = self.principals.get(record.device)
        if device is None:
            return "unknown_subject"
        if author.sort != "device" or not self._may_appoint(author, device.role, device.sites):
            return "not_allowed"
        if device.role == "admin" and [p.id for p in self.devices() if p.role == "admin" and p.active] == [device.id]:
            return "not_allowed"  # the last administrator: nobody could invite any more
        if device.revoked is None:
            self.principals[device.id] = replace(device, revoked=record)
        return "ok"

    def _change_role(self, author: Principal, record: clear.RoleChange) -> Verdict:
        if author.sort != "device" or author.role != "admin":
            return "not_allowed"
        for device in self.members_devices(record.member):
            self.principals[device.id] = replace(device, role=record.role, sites=record.sites)
        return "ok"

    def _order(self, author: Principal, record: clear.Known) -> Verdict:
        if author.sort != "device":
            return "not_allowed"
        if isinstance(record, clear.Order):
            self.orders.setdefault(record.order, OrderState(record, author.id))
            return "ok"
        if isinstance(record, clear.LateDecision):
            if author.role != "supervisor":
                return "not_allowed"
            self.late.update(dict.fromkeys(record.entries, record.accept))
            return "ok"
        if not isinstance(record, clear.Release | clear.Confirmation):
            return "not_allowed"
        state = self.orders.get(record.order)
        if state is None:
            return "unknown_subject"
        if isinstance(record, clear.Confirmation):
            state.confirmed_by.add(author.id)
            return "ok"
        proposer = self.principals[state.proposed_by]
        if author.role != "supervisor" or author.member == proposer.member:
            return "not_allowed"  # four eyes: a second person, and one who may
        state.released_by = state.released_by or author.id
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
