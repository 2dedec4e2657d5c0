"""A device's opened keys: of its groups, and of the streams granted to them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from goes_mobile.protocol import clear
from goes_mobile.protocol.keys import KEY, KeyPair, epoch_name, kem_public, open_sealed, seal_to
from goes_mobile.protocol.ledger import Ledger
from goes_mobile.protocol.problems import Malformed
from goes_mobile.protocol.streams import GroupRef, GroupType, StreamRef, StreamType, recipients


@dataclass(frozen=True, slots=True)
class OpenedKey:
    """One opened epoch key: a group's private half or a stream's key. The store keeps it sealed under the vault key."""

    owner: bytes
    epoch: bytes
    is_group: bool
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewEpoch:
    """A freshly made epoch: the key for this device and the record that grants it."""

    opened: OpenedKey
    record: clear.Epoch


def grant_info(owner: bytes, epoch: bytes) -> bytes:
    """What an HPKE-sealed key is bound to."""
    return b"goes grant 1" + owner + epoch


@dataclass
class Keyring:
    """All keys open while unlocked. Nothing here touches a disk."""

    organisation: bytes
    device: KeyPair
    groups: dict[bytes, dict[bytes, bytes]] = field(default_factory=dict, repr=False)
    streams: dict[bytes, dict[bytes, bytes]] = field(default_factory=dict, repr=False)
    replaced: dict[bytes, set[bytes]] = field(default_factory=dict, repr=False)

    def add(self, opened: OpenedKey) -> None:
        keys = self.groups if opened.is_group else self.streams
        keys.setdefault(opened.owner, {})[opened.epoch] = opened.key

    def key(self, stream: bytes, epoch: bytes) -> bytes | None:
        return self.streams.get(stream, {}).get(epoch)

    def sealing(self, stream: bytes) -> tuple[bytes, bytes] | None:
        """(epoch, key) to seal with: a live epoch that this device holds; all devices choose the same one."""
        held = self.streams.get(stream, {})
        live = sorted(held.keys() - self.replaced.get(stream, set()))
        return (live[-1], held[live[-1]]) if live else None

    def absorb(self, record: clear.Epoch | clear.Grant) -> list[OpenedKey]:
        """Open what a stream's record grants to us. A key that does not match its epoch's name is not one."""
        if isinstance(record, clear.Epoch):
            self.replaced.setdefault(record.owner, set()).update(record.replaces)
        if record.epoch in self.streams.get(record.owner, {}):
            return []
        for grant in record.grants:
            key = self._open(grant, record.owner, record.epoch)
            if key is not None and epoch_name(key, record.owner) == record.epoch:
                opened = OpenedKey(record.owner, record.epoch, False, key)
                self.add(opened)
                return [opened]
        return []

    def absorb_group(self, owner: bytes, epoch: bytes, sealed: bytes, kem: bytes = b"") -> list[OpenedKey]:
        """Open a group's key that the ledger says was sealed to this device. ``kem`` is the public half that others
        seal to: if it were another key's, they would seal to somebody else what we should read.
        """
        if epoch in self.groups.get(owner, {}):
            return []
        try:
            key = open_sealed(self.device.kem_secret, sealed, grant_info(owner, epoch))
        except Malformed:
            return []
        if epoch_name(key, owner) != epoch or (kem and kem_public(key) != kem):
            return []
        opened = OpenedKey(owner, epoch, True, key)
        self.add(opened)
        return [opened]

    def _open(self, grant: clear.Sealed, owner: bytes, epoch: bytes) -> bytes | None:
        secret = (
            self.device.kem_secret
            if grant.to == self.device.principal
            else self.groups.get(grant.to, {}).get(grant.to_epoch)
        )
        if secret is None:
            return None
        try:
            return open_sealed(secret, grant.sealed, grant_info(owner, epoch))
        except Malformed:
            return None

    def new_stream(self, ref: StreamRef, site: str, ledger: Ledger) -> NewEpoch:
        """The first key of a stream, granted to those who work with it and to the recovery sheet."""
        return new_epoch(ref, recipients(ref, site), ledger)


def new_epoch(ref: StreamRef, groups: Iterable[GroupRef], ledger: Ledger, replaces: Sequence[bytes] = ()) -> NewEpoch:
    """A stream's key for these groups. The record does not say whom a person's stream is about."""
    subject = "" if ref.type == "person" else ref.subject
    receivers = [group.id(ledger.organisation) for group in groups]
    return stream_epoch(ref.type, ref.id(ledger.organisation), subject, receivers, ledger, replaces)


def stream_epoch(owner_type: GroupType | StreamType, owner: bytes, subject: str, receivers: Iterable[bytes],
                 ledger: Ledger, replaces: Sequence[bytes] = ()) -> NewEpoch:  # fmt: skip
    """A stream's key for these groups and principals, as their keys are now."""
    key = os.urandom(KEY)
    epoch = epoch_name(key, owner)
    grants = _granted(owner, epoch, key, receivers, ledger)
    record = clear.Epoch(
        owner_type=owner_type, owner=owner, subject=subject, epoch=epoch, replaces=tuple(replaces), grants=grants
    )
    return NewEpoch(OpenedKey(owner, epoch, False, key), record)


def later_grant(owner: bytes, epoch: bytes, key: bytes, receivers: Iterable[bytes], ledger: Ledger) -> clear.Grant:
    """A stream's key for somebody more."""
    return clear.Grant(owner=owner, epoch=epoch, grants=_granted(owner, epoch, key, receivers, ledger))


def _granted(owner: bytes, epoch: bytes, key: bytes, receivers: Iterable[bytes],
             ledger: Ledger) -> tuple[clear.Sealed, ...]:  # fmt: skip
    return tuple(
        clear.Sealed(to=to, to_epoch=to_epoch, sealed=seal_to(kem, key, grant_info(owner, epoch)))
        for to, to_epoch, kem in dict.fromkeys(place for receiver in receivers for place in places(receiver, ledger))
    )


def places(receiver: bytes, ledger: Ledger) -> list[tuple[bytes, bytes, bytes]]:
    """(to, to_epoch, key) to seal to a group or a principal: never a key that reaches somebody revoked. Where a group
    has no other, its holders one by one."""
    group = ledger.groups.get(receiver)
    if group is None:
        principal = ledger.principals.get(receiver)
        return [(receiver, b"", principal.kem)] if principal and principal.active else []
    sound = [(receiver, live.epoch, live.kem) for live in group.live() if ledger.sound(group.ref, live)]
    if sound:
        return sound
    holders = [ledger.principals[holder] for holder in sorted(ledger.holders(receiver))]
    return [(p.id, b"", p.kem) for p in holders if ledger.may_hold(p, group.ref)]


def new_group(ref: GroupRef, ledger: Ledger, holders: Iterable[tuple[bytes, bytes]],
              replaces: Sequence[bytes] = ()) -> NewEpoch:  # fmt: skip
    """A group's key pair; ``holders`` are (principal, kem key). The recovery sheet is always among them."""
    owner = ref.id(ledger.organisation)
    secret = os.urandom(KEY)
    epoch = epoch_name(secret, owner)
    recovery = GroupRef("recovery").id(ledger.organisation)
    receivers = [(p, b"", kem) for p, kem in holders]
    receivers += [(recovery, live.epoch, live.kem) for live in ledger.groups[recovery].live()]
    grants = tuple(
        clear.Sealed(to=to, to_epoch=to_epoch, sealed=seal_to(kem, secret, grant_info(owner, epoch)))
        for to, to_epoch, kem in receivers
    )
    record = clear.Epoch(
        owner_type=ref.type, owner=owner, subject=ref.subject, epoch=epoch, kem=kem_public(secret),
        replaces=tuple(replaces), grants=grants,
    )  # fmt: skip
    return NewEpoch(OpenedKey(owner, epoch, True, secret), record)
