"""Founding, inviting, enrolling: with real keys, and nobody online who need not be."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest

from goes_mobile.protocol import clear
from goes_mobile.protocol.codes import InviteSecret
from goes_mobile.protocol.keys import KeyPair, kem_public, open_sealed
from goes_mobile.protocol.ledger import Ledger
from goes_mobile.protocol.streams import GroupRef
from goes_mobile.vault.founding import (
    completions,
    enrolment,
    escrow,
    first_groups,
    founding_records,
    groups_for,
    invitation,
    regrant,
)
from goes_mobile.vault.keyring import Keyring, grant_info
from tests.actors import NOW, OTHER_SITE, SITE, Actor, Organisation

SERVER = bytes(32)


@dataclass
class Device:
    """A device that signs control records and opens what it is granted."""

    county: County = field(repr=False)
    actor: Actor
    ring: Keyring = field(init=False)

    def __post_init__(self) -> None:
        self.ring = Keyring(self.county.team.id, self.actor.keys)

    @property
    def id(self) -> bytes:
        return self.actor.id

    def reads(self) -> set[GroupRef]:
        """The groups of which this device now holds a live key."""
        ledger = self.county.ledger
        for owner, group in ledger.groups.items():
            for epoch in group.epochs.values():
                for sealed in epoch.offers(self.id):
                    self.ring.absorb_group(owner, epoch.epoch, sealed, epoch.kem)
        return {
            ledger.groups[o].ref
            for o, held in self.ring.groups.items()
            if {e.epoch for e in ledger.groups[o].live()} & {*held}
        }


class County:
    """Two sites, founded by the vault's own makers."""

    def __init__(self, member_of: tuple[str, ...] = ()) -> None:
        self.team = Organisation.__new__(Organisation)
        founded = Organisation.found(os.urandom)
        self.team.__dict__.update(founded.__dict__, control=[])
        self.team.root = Actor(self.team, self.team.sheet.root)
        self.ledger = Ledger(self.team.id)
        pair = KeyPair.from_seed(os.urandom(32))
        self.admin = Device(self, Actor(self.team, pair, os.urandom(16)))
        self.say(
            self.team.root, founding_records(self.team.sheet, SERVER, pair.public, self.admin.actor.member, member_of)
        )
        made = first_groups(self.ledger, self.ledger.principals[self.admin.id], (SITE, OTHER_SITE))
        self.say(self.admin.actor, [group.record for group, _ in made])
        for group, keeps in made:
            if keeps:
                self.admin.ring.add(group.opened)

    def say(self, author: Actor, records: Iterable[clear.Clear]) -> None:
        for record in records:
            assert self.ledger.apply(author.say(self.team.control_stream, record)) == "ok"

    def invite(self, by: Device, role: clear.Role, *sites: str) -> InviteSecret:
        secret = InviteSecret(os.urandom(16))
        told = invitation(secret, os.urandom(16), role, sites, NOW, self.ledger, by.ring)
        self.say(by.actor, told.records)
        for kept in told.keep:
            by.ring.add(kept)
        return secret

    def enrol(self, secret: InviteSecret) -> Device:
        """On the new device alone: it knows the code and the control log."""
        pair = KeyPair.from_seed(os.urandom(32))
        invited = Actor(self.team, secret.keys)
        self.say(invited, enrolment(secret, pair, self.ledger, NOW))
        return Device(self, Actor(self.team, pair))


@pytest.fixture
def county() -> County:
    return County()


def refs(role: str, *sites: str) -> set[GroupRef]:
    return set(groups_for(role, sites))


def test_an_administrator_holds_what_belongs_to_all_and_forgets_the_rest(county: County) -> None:
    assert county.admin.reads() == {GroupRef("org"), GroupRef("coordination")}
    assert set(county.ledger.groups) == {
        ref.id(county.team.id)
        for ref in (GroupRef("org"), GroupRef("coordination"), GroupRef("recovery"), *(
            GroupRef(kind, site) for kind in ("site", "site_supervisors") for site in (SITE, OTHER_SITE)
        ))  # type: ignore[arg-type]
    }  # fmt: skip


def test_an_administrator_who_works_at_a_site_reads_it() -> None:
    assert County(member_of=(SITE,)).admin.reads() == {
        GroupRef("org"),
        GroupRef("coordination"),
        GroupRef("site", SITE),
    }


def test_the_sheet_opens_every_group(county: County) -> None:
    recovery = GroupRef("recovery").id(county.team.id)
    for owner, group in county.ledger.groups.items():
        for epoch in group.epochs.values():
            if owner != recovery:
                key = open_sealed(
                    county.team.sheet.recovery_kem, epoch.sealed[recovery], grant_info(owner, epoch.epoch)
                )
                assert kem_public(key) == epoch.kem


@pytest.mark.parametrize(
    ("role", "sites"), [("outreach", [SITE]), ("office", [OTHER_SITE]), ("supervisor", [SITE]), ("admin", [])]
)
def test_a_newcomer_reads_what_role_and_site_allow_without_the_inviter(
    county: County, role: clear.Role, sites: list[str]
) -> None:
    secret = county.invite(county.admin, role, *sites)
    assert county.enrol(InviteSecret.typed(secret.code)).reads() == refs(role, *sites)


def test_an_administrator_who_is_no_reader_does_not_become_one_by_inviting(county: County) -> None:
    county.enrol(county.invite(county.admin, "supervisor", SITE))
    assert county.admin.reads() == {GroupRef("org"), GroupRef("coordination")}


def test_a_supervisor_passes_on_all_keys_so_that_the_newcomer_reads_the_past(county: County) -> None:
    supervisor = county.enrol(county.invite(county.admin, "supervisor", SITE))
    supervisor.reads()
    past = {owner: {*held} for owner, held in supervisor.ring.groups.items()}
    newcomer = county.enrol(county.invite(supervisor, "outreach", SITE))
    assert newcomer.reads() == refs("outreach", SITE)
    site = GroupRef("site", SITE).id(county.team.id)
    assert {*newcomer.ring.groups[site]} == past[site]


def test_a_key_renewed_while_the_invite_was_open_reaches_the_newcomer(county: County) -> None:
    waiting = county.invite(county.admin, "outreach", SITE)
    county.invite(county.admin, "outreach", SITE)  # makes a new key of the site: its administrator holds none
    assert county.enrol(waiting).reads() == refs("outreach", SITE)


def test_a_key_renewed_later_is_not_granted_to_a_used_invite(county: County) -> None:
    """The code may lie in a drawer for years."""
    used = county.invite(county.admin, "outreach", SITE)
    county.enrol(used)
    county.invite(county.admin, "outreach", SITE)
    site = county.ledger.groups[GroupRef("site", SITE).id(county.team.id)]
    assert all(used.keys.principal not in epoch.sealed for epoch in site.live())


def test_who_moved_to_another_site_is_not_granted_the_next_key(county: County) -> None:
    gone = county.enrol(county.invite(county.admin, "outreach", SITE))
    member = county.ledger.principals[gone.id].member
    county.say(county.admin.actor, [clear.RoleChange(member=member, role="outreach", sites=(OTHER_SITE,))])
    county.enrol(county.invite(county.admin, "outreach", SITE))
    [live] = county.ledger.groups[GroupRef("site", SITE).id(county.team.id)].live()
    assert gone.id not in live.sealed


def test_colleagues_give_a_newcomer_the_older_keys(county: County) -> None:
    first = county.enrol(county.invite(county.admin, "outreach", SITE))
    first.reads()
    newcomer = county.enrol(county.invite(county.admin, "outreach", SITE))
    site = GroupRef("site", SITE).id(county.team.id)
    newcomer.reads()
    first.reads()
    assert set(first.ring.groups[site]) - set(newcomer.ring.groups[site])
    county.say(first.actor, completions(county.ledger, first.ring))
    newcomer.reads()
    assert first.ring.groups[site].keys() <= newcomer.ring.groups[site].keys()
    assert completions(county.ledger, first.ring) == []


def test_completions_do_not_reach_who_may_not(county: County) -> None:
    first = county.enrol(county.invite(county.admin, "outreach", SITE))
    elsewhere = county.enrol(county.invite(county.admin, "outreach", OTHER_SITE))
    county.say(county.admin.actor, [clear.Revocation(device=first.id, reason="lost", control_position=1)])
    newcomer = county.enrol(county.invite(county.admin, "outreach", SITE))
    newcomer.reads()
    granted = {grant.to for record in completions(county.ledger, newcomer.ring) for grant in record.grants}
    assert not granted & {first.id, elsewhere.id}


def test_a_grant_that_does_not_open_is_passed_over_at_enrolment(county: County) -> None:
    supervisor = county.enrol(county.invite(county.admin, "supervisor", SITE))
    supervisor.reads()
    secret = InviteSecret(os.urandom(16))
    told = invitation(secret, os.urandom(16), "outreach", (SITE,), NOW, county.ledger, supervisor.ring)
    certificate, *grants = told.records
    owner, key = next(
        (o, k) for o, k in supervisor.ring.groups.items() if o == GroupRef("site", SITE).id(county.team.id)
    )
    wrong = [regrant(owner, epoch, os.urandom(32), secret.keys.public) for epoch in key]
    county.say(supervisor.actor, [certificate, *wrong, *grants])
    assert county.enrol(secret).reads() == refs("outreach", SITE)


def test_the_vault_key_is_left_with_the_sites_supervisors_and_the_sheet(county: County) -> None:
    supervisor = county.enrol(county.invite(county.admin, "supervisor", SITE))
    supervisor.reads()
    device = county.enrol(county.invite(county.admin, "outreach", SITE))
    record = escrow(b"v" * 32, county.ledger.principals[device.id], county.ledger)
    county.say(device.actor, [record])
    info = b"goes escrow 1" + device.id
    opened = []
    for grant in county.ledger.escrows[device.id].grants:
        secret = supervisor.ring.groups.get(grant.to, {}).get(grant.to_epoch) or county.team.sheet.recovery_kem
        opened.append(open_sealed(secret, grant.sealed, info))
    assert opened == [b"v" * 32, b"v" * 32]
