"""A file that another site reads for a while: granted whole, ended for good, late work kept, one outcome for all."""

from __future__ import annotations

from pathlib import Path

import pytest

from goes_mobile.protocol.ids import new_id
from goes_mobile.protocol.problems import InputRefused
from goes_mobile.protocol.streams import StreamRef
from goes_mobile.store.change import Change
from goes_mobile.store.revocation import decide, late_entries
from tests.devices import OTHER_SITE, SITE, County, Device

DAY = "2026-11-23"


class Town(County):
    """Jugendbüro (anna, her supervisor sina) and Workmobil (ben, his supervisor bela)."""

    def people(self) -> Town:
        self.sina, self.anna = self.enrol("supervisor", SITE), self.enrol("outreach", SITE)
        self.bela, self.ben = self.enrol("supervisor", OTHER_SITE), self.enrol("office", OTHER_SITE)
        self.sync()
        return self


@pytest.fixture
def town(tmp_path: Path):  # type: ignore[no-untyped-def]
    with Town(tmp_path) as town:
        yield town.people()


def offer(device: Device, person: str, to: str = OTHER_SITE, site: str = SITE, mode: str = "shared") -> str:
    device.county.tick()
    record = new_id(device.store.now_ms())
    values = {"person": person, "site": site, "to": to, "mode": mode, "sent_on": DAY}
    device.store.write([Change("referral", record, values, admits=to)])
    return record


def say(device: Device, referral: str, dismisses: str, *more: Change, **facts: str) -> None:
    device.county.tick()
    device.store.write([*more, Change("referral", referral, facts, dismisses=dismisses)])


def accept_whole(device: Device, person: str, referral: str, giver: str = SITE, to: str = OTHER_SITE) -> None:
    say(device, referral, giver, Change("young_person", person, {"site": to}), accepted_on=DAY)


def stream_of(device: Device, person: str) -> bytes:
    return StreamRef("person", person).id(device.store.organisation)


def newest_key(device: Device, person: str) -> bytes | None:
    """The key that a device would seal this file's next entry with."""
    sealing = device.store.keys.sealing(stream_of(device, person))
    return sealing[1] if sealing else None


def test_the_whole_file_is_read_and_nothing_else(town: Town) -> None:
    person = town.anna.person()
    first = town.anna.note("Vorher", people=[person])
    other, plain = town.anna.person("Reiher"), town.anna.note("Ohne Namen")
    town.sync()
    assert town.ben.row(person, "young_person") is None
    referral = offer(town.anna, person)
    town.sync()
    assert town.ben.row(person, "young_person")["alias"] == "Kranich"
    assert town.ben.row(first)["note"] == "Vorher"
    assert town.ben.row(referral, "referral")["to"] == OTHER_SITE
    assert (town.ben.row(other, "young_person"), town.ben.row(plain)) == (None, None)
    assert {reader.site for reader in town.anna.store.readers(person)} == {SITE, OTHER_SITE, ""}
    answer = town.ben.note("Hier auch", site=OTHER_SITE, people=[person])
    town.sync()
    assert town.anna.row(answer)["note"] == "Hier auch"


def test_older_keys_are_granted_too(town: Town) -> None:
    """A file whose key was replaced meanwhile opens from its first entry on."""
    from goes_mobile.store.revocation import revoke

    person = town.anna.person()
    lost = town.enrol("outreach", SITE)
    town.sync()
    revoke(town.sina.store, [lost.store.device], "lost")
    town.sync(town.sina, town.anna)
    note = town.anna.note("Danach", people=[person])
    offer(town.anna, person)
    town.sync(town.anna, town.ben)
    assert town.ben.row(person, "young_person")["alias"] == "Kranich"
    assert town.ben.row(note)["note"] == "Danach"
    assert len(town.ben.store.keys.streams[stream_of(town.ben, person)]) == 2


@pytest.mark.parametrize("who", ["anna", "ben"])
def test_ended_by_either_side_nothing_more_opens_there(town: Town, who: str) -> None:
    person = town.anna.person()
    referral = offer(town.anna, person)
    town.sync()
    device: Device = getattr(town, who)
    say(device, referral, OTHER_SITE, ended_on=DAY, ended_because="fertig")
    town.sync()
    after = town.anna.note("Geheim", people=[person])
    town.sync()
    for other in (town.ben, town.bela):
        assert other.row(after) is None
        assert other.row(referral, "referral")["ended_because"] == "fertig"
        assert other.store.closed(person)
        assert newest_key(other, person) is None
        other.reopen()
        assert other.row(after) is None
        with pytest.raises(InputRefused) as refused:
            other.note("Noch etwas", site=OTHER_SITE, people=[person])
        assert refused.value.code == "file_closed"
    assert town.sina.row(after)["note"] == "Geheim"
    key = newest_key(town.anna, person)
    assert key is not None
    assert key not in town.ben.store.keys.streams[stream_of(town.ben, person)].values()


def test_what_the_other_site_wrote_while_it_ended_waits_for_the_keepers_supervisor(town: Town) -> None:
    person = town.anna.person()
    referral = offer(town.anna, person)
    town.sync()
    before = town.ben.note("Rechtzeitig", site=OTHER_SITE, people=[person])
    town.ben.push()
    say(town.anna, referral, OTHER_SITE, ended_on=DAY, ended_because="fertig")
    town.anna.push()
    after = town.ben.note("Im Funkloch", site=OTHER_SITE, people=[person])
    town.ben.push()
    town.sync(town.anna, town.sina)
    for device in (town.anna, town.sina):
        assert device.row(before)["note"] == "Rechtzeitig"
        assert device.row(after) is None
        assert device.held() == {"late": 1}
    [waits] = late_entries(town.sina.store)
    assert waits.opened is not None
    assert waits.opened.operation.set["note"] == "Im Funkloch"
    decide(town.sina.store, [waits.hash], True)
    town.sync(town.sina, town.anna)
    assert town.anna.row(after)["note"] == "Im Funkloch"
    town.anna.replay()
    assert town.anna.row(after)["note"] == "Im Funkloch"


def test_while_locked_late_work_is_kept_apart_too(town: Town) -> None:
    person = town.anna.person()
    referral = offer(town.anna, person)
    town.sync()
    after = town.ben.note("Im Funkloch", site=OTHER_SITE, people=[person])
    say(town.anna, referral, OTHER_SITE, ended_on=DAY, ended_because="fertig")
    town.anna.push()
    town.sina.store.lock()
    town.ben.push()
    town.sina.pull()
    assert town.sina.store.counts().held == 1
    town.sina.reopen()
    assert town.sina.row(after) is None


def test_handed_over_the_giver_keeps_what_it_had(town: Town) -> None:
    person = town.anna.person()
    referral = offer(town.anna, person, mode="handed_over")
    town.sync()
    accept_whole(town.ben, person, referral)
    town.sync()
    after = town.ben.note("Neu hier", site=OTHER_SITE, people=[person])
    town.sync()
    assert town.anna.row(person, "young_person")["site"] == OTHER_SITE
    assert str(town.anna.row(referral, "referral")["accepted_on"]) == DAY
    assert town.anna.row(after) is None
    assert town.anna.store.closed(person)
    with pytest.raises(InputRefused) as refused:
        town.anna.edit(person, "young_person", alias="Reiher")
    assert refused.value.code == "file_closed"
    assert town.bela.row(after)["note"] == "Neu hier"
    back = offer(town.ben, person, to=SITE, site=OTHER_SITE)
    town.sync()
    assert town.anna.row(after)["note"] == "Neu hier"
    assert town.anna.row(back, "referral")["to"] == SITE
    assert not town.anna.store.closed(person)
    town.anna.edit(person, "young_person", alias="Reiher")
    town.sync()
    assert town.ben.row(person, "young_person")["alias"] == "Reiher"


@pytest.mark.parametrize("first", ["anna", "ben"])
@pytest.mark.parametrize("mode", ["shared", "handed_over"])
def test_one_ends_while_the_other_accepts(town: Town, first: str, mode: str) -> None:
    """Apart from each other: the server's order decides, all agree, and nothing that was written is lost."""
    person = town.anna.person()
    referral = offer(town.anna, person, mode=mode)
    town.sync()
    say(town.anna, referral, OTHER_SITE, ended_on=DAY, ended_because="doch nicht")
    annas = town.anna.note("Von Anna", people=[person])
    if mode == "handed_over":
        accept_whole(town.ben, person, referral)
    else:
        town.ben.edit(referral, "referral", accepted_on=DAY)
    bens = town.ben.note("Von Ben", site=OTHER_SITE, people=[person])
    for device in (town.anna, town.ben) if first == "anna" else (town.ben, town.anna):
        device.push()
    town.sync(times=3)
    handed = mode == "handed_over" and first == "ben"
    keeper, other = (OTHER_SITE, SITE) if handed else (SITE, OTHER_SITE)
    supervisor = town.bela if handed else town.sina
    for device in (town.anna, town.sina, town.ben, town.bela):
        sites = {reader.site for reader in device.store.readers(person) if reader.group == "site"}
        assert sites == {keeper}, device.home
    assert {town.anna.store.closed(person), town.ben.store.closed(person)} == {True, False}
    waits = late_entries(supervisor.store)
    assert all(item.opened is not None for item in waits if item.sealed)
    lost = annas if handed else bens
    if mode == "shared" and first == "ben":
        assert waits == []  # it came in time
    else:
        assert lost in [item.opened.operation.record for item in waits if item.opened]
        decide(supervisor.store, [item.hash for item in waits], True)
        town.sync()
    assert {supervisor.row(record)["note"] for record in (annas, bens)} == {"Von Anna", "Von Ben"}
    assert other in (SITE, OTHER_SITE)


def test_the_admin_who_reads_nothing_reads_no_shared_file(town: Town) -> None:
    person = town.anna.person()
    offer(town.anna, person)
    town.sync()
    assert town.admin.row(person, "young_person") is None


def test_nobody_is_admitted_halfway(town: Town) -> None:
    """All or nothing: a refused change leaves no grant behind."""
    person = town.anna.person()
    town.sync()
    values = {"person": person, "site": SITE, "to": "0197", "mode": "shared", "sent_on": DAY}
    change = Change("referral", person[:-1] + "f", values, admits="nowhere")
    with pytest.raises(InputRefused):
        town.anna.store.write([change])
    town.sync()
    assert {reader.site for reader in town.anna.store.readers(person)} == {SITE, ""}
    town.anna.edit(person, "young_person", alias="Reiher")
    town.sync()
    assert town.sina.row(person, "young_person")["alias"] == "Reiher"
