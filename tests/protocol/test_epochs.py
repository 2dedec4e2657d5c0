"""A stream's keys: anybody may send one, but only those of people with access are sealed under."""

from __future__ import annotations

from random import Random

import pytest

from goes_mobile.protocol import clear
from goes_mobile.protocol.epochs import StreamEpochs
from goes_mobile.protocol.streams import COORDINATION, ORG, GroupRef, StreamRef
from tests.actors import OTHER_SITE, SITE, Actor, Organisation

PERSON = StreamRef("person", "01920000-0000-7000-8000-000000000001")


@pytest.fixture
def team() -> Organisation:
    return Organisation.found(Random(7).randbytes, sites=(SITE, OTHER_SITE))


class Reader:
    """Takes a stream's records as a reader would."""

    def __init__(self, team: Organisation, ref: StreamRef, device: bytes = b"") -> None:
        self.team = team
        self.stream = ref.id(team.id)
        self.epochs = StreamEpochs(self.stream, device)

    def epoch(self, author: Actor, site: str = SITE, replaces: tuple[bytes, ...] = ()) -> bytes:
        """The author's epoch for a site's group; its name, whether it counts or not."""
        name = self.team.random(16)
        group = GroupRef("site", site).id(self.team.id)
        record = clear.Epoch(owner_type="person", owner=self.stream, epoch=name, replaces=replaces,
                             grants=(clear.Sealed(to=group, sealed=b"x"),))  # fmt: skip
        self.epochs.take(record, self.team.ledger.principals[author.id], self.team.ledger)
        return name

    def grant(self, author: Actor, epoch: bytes, to: bytes) -> bool:
        record = clear.Grant(owner=self.stream, epoch=epoch, grants=(clear.Sealed(to=to, sealed=b"x"),))
        return self.epochs.take(record, self.team.ledger.principals[author.id], self.team.ledger)


def test_who_first_writes_about_a_person_begins_their_stream(team: Organisation) -> None:
    read = Reader(team, PERSON)
    first = read.epoch(team.enrol("outreach"))
    assert read.epochs.live() == {first}
    assert read.epochs.sealable({first}) == {first}
    assert read.epochs.sealable(set()) == set()


def test_a_colleague_with_access_renews_and_a_stranger_does_not(team: Organisation) -> None:
    """A stranger's key would be sealed to the right group, and be known to the stranger."""
    one, two, stranger = (team.enrol("outreach", [site]) for site in (SITE, SITE, OTHER_SITE))
    read = Reader(team, PERSON)
    first = read.epoch(one)
    slipped = read.epoch(stranger, SITE, (first,))
    assert read.epochs.sealable({first, slipped}) == {first}
    assert read.epochs.sealable({slipped}) == set()
    renewed = read.epoch(two, SITE, (first,))
    assert read.epochs.sealable({first, slipped, renewed}) == {renewed}


@pytest.mark.parametrize("ref", [StreamRef("site", SITE), StreamRef("site_supervisors", SITE), COORDINATION])
def test_a_stream_whose_id_anybody_can_work_out_is_begun_by_those_it_belongs_to(
    team: Organisation, ref: StreamRef
) -> None:
    stranger, inside = team.enrol("outreach", [OTHER_SITE]), team.enrol("supervisor", [SITE])
    read = Reader(team, ref)
    slipped = read.epoch(stranger)
    assert read.epochs.live() == set()
    first = read.epoch(inside)
    assert read.epochs.sealable({slipped, first}) == {first}


def test_an_administrator_may_begin_what_others_will_read(team: Organisation) -> None:
    for ref in (ORG, StreamRef("site", SITE)):
        read = Reader(team, ref)
        first = read.epoch(team.admin)
        assert read.epochs.live() == {first}


def test_no_invite_and_no_root_begins_a_stream(team: Organisation) -> None:
    for author in (team.root, team.invite("outreach")[1]):
        read = Reader(team, PERSON)
        read.epoch(author)
        assert read.epochs.live() == set()


def test_a_later_grant_lets_a_second_site_in(team: Organisation) -> None:
    one, other = team.enrol("outreach", [SITE]), team.enrol("outreach", [OTHER_SITE])
    read = Reader(team, PERSON)
    first = read.epoch(one)
    there = GroupRef("site", OTHER_SITE).id(team.id)
    assert not read.grant(other, first, there)
    assert not read.grant(one, team.random(16), there)
    assert read.grant(one, first, there)
    renewed = read.epoch(other, OTHER_SITE, (first,))
    assert read.epochs.live() == {renewed}


def test_what_somebody_did_before_they_were_revoked_still_counts(team: Organisation) -> None:
    """A newcomer reads a stream from its beginning, with today's control log."""
    gone, stays = team.enrol("outreach"), team.enrol("outreach")
    team.revoke(gone)
    read = Reader(team, PERSON)
    first = read.epoch(gone)
    second = read.epoch(gone, SITE, (first,))
    third = read.epoch(stays, SITE, (second,))
    assert read.epochs.live() == {third}


def test_a_stream_never_loses_its_last_key(team: Organisation) -> None:
    author = team.enrol("outreach")
    read = Reader(team, PERSON)
    first = read.epoch(author)
    name = team.random(16)
    for replaces in ((first, name, b"unknown" + bytes(9)), (name,), (first, name)):
        record = clear.Epoch(owner_type="person", owner=read.stream, epoch=name, replaces=replaces)
        read.epochs.take(record, team.ledger.principals[author.id], team.ledger)
    assert read.epochs.live() == {name}


def test_where_no_other_counts_this_devices_own_keys_are_used(team: Organisation) -> None:
    """Somebody writes about a person whose file belongs elsewhere: one key of their own, not a new one each time."""
    one, other = team.enrol("outreach", [SITE]), team.enrol("outreach", [OTHER_SITE])
    read = Reader(team, PERSON, device=other.id)
    theirs = read.epoch(one)
    mine = read.epoch(other, OTHER_SITE)
    assert read.epochs.sealable({mine}) == {mine}
    assert read.epochs.sealable({mine, theirs}) == {theirs}


def test_a_record_about_another_stream_is_none_of_this_one(team: Organisation) -> None:
    author = team.enrol("outreach")
    epochs = StreamEpochs(PERSON.id(team.id))
    record = clear.Epoch(owner_type="person", owner=bytes(16), epoch=bytes(16))
    assert not epochs.take(record, team.ledger.principals[author.id], team.ledger)
    assert epochs.live() == set()
