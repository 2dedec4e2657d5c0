"""Revocation and the keys that follow it, on real stores: nothing new is sealed to who may read no more."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from goes_mobile.protocol.entry import SEALED, Entry
from goes_mobile.protocol.problems import InputRefused
from goes_mobile.protocol.streams import GroupRef, StreamRef
from goes_mobile.store.revocation import revoke
from tests.devices import OTHER_SITE, SITE, County, Device


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with County(tmp_path) as county:
        yield county


def heads(device: Device, ref: GroupRef) -> list[bytes]:
    return [epoch.epoch for epoch in device.store.ledger.groups[ref.id(device.store.organisation)].live()]


def reached(device: Device) -> set[bytes]:
    """Everybody whom a live key of any group was granted to."""
    groups = device.store.ledger.groups.values()
    return {to for group in groups for epoch in group.live() for to in epoch.sealed}


def opens(thief: Device, entry: Entry) -> bool:
    """Whether the keys that a device holds open an entry, wherever it got it."""
    return thief.store.keys.key(entry.header.stream, entry.header.epoch) is not None


def sealed_after(device: Device, before: int) -> list[Entry]:
    return [entry for entry in device.entries[before:] if entry.header.suite == SEALED]


def test_nothing_that_is_sealed_after_a_revocation_opens_on_the_lost_device(county: County) -> None:
    anna, ben, lost = county.enrol(), county.enrol(), county.enrol()
    person = anna.person("Kranich")
    anna.note("Am Bahnhof")
    county.sync()
    assert lost.row(person, "young_person")["alias"] == "Kranich"
    revoke(county.admin.store, [lost.store.device], "lost")
    county.sync(county.admin, anna, ben)
    before = len(anna.entries)
    anna.edit(person, "young_person", alias="Reiher")
    anna.note("Danach")
    county.sync(county.admin, anna, ben)
    after = sealed_after(anna, before)
    assert len(after) == 2
    lost.pull()  # the relay hands out all it has
    assert [opens(lost, entry) for entry in after] == [False, False]
    assert ben.row(person, "young_person")["alias"] == "Reiher"
    assert "Danach" in ben.notes()
    assert lost.store.device not in reached(ben)


def test_what_a_revoked_device_is_handed_by_parcel_stays_shut_although_it_never_erased_itself(county: County) -> None:
    """A modified program keeps every key that it ever had, and takes whatever it can get hold of."""
    anna, lost = county.enrol(), county.enrol()
    person = anna.person("Kranich")
    county.sync()
    revoke(county.admin.store, [lost.store.device], "stolen")
    county.sync(county.admin, anna)
    before = len(anna.entries)
    anna.edit(person, "young_person", alias="Reiher")
    note = anna.note("Danach")
    told = lost.store.take_parcel(anna.store.make_parcel().content)
    after = sealed_after(anna, before)
    assert (len(after), told.new, told.held) == (2, 2, 2)  # what is not sealed: the file's new key, the groups'
    county.sync(county.admin, anna)
    lost.pull()
    assert [opens(lost, entry) for entry in after] == [False, False]
    assert lost.row(person, "young_person")["alias"] == "Kranich"
    assert lost.row(note) is None
    assert lost.held() == {"no_key": 2}


def test_an_administrator_who_is_no_reader_rotates_and_forgets(county: County) -> None:
    anna, lost = county.enrol(), county.enrol()
    county.sync()
    revoke(county.admin.store, [lost.store.device], "stolen")
    group = GroupRef("site", SITE).id(county.admin.store.organisation)
    assert group not in county.admin.store.keys.groups
    county.sync(county.admin, anna)
    assert heads(anna, GroupRef("site", SITE)) == heads(county.admin, GroupRef("site", SITE))
    assert set(heads(anna, GroupRef("site", SITE))) <= anna.store.keys.groups[group].keys()


def test_a_file_gets_one_new_key_with_its_next_write_and_no_second(county: County) -> None:
    anna, lost = county.enrol(), county.enrol()
    person = anna.person()
    county.sync()
    revoke(county.admin.store, [lost.store.device], "lost")
    county.sync(county.admin, anna)
    for alias in ("Reiher", "Star", "Amsel"):
        anna.edit(person, "young_person", alias=alias)
    stream = StreamRef("person", person).id(anna.store.organisation)
    epochs = [entry.header.epoch for entry in anna.own if entry.header.stream == stream and entry.header.suite]
    assert len(set(epochs)) == 2
    assert len(set(epochs[1:])) == 1


def test_who_enrolled_with_an_open_invite_meanwhile_still_reads(county: County) -> None:
    anna, lost = county.enrol(), county.enrol()
    invite = county.invite("outreach")
    county.sync()
    revoke(county.admin.store, [lost.store.device], "lost")
    county.sync(county.admin, anna)
    cem = county.enter(invite)
    anna.note("Neu versiegelt")
    county.sync(county.admin, anna, cem)
    assert "Neu versiegelt" in cem.notes()


def test_two_administrators_who_revoke_apart_end_with_one_head_that_reaches_neither(county: County) -> None:
    second = county.enrol("admin")
    anna, x, y = county.enrol(), county.enrol(), county.enrol()
    county.sync()
    revoke(county.admin.store, [x.store.device], "lost")
    revoke(second.store, [y.store.device], "stolen")
    active = (county.admin, second, anna)
    county.sync(*active, times=3)
    for device in active:
        assert heads(device, GroupRef("site", SITE)) == heads(anna, GroupRef("site", SITE))
        assert len(heads(device, GroupRef("site", SITE))) == 1
        assert not reached(device) & {x.store.device, y.store.device}


def test_two_administrators_who_revoke_each_other_leave_one(county: County) -> None:
    second = county.enrol("admin")
    anna = county.enrol()
    county.sync()
    revoke(county.admin.store, [second.store.device], "suspected")
    revoke(second.store, [county.admin.store.device], "suspected")
    second.push()  # the first in the log is in force; the other came from nobody
    county.admin.push()
    county.sync(second, anna, times=3)
    ledger = anna.store.ledger
    assert [ledger.principals[d.store.device].active for d in (county.admin, second)] == [False, True]
    assert county.admin.store.device not in reached(anna)
    assert len(heads(anna, GroupRef("org"))) == 1
    anna.note("Es geht weiter")
    county.sync(second, anna)


def test_oneself_the_last_administrator_and_whom_one_may_not(county: County) -> None:
    anna, sina = county.enrol(), county.enrol("supervisor", OTHER_SITE)
    county.sync()
    for who, whom, code in (
        (county.admin, county.admin, "own_device"),
        (anna, sina, "not_yours"),
        (sina, anna, "not_yours"),
    ):
        with pytest.raises(InputRefused) as refused:
            revoke(who.store, [whom.store.device], "lost")
        assert refused.value.code == code
    with pytest.raises(InputRefused) as refused:
        revoke(county.admin.store, [b"?" * 16], "lost")
    assert refused.value.code == "unknown_device"
    revoke(county.admin.store, [anna.store.device], "lost")
    with pytest.raises(InputRefused) as refused:
        revoke(county.admin.store, [anna.store.device], "lost")
    assert refused.value.code == "already_revoked"


Step = tuple[str, int, int]
STEPS = st.lists(
    st.tuples(st.sampled_from(["sync", "write", "revoke", "push", "pull"]), st.integers(0, 4), st.integers(0, 4)),
    max_size=14,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example([("revoke", 0, 1), ("revoke", 1, 0), ("sync", 1, 0)])
@given(STEPS)
def test_in_any_order_all_active_devices_converge_and_no_live_head_reaches_a_revoked_one(steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as home, County(Path(home)) as county:
        team = [county.admin, county.enrol("admin"), county.enrol("supervisor"), county.enrol(), county.enrol()]
        person = team[2].person()
        county.sync()
        for what, who, whom in steps:
            _step(what, team[who], team[whom], person)
        county.sync(*team)
        ledger = county.admin.store.ledger
        active = [device for device in team if ledger.principals[device.store.device].active]
        county.sync(*active, times=4)
        ended = {device.store.device for device in team} - {device.store.device for device in active}
        for device in active:
            ledger = device.store.ledger
            assert not reached(device) & ended
            assert {g: [e.epoch for e in group.live()] for g, group in ledger.groups.items()} == {
                g: [e.epoch for e in group.live()] for g, group in active[0].store.ledger.groups.items()
            }
            assert all(len(group.live()) == 1 for group in ledger.groups.values())
        writers = [device for device in active if device in team[2:]]
        before = {id(device): len(device.entries) for device in writers}
        for n, device in enumerate(writers):
            device.edit(person, "young_person", alias=f"Vogel {n}")
            county.sync(*active)
        for device in writers:
            assert device.row(person, "young_person")["alias"] == f"Vogel {len(writers) - 1}"
            for entry in sealed_after(device, before[id(device)]):
                assert not any(opens(thief, entry) for thief in team if thief.store.device in ended)


def _step(what: str, who: Device, whom: Device, person: str) -> None:
    store = who.store
    if what == "revoke":
        try:
            revoke(store, [whom.store.device], "lost")
        except InputRefused:
            return
    elif what == "write":
        if store.ledger.principals[store.device].role != "admin":
            who.edit(person, "young_person", alias="Star")
    else:
        {"sync": who.sync, "push": who.push, "pull": who.pull}[what]()
