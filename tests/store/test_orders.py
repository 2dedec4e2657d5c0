"""Orders of two people take bodies, keys and drafts from every device, whatever comes first; chains still verify."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from goes_mobile.cli.checking import examine
from goes_mobile.protocol import clear
from goes_mobile.protocol.entry import SEALED, decode
from goes_mobile.protocol.ids import to_bytes
from goes_mobile.protocol.ledger import Ledger
from goes_mobile.protocol.problems import InputRefused
from goes_mobile.protocol.streams import StreamRef
from tests.devices import SECRET, SITE, County, Device


@pytest.fixture
def sabine(county: County, ben: Device) -> Device:
    """The supervisor of both."""
    device = county.enrol("supervisor")
    county.sync()
    return device


def bodies(device: Device, person: str) -> list[bytes]:
    """What is sealed in somebody's file, as it lies on the disk."""
    stream = StreamRef("person", person).id(device.store.organisation)
    return [e.body for e in device.entries if e.header.stream == stream and e.body is not None]


def on_disk(device: Device, found: Iterable[bytes]) -> int:
    """How many of these byte strings are in any file of the profile."""
    content = [path.read_bytes() for path in device.home.rglob("*") if path.is_file()]
    return sum(any(body in data for data in content) for body in found)


def sound(device: Device) -> None:
    examined = examine(device.store)
    assert examined.problems == []
    assert examined.projection == "same"


def file_of(anna: Device) -> str:
    person = anna.person("Kranich")
    anna.note("Will ausziehen", people=[person])
    return person


def test_the_proposer_cannot_release_and_a_supervisor_can(county: County, anna: Device, sabine: Device) -> None:
    person = file_of(anna)
    county.sync()
    order = anna.store.orders.erase(person, "by_request")
    with pytest.raises(InputRefused, match="only_supervisors_release"):
        anna.store.orders.release(order)
    own = sabine.store.orders.erase(person, "by_request")
    with pytest.raises(InputRefused, match="own_order"):
        sabine.store.orders.release(own)
    county.sync()
    assert anna.row(person, "young_person")["alias"] == "Kranich"
    (view,) = [view for view in sabine.store.orders.all() if view.id == order]
    assert (view.reason, view.about, view.released_by, view.asked) == (
        "by_request",
        (("young_person", person),),
        "",
        0,
    )


def test_a_released_erasure_leaves_nothing_on_any_device(
    county: County, anna: Device, ben: Device, sabine: Device
) -> None:
    person = file_of(anna)
    other = file_of(anna)
    county.sync()
    was, kept = bodies(ben, person), bodies(ben, other)
    for device in (anna, ben, sabine):
        device.store.save_snapshot(least=0)
        assert on_disk(device, was) == len(was) == 3
    ben.store.drafts.save("person:" + person, {"note": "Entwurf"})
    ben.store.drafts.save("capture:1", {"people": [{"id": other}]})
    told: list[object] = []
    ben.store.subscribe(told.append)
    order = anna.store.orders.erase(person, "by_request")
    county.sync()
    sabine.store.orders.release(order)
    county.sync()
    for device in (anna, ben, sabine):
        assert on_disk(device, was) == 0
        assert on_disk(device, kept) == len(kept)
        assert device.row(person, "young_person") is None
        assert device.store.search("ausziehen") != []  # the other one's
        assert len(device.store.search("Kranich")) == 1
        assert device.store.keys.streams.get(StreamRef("person", person).id(device.store.organisation)) is None
        sound(device)
    assert ben.store.drafts.list() == ["capture:1"]
    assert any(person in changed.get("young_person", ()) for changed in told)  # type: ignore[attr-defined]
    (view,) = sabine.store.orders.all()
    assert (view.asked, view.confirmed, view.about) == (4, 4, ())


def test_who_was_away_erases_at_the_next_contact_and_is_missing_until_then(
    county: County, anna: Device, ben: Device, sabine: Device
) -> None:
    person = file_of(anna)
    county.sync()
    was = bodies(ben, person)
    order = anna.store.orders.erase(person, "consent_withdrawn")
    county.sync(anna, sabine)
    sabine.store.orders.release(order)
    ben.edit(person, "young_person", alias="Reiher")  # has not heard
    late = [entry for entry in bodies(ben, person) if entry not in was]
    county.sync(anna, sabine, county.admin)
    (view,) = anna.store.orders.all()
    assert (view.asked, view.confirmed) == (4, 3)
    county.sync()
    (view,) = anna.store.orders.all()
    assert (view.asked, view.confirmed) == (4, 4)
    for device in (anna, ben, sabine):
        assert on_disk(device, [*was, *late]) == 0
        assert device.row(person, "young_person") is None
        sound(device)
    with pytest.raises(InputRefused, match="erased"):
        anna.write("task", title="Anrufen", person=person, site=SITE)


def test_a_locked_device_erases_and_confirms_when_it_is_opened(
    county: County, anna: Device, ben: Device, sabine: Device
) -> None:
    person = file_of(anna)
    county.sync()
    was = bodies(ben, person)
    ben.store.save_snapshot(least=0)
    ben.store.drafts.save("person:" + person, {"note": "Entwurf"})
    ben.store.lock()
    order = anna.store.orders.erase(person, "by_request")
    county.sync(anna, sabine)
    sabine.store.orders.release(order)
    county.sync(anna, sabine)
    ben.give(county.relay.stream(ben.store.control))
    assert on_disk(ben, was) == 0
    assert not (ben.home / "snapshot.bin").exists()
    ben.store.unlock(SECRET)
    assert ben.row(person, "young_person") is None
    assert ben.store.drafts.list() == []
    sound(ben)
    county.sync()
    (view,) = anna.store.orders.all()
    assert view.confirmed == 4


def test_a_redacted_record_goes_and_the_rest_of_the_site_stays(
    county: County, anna: Device, ben: Device, sabine: Device
) -> None:
    slipped, harmless = anna.note("Name: Zaunkönig"), anna.note("Am Bahnhof")
    county.sync()
    ben.edit(slipped, note="Zaunkönig, zweimal")
    county.sync()
    was = [e.body for e in ben.entries if e.body and e.header.suite == SEALED]
    (order,) = ben.store.orders.redact([("encounter", slipped)], "name_slipped_in")
    county.sync()
    (view,) = sabine.store.orders.all()
    assert view.about == (("encounter", slipped),)
    sabine.store.orders.release(order)
    county.sync()
    for device in (anna, ben, sabine):
        assert device.row(slipped) is None
        assert device.row(harmless)["note"] == "Am Bahnhof"
        assert on_disk(device, was) == len(was) - 2
        sound(device)


def test_what_comes_late_of_a_redacted_record_is_asked_for_again(
    county: County, anna: Device, ben: Device, sabine: Device
) -> None:
    slipped = anna.note("Name: Zaunkönig")
    county.sync()
    (order,) = anna.store.orders.redact([("encounter", slipped)], "name_slipped_in")
    county.sync(anna, sabine)
    sabine.store.orders.release(order)
    ben.edit(slipped, note="Zaunkönig, von ben")
    county.sync()
    late = [view for view in sabine.store.orders.all() if view.id != order]
    assert [(view.reason, view.proposed_by) for view in late] == [("late", anna.store.member)]
    sabine.store.orders.release(late[0].id)
    county.sync(times=3)
    for device in (anna, ben, sabine):
        assert device.row(slipped) is None
        assert {view.confirmed for view in device.store.orders.all()} == {4}
        sound(device)


def test_a_crash_before_the_disk_was_cleaned_is_made_good_at_the_next_start(
    county: County, anna: Device, sabine: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = file_of(anna)
    county.sync()
    was = bodies(anna, person)
    anna.store.save_snapshot(least=0)
    order = sabine.store.orders.erase(person, "mistake")
    county.sync()
    county.relay.take(_release(county, order))
    with monkeypatch.context() as cut:
        cut.setattr("goes_mobile.store.redaction.snapshot.drop", _power_cut)
        with pytest.raises(KeyboardInterrupt):
            anna.pull()
    anna.store.journal.close()
    anna.store._home_lock.close()
    anna.open()
    assert on_disk(anna, was) == 0
    anna.store.unlock(SECRET)
    assert anna.row(person, "young_person") is None
    sound(anna)


def _power_cut(*_: object) -> None:
    raise KeyboardInterrupt


def _release(county: County, order: str) -> bytes:
    """A second supervisor's word, as the server hands it out."""
    second = county.enrol("supervisor")
    county.sync(second)
    (entry,) = second.store.append_clear([clear.Release(order=to_bytes(order))])
    return entry.raw


def _log(device: Device) -> Iterator[bytes]:
    for row in device.store.journal.clear_rows(device.store.control):
        yield row.raw


def test_the_order_of_arrival_of_orders_releases_and_confirmations_does_not_matter(
    county: County, anna: Device, sabine: Device
) -> None:
    person = file_of(anna)
    note = anna.note("Zaunkönig")
    county.sync()
    before = [decode(raw) for raw in _log(anna)]
    orders = [
        anna.store.orders.erase(person, "by_request"),
        *anna.store.orders.redact([("encounter", note)], "mistake"),
    ]
    county.sync()
    for order in orders:
        sabine.store.orders.release(order)
    county.sync(times=3)
    after = [decode(raw) for raw in _log(anna)][len(before) :]
    assert len(after) == 2 + 2 + 2 * 4
    chance = random.Random(7)
    arrivals = [
        *itertools.islice(itertools.permutations(after), 5),
        *(chance.sample(after, len(after)) for _ in range(30)),
    ]
    for arrival in arrivals:
        ledger = Ledger(anna.store.organisation)
        for entry in (*before, *arrival):
            ledger.apply(entry)
        assert ledger.erased == anna.store.ledger.erased
        assert ledger.redacted == anna.store.ledger.redacted
        assert {s.order.order: s.confirmed_by for s in ledger.released()} == {
            s.order.order: s.confirmed_by for s in anna.store.ledger.released()
        }


def test_nobody_erases_what_all_share(county: County, anna: Device) -> None:
    for ref in (StreamRef("control"), StreamRef("site", SITE), StreamRef("org")):
        order = clear.Order(order=bytes(16), action="erase", stream=ref.id(anna.store.organisation), reason="mistake")
        with pytest.raises(InputRefused, match="control_not_allowed"):
            anna.store.append_clear([order])


def test_what_a_server_claims_without_an_order_changes_nothing(
    county: County, anna: Device, ben: Device, tmp_path: Path
) -> None:
    person = anna.person("Kranich")
    anna.push()
    relay = county.relay
    relay.kept = [(n, p, at, decode(raw).redacted() if decode(raw).header.stream != anna.store.control else raw)
                  for n, p, at, raw in relay.kept]  # fmt: skip
    ben.pull()
    assert anna.row(person, "young_person")["alias"] == "Kranich"
    assert ben.held() == {"withheld": 2}
