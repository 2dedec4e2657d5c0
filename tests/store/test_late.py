"""What a revoked device sends late: delivered, kept apart, and counted as soon as a supervisor has said so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from goes_mobile.protocol import clear
from goes_mobile.protocol.keys import KeyPair
from goes_mobile.protocol.problems import InputRefused
from goes_mobile.store.revocation import decide, late_entries, revoke
from goes_mobile.vault.founding import enrolment
from tests.devices import SITE, County, Device


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with County(tmp_path) as county:
        yield county


@pytest.fixture
def sina(county: County) -> Device:
    return county.enrol("supervisor", SITE)


@pytest.fixture
def anna(county: County, sina: Device) -> Device:
    return county.enrol()


@pytest.fixture
def lost(county: County, anna: Device) -> Device:
    """Has written a note that everybody has, and another that nobody has."""
    lost = county.enrol()
    county.sync()
    lost.note("Vorher")
    county.sync()
    lost.note("Im Funkloch")
    return lost


def end(county: County, lost: Device, by: Device, *others: Device) -> None:
    """Revoked, everybody knows it, and then the device is found by the network."""
    revoke(by.store, [lost.store.device], "lost")
    county.sync(by, *others)
    lost.push()
    county.sync(by, *others)


def test_late_work_is_kept_apart_and_what_was_before_counts_on(
    county: County, sina: Device, anna: Device, lost: Device
) -> None:
    end(county, lost, sina, anna)
    for device in (sina, anna):
        assert device.notes() == {"Vorher"}
        assert device.held() == {"late": 1}
        assert device.store.counts().held == 1


def test_accepted_by_a_supervisor_it_appears_for_all(county: County, sina: Device, anna: Device, lost: Device) -> None:
    end(county, lost, sina, anna)
    [waits] = late_entries(sina.store)
    assert waits.device == lost.store.device
    assert waits.opened is not None
    assert waits.opened.operation.set["note"] == "Im Funkloch"
    decide(sina.store, [waits.hash], True)
    county.sync(sina, anna)
    for device in (sina, anna):
        assert device.notes() == {"Vorher", "Im Funkloch"}
        assert device.held() == {}
        device.reopen()
        assert device.notes() == {"Vorher", "Im Funkloch"}


def test_declined_it_stays_away_and_a_second_decision_brings_it_back(
    county: County, sina: Device, anna: Device, lost: Device
) -> None:
    end(county, lost, sina, anna)
    [waits] = late_entries(sina.store)
    decide(sina.store, [waits.hash], False)
    county.sync(sina, anna)
    assert (anna.notes(), anna.held(), anna.store.counts().held) == ({"Vorher"}, {}, 0)
    assert late_entries(sina.store) == []
    decide(sina.store, [waits.hash], True)
    county.sync(sina, anna)
    assert anna.notes() == {"Vorher", "Im Funkloch"}


def test_what_counted_before_the_revocation_was_known_is_taken_back(
    county: County, sina: Device, anna: Device, lost: Device
) -> None:
    revoke(sina.store, [lost.store.device], "suspected")
    lost.push()
    anna.pull()
    assert "Im Funkloch" in anna.notes()
    assert anna.store.save_snapshot(least=0)
    sina.push()
    anna.pull()
    assert anna.notes() == {"Vorher"}
    assert [hit.id for hit in anna.store.search("Funkloch")] == []
    anna.reopen()
    assert anna.notes() == {"Vorher"}
    anna.replay()
    assert anna.notes() == {"Vorher"}


def test_while_locked_it_is_judged_too(county: County, sina: Device, anna: Device, lost: Device) -> None:
    revoke(sina.store, [lost.store.device], "lost")
    lost.push()
    anna.pull()
    assert "Im Funkloch" in anna.notes()
    anna.store.lock()
    sina.push()
    anna.pull()
    assert anna.store.counts().held == 1
    anna.reopen()
    assert anna.notes() == {"Vorher"}


def test_in_streams_that_the_revoker_does_not_read_the_servers_order_decides(
    county: County, sina: Device, anna: Device, lost: Device
) -> None:
    """The relay hands out all it has; a server gives an administrator who is no reader none of the site's entries."""
    store = county.admin.store
    store.append_clear([clear.Revocation(device=lost.store.device, reason="lost", control_position=1)])
    store.renew_groups()
    county.sync(county.admin, sina, anna)
    lost.push()
    county.sync(sina, anna)
    assert anna.notes() == {"Vorher"}
    assert anna.held() == {"late": 1}
    ben = county.enrol()
    county.sync(sina, anna, ben, times=3)
    assert ben.notes() == {"Vorher"}


def test_a_file_begun_late_can_be_read_and_taken_over(county: County, sina: Device, anna: Device, lost: Device) -> None:
    person = lost.person("Kranich")
    end(county, lost, sina, anna)
    assert anna.row(person, "young_person") is None
    waits = late_entries(sina.store)
    assert "Kranich" in [item.opened.operation.set.get("alias") for item in waits if item.opened]
    decide(sina.store, [item.hash for item in waits], True)
    county.sync(sina, anna)
    assert anna.row(person, "young_person")["alias"] == "Kranich"
    anna.edit(person, "young_person", alias="Reiher")
    county.sync(sina, anna)
    assert sina.row(person, "young_person")["alias"] == "Reiher"
    lost.pull()
    newest = anna.own[-1].header
    assert lost.store.keys.key(newest.stream, newest.epoch) is None


def test_a_thief_shuts_nobody_out_with_a_key_of_their_own(
    county: County, sina: Device, anna: Device, lost: Device
) -> None:
    """A late epoch that replaces the live one, granted to the thief alone, must not be what others seal under."""
    person = anna.person("Kranich")
    county.sync()
    end(county, lost, sina, anna)
    stream = anna.own[-1].header.stream
    [live] = lost.store.keys.streams[stream]
    rogue = clear.Epoch(owner_type="person", owner=stream, epoch=b"r" * 16, replaces=(live,))
    with lost.store.journal.transaction():
        lost.store.chains.append(lost.store.keys.device, stream, clear.encode(rogue), None)
    lost.push()
    county.sync(sina, anna)
    anna.edit(person, "young_person", alias="Reiher")
    county.sync(sina, anna)
    assert sina.row(person, "young_person")["alias"] == "Reiher"


def test_of_two_devices_with_one_code_neither_counts_from_then_on(county: County, sina: Device) -> None:
    secret = county.invite("outreach")
    first = county.enter(secret)
    county.sync()
    first.note("Vom ersten")
    county.sync()
    seed = b"\7" * 32
    records = enrolment(secret, KeyPair.from_seed(seed), first.store.ledger, county.now_ms)
    first.store.append_clear(records[:1], author=secret.keys)  # somebody else used the same code
    first.push()
    first.note("Danach")
    first.push()
    sina.pull()
    assert sina.notes() == {"Vom ersten"}
    assert sina.held() == {"late": 1}


@pytest.mark.parametrize("first", ["revocation", "parcel"])
def test_what_the_server_had_before_counts_although_it_came_by_parcel(
    county: County, sina: Device, anna: Device, lost: Device, first: str
) -> None:
    """Nobody can tell while it has no place; a receipt for it gives it one."""
    person = lost.person("Kranich")
    parcel = lost.store.make_parcel().content
    lost.push()
    sina.pull()
    revoke(sina.store, [lost.store.device], "lost")
    sina.push()
    control = county.relay.stream(anna.store.control, anna.store.reached(anna.store.control).position)
    if first == "parcel":
        anna.store.take_parcel(parcel)
        assert "Im Funkloch" in anna.notes()
    anna.give(control)
    anna.store.take_parcel(parcel)
    assert (anna.notes(), anna.row(person, "young_person")) == ({"Vorher"}, None)
    assert anna.held() == {"late": 2}
    anna.push()
    assert anna.held() == {}
    assert anna.notes() == {"Vorher", "Im Funkloch"}
    assert anna.row(person, "young_person")["alias"] == "Kranich"
    anna.edit(person, "young_person", alias="Reiher")
    county.sync(sina, anna)
    assert sina.row(person, "young_person")["alias"] == "Reiher"
    anna.replay()
    assert anna.notes() == {"Vorher", "Im Funkloch"}


def test_what_the_server_got_by_parcel_after_the_revocation_stays_late(
    county: County, sina: Device, anna: Device, lost: Device
) -> None:
    parcel = lost.store.make_parcel().content
    revoke(sina.store, [lost.store.device], "lost")
    county.sync(sina, anna)
    anna.store.take_parcel(parcel)
    county.sync(anna, sina)
    for device in (sina, anna):
        assert (device.notes(), device.held()) == ({"Vorher"}, {"late": 1})
    decide(sina.store, [waits.hash for waits in late_entries(sina.store)], True)
    county.sync(sina, anna)
    assert anna.notes() == {"Vorher", "Im Funkloch"}


def test_only_supervisors_decide(county: County, sina: Device, anna: Device, lost: Device) -> None:
    end(county, lost, sina, anna)
    [waits] = late_entries(anna.store)
    with pytest.raises(InputRefused) as refused:
        decide(anna.store, [waits.hash], True)
    assert refused.value.code == "supervisors_only"
