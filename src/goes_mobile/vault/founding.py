"""The control records that make an organisation, invite a member and enrol a device. Pure: signing is the store's."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from goes_mobile.protocol import clear
from goes_mobile.protocol.codes import InviteSecret, RecoverySheet
from goes_mobile.protocol.keys import KeyPair, PublicKeys, epoch_name, kem_public, open_sealed, seal_to
from goes_mobile.protocol.ledger import GroupEpoch, Ledger, Principal
from goes_mobile.protocol.problems import Malformed
from goes_mobile.protocol.streams import GroupRef
from goes_mobile.vault.keyring import Keyring, NewEpoch, OpenedKey, grant_info, new_group
from goes_mobile.vault.rotation import members


def founding_records(sheet: RecoverySheet, server_sign: bytes, device: PublicKeys, member: bytes,
                     sites: tuple[str, ...]) -> list[clear.Known]:  # fmt: skip
    """What the root key signs, once: itself, and the first administrator."""
    return [
        clear.Founding(
            root_sign=sheet.root.public.sign, recovery_kem=kem_public(sheet.recovery_kem), server_sign=server_sign
        ),
        clear.Administrator(sign=device.sign, kem=device.kem, member=member, sites=sites),
    ]


def first_groups(ledger: Ledger, device: Principal, sites: Iterable[str]) -> list[tuple[NewEpoch, bool]]:
    """The groups' first keys and whether the founding device may keep each: an administrator is not a reader."""
    refs = [GroupRef("org"), GroupRef("coordination")]
    for site in sites:
        refs += [GroupRef("site", site), GroupRef("site_supervisors", site)]
    made = []
    for ref in refs:
        keeps = ledger.may_hold(device, ref)
        made.append((new_group(ref, ledger, [(device.id, device.kem)] if keeps else []), keeps))
    return made


def groups_for(role: str, sites: Iterable[str]) -> list[GroupRef]:
    """The groups a member of this role and these sites works in."""
    refs = [GroupRef("org")]
    if role in ("supervisor", "admin"):
        refs.append(GroupRef("coordination"))
    for site in sites:
        refs.append(GroupRef("site", site))
        if role == "supervisor":
            refs.append(GroupRef("site_supervisors", site))
    return refs


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the inviter signs. ``forget``: keys made for a group the inviter does not belong to are not kept."""

    records: list[clear.Known]
    keep: list[OpenedKey]


def invitation(invite: InviteSecret, member: bytes, role: clear.Role, sites: tuple[str, ...], expires_at: int,
               ledger: Ledger, keyring: Keyring) -> Invitation:  # fmt: skip
    """Certify the invite and grant it its groups' keys: all epochs we hold; where we hold none (an administrator who is
    no reader), a new epoch for today's holders and the newcomer, made and forgotten."""
    public = invite.keys.public
    records: list[clear.Known] = [
        clear.Invite(
            sign=public.sign, kem=public.kem, member=member, role=role, sites=sites, expires_at=expires_at
        )
    ]  # fmt: skip
    keep: list[OpenedKey] = []
    me = ledger.principals[keyring.device.principal]
    for ref in groups_for(role, sites):
        owner = ref.id(ledger.organisation)
        held = keyring.groups.get(owner, {})
        live = [epoch.epoch for epoch in ledger.groups[owner].live()] if owner in ledger.groups else []
        if live and all(epoch in held for epoch in live):
            records += [regrant(owner, epoch, key, public) for epoch, key in held.items()]
            continue
        holders = [(p.id, p.kem) for p in members(ledger, ledger.groups[owner])] if live else []
        made = new_group(ref, ledger, [*holders, (public.principal, public.kem)], replaces=live)
        records.append(made.record)
        if ledger.may_hold(me, ref):
            keep.append(made.opened)
    return Invitation(records, keep)


def regrant(owner: bytes, epoch: bytes, key: bytes, to: PublicKeys) -> clear.Grant:
    """An epoch key we hold, granted to one more principal."""
    sealed = seal_to(to.kem, key, grant_info(owner, epoch))
    return clear.Grant(owner=owner, epoch=epoch, grants=(clear.Sealed(to=to.principal, sealed=sealed),))


def enrolment(invite: InviteSecret, device: KeyPair, ledger: Ledger, at_ms: int) -> list[clear.Known]:
    """What the invite's key signs: the device's certificate, and all it was granted passed on to the device."""
    public = device.public
    records: list[clear.Known] = [clear.Device(sign=public.sign, kem=public.kem, at=at_ms)]
    for owner, group in sorted(ledger.groups.items()):
        for epoch in group.epochs.values():
            if public.principal in epoch.sealed:
                continue
            for sealed in epoch.offers(invite.keys.principal):
                with contextlib.suppress(Malformed):
                    key = open_sealed(invite.keys.kem_secret, sealed, grant_info(owner, epoch.epoch))
                    if epoch_name(key, owner) == epoch.epoch:
                        records.append(regrant(owner, epoch.epoch, key, public))
                        break
    return records


def escrow(vault_key: bytes, device: Principal, ledger: Ledger) -> clear.Escrow:
    """The vault key sealed to the supervisors of the member's sites and to the recovery sheet, from the first day."""
    info = _escrow_info(device.id)
    grants = tuple(
        clear.Sealed(to=group, to_epoch=live.epoch, sealed=seal_to(live.kem, vault_key, info))
        for group, live in _escrow_holders(device, ledger)
    )
    return clear.Escrow(grants=grants)


def escrow_outdated(device: Principal, ledger: Ledger) -> bool:
    """Whether nobody has this device's vault key yet, or its supervisors have another key now, or it has others."""
    kept = ledger.escrows.get(device.id)
    wanted = {(group, live.epoch) for group, live in _escrow_holders(device, ledger)}
    return kept is None or {(grant.to, grant.to_epoch) for grant in kept.grants} != wanted


def open_escrow(kept: clear.Escrow, device: bytes, held: Mapping[bytes, Mapping[bytes, bytes]]) -> bytes | None:
    """A device's vault key, by group keys held (group -> epoch -> key); ``None`` if it was left to none of them."""
    for grant in kept.grants:
        secret = held.get(grant.to, {}).get(grant.to_epoch)
        if secret is not None:
            with contextlib.suppress(Malformed):
                return open_sealed(secret, grant.sealed, _escrow_info(device))
    return None


def _escrow_holders(device: Principal, ledger: Ledger) -> list[tuple[bytes, GroupEpoch]]:
    refs = [GroupRef("site_supervisors", site) for site in device.sites] + [GroupRef("recovery")]
    groups = [ref.id(ledger.organisation) for ref in refs]
    return [(group, live) for group in groups if group in ledger.groups for live in ledger.groups[group].live()]


def _escrow_info(device: bytes) -> bytes:
    return b"goes escrow 1" + device


def completions(ledger: Ledger, keyring: Keyring) -> list[clear.Grant]:
    """Keys that a colleague of our groups should have and was not granted: older ones for a newcomer, newer ones for
    somebody who enrolled while the group's key was being renewed.

    An administrator who is no reader can bring a newcomer in only with a new key; what was written before becomes
    readable as soon as any colleague's device of that group is online.
    """
    grants: list[clear.Grant] = []
    for owner, held in keyring.groups.items():
        group = ledger.groups.get(owner)
        if group is None:
            continue
        colleagues = [PublicKeys(p.sign, p.kem) for p in members(ledger, group) if p.sort == "device"]
        for name, key in held.items():
            epoch = group.epochs.get(name)
            if epoch is not None:
                grants += [regrant(owner, name, key, keys) for keys in colleagues if keys.principal not in epoch.sealed]
    return grants


def by_sheet(sheet: RecoverySheet, ledger: Ledger) -> list[clear.Grant]:
    """All keys of all groups, for the root to grant: to every device and open invite that may hold them and does not.
    The supervisors' keys wait for a supervisor: an administrator's certificate does not entitle to them."""
    recovery = GroupRef("recovery").id(ledger.organisation)
    able = [p for p in ledger.principals.values() if p.sort == "device" or p.id not in ledger.used]
    grants: list[clear.Grant] = []
    for owner, group in sorted(ledger.groups.items()):
        entitled = [PublicKeys(p.sign, p.kem) for p in able if ledger.may_hold(p, group.ref)]
        for epoch in group.epochs.values():
            lacking = [keys for keys in entitled if keys.principal not in epoch.sealed]
            key = _by_sheet(sheet, owner, epoch, recovery) if lacking else None
            if key is not None:
                grants += [regrant(owner, epoch.epoch, key, keys) for keys in lacking]
    return grants


def _by_sheet(sheet: RecoverySheet, owner: bytes, epoch: GroupEpoch, recovery: bytes) -> bytes | None:
    for sealed in epoch.offers(recovery):
        with contextlib.suppress(Malformed):
            key = open_sealed(sheet.recovery_kem, sealed, grant_info(owner, epoch.epoch))
            if epoch_name(key, owner) == epoch.epoch and kem_public(key) == epoch.kem:
                return key
    return None
