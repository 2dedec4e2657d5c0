"""The walk of a record: written, delivered, shown to colleagues, changed by both."""

from __future__ import annotations

from functools import partial

import pytest

from goes_mobile.protocol.problems import InputRefused, Locked
from goes_mobile.store.change import Change
from tests.devices import OTHER_SITE, SITE, County, Device


def test_what_anna_notes_ben_reads(county: County, anna: Device, ben: Device) -> None:
    note = anna.note("Am Bahnhof", topics=["training"], minutes=20)
    assert anna.store.counts().waiting > 0
    county.sync()
    assert ben.row(note) == anna.row(note)
    assert anna.store.counts().waiting == 0
    assert ben.held() == {}


def test_who_is_of_another_site_holds_it_unread(county: County, anna: Device) -> None:
    other = county.enrol("outreach", OTHER_SITE)
    note = anna.note("Am Bahnhof")
    county.sync()
    assert other.row(note) is None
    assert other.held() == {"no_key": 1}
    assert b"Am Bahnhof" not in b"".join(raw for raw in county.raws())


def test_two_edits_apart_are_both_kept_and_choosing_ends_it(county: County, anna: Device, ben: Device) -> None:
    note = anna.note("erst")
    county.sync()
    anna.edit(note, note="Anna")
    ben.edit(note, note="Ben")
    county.sync()
    assert anna.row(note) == ben.row(note)
    assert anna.store.counts().conflicts == 1
    ben.edit(note, note="Anna")
    county.sync()
    assert anna.store.counts().conflicts == 0
    assert anna.row(note)["note"] == "Anna"


def test_sets_parts_and_tallies_of_both_are_kept_without_a_question(county: County, anna: Device, ben: Device) -> None:
    note = anna.note(topics=["training"], head_counts={"age_14_17": {"female": 2}})
    outing = anna.write("outing", site=SITE, day="2026-11-23", stops=[{"place_name": "Bahnhof"}])
    county.sync()
    for device, topic, place in ((anna, "housing", "Markt"), (ben, "debts", "Schule")):
        device.edit(note, topics=["training", topic], head_counts={"age_14_17": {"female": 3}})
        device.edit(outing, "outing", **{f"stops/{place.lower()}/place_name": place})
    county.sync()
    assert anna.row(note) == ben.row(note)
    assert anna.row(note)["topics"] == ["debts", "housing", "training"]
    assert anna.row(note)["head_counts"] == {"age_14_17": {"female": 4}}
    assert {stop.place_name for stop in anna.row(outing, "outing")["stops"].values()} == {"Bahnhof", "Markt", "Schule"}
    assert anna.store.counts().conflicts == 0


def test_a_deletion_stands_against_an_edit_it_did_not_know(county: County, anna: Device, ben: Device) -> None:
    note = anna.note("erst")
    county.sync()
    anna.delete(note)
    ben.edit(note, note="doch noch etwas")
    county.sync()
    for device in (anna, ben):
        assert device.row(note)["deleted"] is False
        assert device.store.registers("encounter", note).conflicts() == ["deleted"]


def test_a_deletion_decided_on_an_older_screen_does_not_cover_what_came_since(
    county: County, anna: Device, ben: Device
) -> None:
    note = anna.note("erst")
    county.sync()
    screen = anna.store.versions("encounter", note)
    ben.edit(note, note="inzwischen")
    county.sync()
    anna.store.write([Change("encounter", note, delete=True, base=screen)])
    assert anna.row(note)["deleted"] is False
    assert anna.store.counts().conflicts == 1


def test_delivery_tells_how_far_a_record_has_come(county: County, anna: Device, ben: Device) -> None:
    note = anna.note()
    assert anna.store.delivery("encounter", note).state == "waiting"
    anna.push()
    assert anna.store.delivery("encounter", note).state == "server"
    ben.pull()
    ben.note("danach")
    county.sync()
    told = anna.store.delivery("encounter", note)
    assert (told.state, told.devices) == ("devices", 1)


def test_history_says_who_what_and_from_what_to_what(county: County, anna: Device, ben: Device) -> None:
    note = anna.note("erst")
    county.sync()
    ben.edit(note, note="dann")
    county.sync()
    newest, *earlier = anna.store.history("encounter", note)
    assert (newest.path, newest.old, newest.new, newest.candidate) == ("note", "erst", "dann", True)
    assert newest.member == ben.store.member
    first = next(item for item in earlier if item.path == "note")
    assert (first.old, first.new, first.candidate, first.member) == (None, "erst", False, anna.store.member)


def test_history_has_all_versions_that_somebody_decided_between(county: County, anna: Device, ben: Device) -> None:
    note = anna.note("erst")
    county.sync()
    anna.edit(note, note="von Anna")
    ben.edit(note, note="von Ben")
    county.sync()
    anna.edit(note, note="von beiden")
    newest, *_ = anna.store.history("encounter", note)
    assert (newest.old, newest.beside, newest.new) == ("von Ben", ("von Anna",), "von beiden")


def test_search_finds_what_was_just_written_and_what_just_came(county: County, anna: Device, ben: Device) -> None:
    note = anna.note("Kommt mit dem Lebenslauf")
    county.sync()
    for device in (anna, ben):
        assert [hit.id for hit in device.store.search("lebensl")] == [note]
    ben.edit(note, note="Kommt doch nicht")
    assert ben.store.search("lebensl") == []


def test_nothing_changed_is_no_operation(anna: Device) -> None:
    note = anna.note("erst")
    before = len(anna.entries)
    [saved] = anna.edit(note, note="erst")
    assert (saved.seq, len(anna.entries)) == (0, before)


@pytest.mark.parametrize(
    "record", ["x", "", "01920000-0000-7000-8000-00000000000G", "01920000-0000-7000-8000-00000000ABCD"]
)
def test_an_id_has_one_spelling(anna: Device, record: str) -> None:
    with pytest.raises(InputRefused):
        anna.store.write([Change("encounter", record, {"site": SITE, "at": "2026-11-23T14:00:00+01:00"})])


def test_an_id_is_of_one_kind(county: County, anna: Device) -> None:
    note = anna.note()
    with pytest.raises(InputRefused, match="unknown_record"):
        anna.write("task", note, site=SITE, title="Anrufen")
    with pytest.raises(InputRefused, match="unknown_record"):
        anna.delete(note, "task")


def test_a_role_writes_only_what_it_may(anna: Device) -> None:
    with pytest.raises(InputRefused, match="role_may_not_write"):
        anna.write("member", name="Ich")


def test_a_plan_is_written_whole_or_not_at_all(anna: Device) -> None:
    before = len(anna.entries)
    good = Change(
        "encounter", "01920000-0000-7000-8000-000000000001", {"site": SITE, "at": "2026-11-23T14:00:00+01:00"}
    )
    bad = Change("encounter", "01920000-0000-7000-8000-000000000002", {"site": SITE, "minutes": -1})
    with pytest.raises(InputRefused):
        anna.store.write([good, bad])
    assert len(anna.entries) == before
    assert anna.row(good.id) is None
    anna.store.write([good])
    anna.reopen()
    assert anna.row(good.id) is not None


def test_a_stream_that_only_the_sheet_could_read_is_not_begun(anna: Device) -> None:
    for site in ("", "01920000-0000-7000-8000-00000000ffff"):
        with pytest.raises(InputRefused):
            anna.note(site=site)
        with pytest.raises(InputRefused):
            anna.person(site=site)
    assert anna.own == [entry for entry in anna.own if entry.suite == 0]


def test_locked_nothing_is_written_or_read(anna: Device) -> None:
    note = anna.note()
    anna.store.lock()
    store = anna.store
    asked = [
        anna.note,
        anna.notes,
        store.session,
        partial(store.search, "x"),
        partial(store.history, "encounter", note),
    ]
    for ask in [*asked, store.drafts.list, partial(store.personal, "x")]:
        with pytest.raises(Locked):
            ask()
    assert anna.store.counts().waiting > 0
