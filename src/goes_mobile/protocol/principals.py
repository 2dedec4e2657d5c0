"""What the control log says about whom: principals, groups with their keys, orders."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from goes_mobile.protocol import clear
from goes_mobile.protocol.streams import GroupRef

_MOST_OFFERS = 16


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
    certified: str = ""
    """The role it was certified with; ``changes`` are the later ones, each from a position of the control log on."""
    changes: tuple[tuple[int, str], ...] = ()

    @property
    def active(self) -> bool:
        return self.revoked is None and not self.suspended

    def role_at(self, control_position: int) -> str:
        """The role of an author who had seen the control log up to there: what was allowed then stays allowed."""
        role = self.certified or self.role
        for since, changed in self.changes:
            if since <= control_position:
                role = changed
        return role


@dataclass(slots=True)
class GroupEpoch:
    """One key of a group: its public half and who was granted the private half."""

    epoch: bytes
    kem: bytes
    author: bytes
    replaces: tuple[bytes, ...]
    sealed: dict[bytes, bytes] = field(default_factory=dict, repr=False)
    """The first grant to each; :meth:`offers` has the others too."""
    more: dict[bytes, list[bytes]] = field(default_factory=dict, repr=False)

    def hand_out(self, to: bytes, sealed: bytes) -> None:
        """A grant that does not open (a mistake, or worse) must not keep out the one that does."""
        if self.sealed.setdefault(to, sealed) != sealed:
            others = self.more.setdefault(to, [])
            if sealed not in others and len(others) < _MOST_OFFERS:
                others.append(sealed)

    def offers(self, to: bytes) -> list[bytes]:
        """All that was sealed to this principal, to be tried in turn."""
        return [self.sealed[to], *self.more.get(to, ())] if to in self.sealed else []


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
    asked: frozenset[bytes] = frozenset()
    """The devices there were when it was released: each is to confirm."""
    confirmed_by: set[bytes] = field(default_factory=set)
