"""The keyring: opens what was granted to it, takes nothing for a key that does not bear its name."""

from __future__ import annotations

import os

import pytest

from goes_mobile.protocol import clear
from goes_mobile.protocol.keys import KeyPair, epoch_name, kem_public, seal_to
from goes_mobile.protocol.streams import GroupRef, StreamRef
from goes_mobile.vault.keyring import Keyring, OpenedKey, grant_info, new_group
from tests.actors import SITE, Organisation

DEVICE = KeyPair.from_seed(bytes(32))
OWNER = bytes(range(16))
KEY = bytes(range(32))
EPOCH = epoch_name(KEY, OWNER)


@pytest.fixture
def ring() -> Keyring:
    return Keyring(bytes(16), DEVICE)


def sealed(key: bytes = KEY, info: bytes | None = None, to: KeyPair = DEVICE) -> bytes:
    return seal_to(to.public.kem, key, grant_info(OWNER, EPOCH) if info is None else info)


def epoch(*grants: clear.Sealed, name: bytes = EPOCH, replaces: tuple[bytes, ...] = ()) -> clear.Epoch:
    return clear.Epoch(owner_type="person", owner=OWNER, epoch=name, grants=grants, replaces=replaces)


def test_a_group_key_granted_to_this_device_opens(ring: Keyring) -> None:
    [opened] = ring.absorb_group(OWNER, EPOCH, sealed(), kem_public(KEY))
    assert (opened.key, opened.is_group) == (KEY, True)
    assert ring.absorb_group(OWNER, EPOCH, sealed(), kem_public(KEY)) == []
    assert KEY.hex() not in repr(ring)
    assert repr(KEY) not in repr(opened)


def test_a_key_must_bear_its_epochs_name(ring: Keyring) -> None:
    other = os.urandom(32)
    assert ring.absorb_group(OWNER, EPOCH, sealed(other)) == []
    assert ring.absorb(epoch(clear.Sealed(to=DEVICE.principal, sealed=sealed(other)))) == []


def test_a_group_whose_public_half_is_somebody_elses_is_not_joined(ring: Keyring) -> None:
    """Whoever made it would read what we seal to the group."""
    assert ring.absorb_group(OWNER, EPOCH, sealed(), kem_public(os.urandom(32))) == []


def test_a_grant_for_another_owner_epoch_or_device_does_not_open(ring: Keyring) -> None:
    stranger = KeyPair.from_seed(b"\x01" * 32)
    other_owner, other_epoch = sealed(info=grant_info(bytes(16), EPOCH)), sealed(info=grant_info(OWNER, bytes(16)))
    for wrong in (other_owner, other_epoch, sealed(to=stranger), b"", sealed()[:-1]):
        assert ring.absorb_group(OWNER, EPOCH, wrong) == []


def test_every_flipped_bit_of_a_grant_is_refused(ring: Keyring) -> None:
    grant = sealed()
    for index in range(len(grant)):
        for bit in range(8):
            flipped = grant[:index] + bytes([grant[index] ^ (1 << bit)]) + grant[index + 1 :]
            assert ring.absorb_group(OWNER, EPOCH, flipped) == []
    assert ring.groups == {}


def test_a_stream_key_opens_by_the_group_it_was_granted_to(ring: Keyring) -> None:
    secret = os.urandom(32)
    group, group_epoch = bytes(16), epoch_name(secret, bytes(16))
    for_group = seal_to(kem_public(secret), KEY, grant_info(OWNER, EPOCH))
    grant = clear.Sealed(to=group, to_epoch=group_epoch, sealed=for_group)
    assert ring.absorb(epoch(grant)) == []
    ring.add(OpenedKey(group, group_epoch, True, secret))
    [opened] = ring.absorb(epoch(grant))
    assert (opened.key, opened.is_group) == (KEY, False)
    assert ring.key(OWNER, EPOCH) == KEY


def test_one_bad_grant_does_not_hide_the_good_one(ring: Keyring) -> None:
    bad = clear.Sealed(to=DEVICE.principal, sealed=b"rubbish")
    assert len(ring.absorb(epoch(bad, clear.Sealed(to=DEVICE.principal, sealed=sealed())))) == 1


def test_all_devices_choose_the_same_key_to_seal_with(ring: Keyring) -> None:
    keys = [os.urandom(32) for _ in range(3)]
    names = [epoch_name(key, OWNER) for key in keys]
    for name, key in zip(names, keys, strict=True):
        ring.add(OpenedKey(OWNER, name, False, key))
    chosen = ring.sealing(OWNER)
    assert chosen is not None
    assert chosen[0] == max(names)
    ring.replaced[OWNER] = {chosen[0]}
    assert ring.sealing(OWNER) == (sorted(names)[-2], keys[names.index(sorted(names)[-2])])
    ring.replaced[OWNER] = set(names)
    assert ring.sealing(OWNER) is None
    assert ring.sealing(bytes(16)) is None


def test_a_new_persons_stream_does_not_say_whom_it_is_about() -> None:
    team = Organisation.found()
    member = team.enrol("outreach")
    ring = Keyring(team.id, member.keys)
    person = "01920000-0000-7000-8000-000000000001"
    made = ring.new_stream(StreamRef("person", person), SITE, team.ledger)
    assert made.record.subject == ""
    assert person.encode() not in clear.encode(made.record)
    assert bytes.fromhex(person.replace("-", "")) not in clear.encode(made.record)
    groups = {GroupRef("site", SITE).id(team.id), GroupRef("recovery").id(team.id)}
    assert {grant.to for grant in made.record.grants} == groups
    assert ring.sealing(made.record.owner) is None  # not before the record that grants it is written


def test_a_new_group_is_always_granted_to_the_sheet() -> None:
    team = Organisation.found()
    made = new_group(GroupRef("site", SITE), team.ledger, [])
    [grant] = made.record.grants
    assert grant.to == GroupRef("recovery").id(team.id)
    ring = Keyring(team.id, KeyPair(bytes(32), team.sheet.recovery_kem))
    ring.groups[grant.to] = {grant.to_epoch: team.sheet.recovery_kem}
    assert ring._open(grant, made.record.owner, made.record.epoch) == made.opened.key
