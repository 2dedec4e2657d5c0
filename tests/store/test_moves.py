"""The stream follows the subject: a record that moves is written anew there, whole, and nothing here says where."""

from __future__ import annotations

from typing import Any

import pytest

from goes_mobile.protocol.entry import open_body
from goes_mobile.protocol.ids import to_bytes
from goes_mobile.protocol.merge import Dated, merge
from goes_mobile.protocol.operation import Operation, decode
from goes_mobile.protocol.streams import StreamRef
from goes_mobile.records.reading import assemble
from tests.devices import SITE, County, Device


def site_stream(county: County) -> bytes:
    return StreamRef("site", SITE).id(county.sheet.organisation)


def file_of(county: County, person: str) -> bytes:
    return StreamRef("person", person).id(county.sheet.organisation)


def said(device: Device, stream: bytes) -> list[Operation]:
    """The operations in a stream."""
    keys = device.store.keys
    return [
        decode(open_body(entry, keys.key(stream, entry.header.epoch)))
        for entry in device.entries
        if entry.suite == 1 and entry.header.stream == stream
    ]


def words(device: Device, stream: bytes) -> bytes:
    """Everything that a reader of one stream gets to read, and everything that lies there in clear."""
    keys = device.store.keys
    return b"".join(
        (open_body(e, keys.key(stream, e.header.epoch)) if e.suite == 1 else e.body or b"") + e.header_bytes
        for e in device.entries
        if e.header.stream == stream
    )


def names(device: Device, stream: bytes, person: str) -> bool:
    told = words(device, stream)
    return person.encode() in told or to_bytes(person) in told


@pytest.fixture
def kranich(anna: Device) -> str:
    return anna.person("Kranich")


@pytest.fixture
def reiher(anna: Device) -> str:
    return anna.person("Reiher")


def alone(device: Device, stream: bytes, record: str) -> dict[str, Any]:
    """What somebody would see who reads that stream and no other."""
    mine = [o for o in said(device, stream) if o.record == record]
    return assemble("encounter", merge(Dated(o, bytes(16), o.hlc) for o in mine))


def test_a_persons_records_are_in_their_file_and_nowhere_else(county: County, anna: Device, kranich: str) -> None:
    note = anna.note("Über Kranich", people=[kranich], topics=["training"])
    task = anna.write("task", site=SITE, title="Anrufen", person=kranich)
    stream = file_of(county, kranich)
    assert {o.record for o in said(anna, stream)} == {kranich, note, task}
    assert said(anna, site_stream(county)) == []


def test_nothing_in_a_site_or_organisation_stream_names_a_person(county: County, anna: Device, kranich: str) -> None:
    anonymous = anna.note("niemand")
    anna.note("Über Kranich", people=[kranich])
    anna.edit(anonymous, people=[kranich])
    anna.edit(anonymous, people=[])
    for stream in {e.header.stream for e in anna.entries} - {file_of(county, kranich)}:
        assert not names(anna, stream, kranich)
    assert names(anna, file_of(county, kranich), kranich)


def test_a_file_does_not_say_whose_it_is_to_those_who_cannot_read_it(
    county: County, anna: Device, kranich: str
) -> None:
    anna.push()
    assert not any(to_bytes(kranich) in raw or kranich.encode() in raw for raw in county.raws())


def test_an_anonymous_note_that_gets_a_person_moves_whole(
    county: County, anna: Device, ben: Device, kranich: str
) -> None:
    note = anna.note(
        "erst anonym", topics=["training", "housing"], minutes=20, head_counts={"age_14_17": {"female": 1}}
    )
    before = anna.row(note)
    county.sync()
    anna.edit(note, people=[kranich])
    county.sync()
    for device in (anna, ben):
        row = device.row(note)
        assert (row["people"], row["subject"], row["deleted"], row["conflicts"]) == ([kranich], kranich, False, "")
        for field in ("note", "topics", "minutes", "head_counts", "at", "site"):
            assert row[field] == before[field]
    there = alone(anna, file_of(county, kranich), note)
    assert {field: there[field] for field in ("note", "topics", "minutes", "people", "deleted")} == {
        "note": "erst anonym", "topics": ["housing", "training"], "minutes": 20, "people": [kranich], "deleted": False,
    }  # fmt: skip
    assert alone(anna, site_stream(county), note)["deleted"] is True
    assert not names(anna, site_stream(county), kranich)


def test_a_note_about_the_wrong_person_moves_to_the_right_one_and_neither_file_names_the_other(
    county: County, anna: Device, ben: Device, kranich: str, reiher: str
) -> None:
    note = anna.note("Über Kranich", people=[kranich])
    county.sync()
    anna.edit(note, people=[reiher], note="Über Reiher")
    county.sync()
    for device in (anna, ben):
        assert (device.row(note)["people"], device.row(note)["note"]) == ([reiher], "Über Reiher")
    assert alone(anna, file_of(county, kranich), note)["deleted"] is True
    assert not names(anna, file_of(county, kranich), reiher)
    assert not names(anna, file_of(county, reiher), kranich)


def test_a_person_can_be_taken_out_again(county: County, anna: Device, ben: Device, kranich: str) -> None:
    note = anna.note("doch anonym", people=[kranich])
    county.sync()
    anna.edit(note, people=[])
    county.sync()
    for device in (anna, ben):
        row = device.row(note)
        assert (row["people"], row["subject"], row["note"], row["deleted"]) == ([], None, "doch anonym", False)
    assert not names(anna, site_stream(county), kranich)
    assert alone(anna, site_stream(county), note)["note"] == "doch anonym"


def test_there_and_back_and_there_again(county: County, anna: Device, ben: Device, kranich: str, reiher: str) -> None:
    note = anna.note("Notiz")
    for people in ([kranich], [], [reiher], [], [kranich]):
        anna.edit(note, people=people)
        anna.edit(note, note=f"bei {len(people)}")
    county.sync()
    for device in (anna, ben):
        assert (device.row(note)["people"], device.row(note)["note"], device.row(note)["deleted"]) == (
            [kranich],
            "bei 1",
            False,
        )
    assert not names(anna, site_stream(county), kranich)
    assert not names(anna, site_stream(county), reiher)
    assert not names(anna, file_of(county, reiher), kranich)


def test_after_a_move_edits_go_where_the_record_lives_also_when_a_late_one_comes_from_where_it_was(
    county: County, anna: Device, ben: Device, kranich: str
) -> None:
    note = anna.note("anonym")
    county.sync()
    ben.edit(note, minutes=5)
    anna.edit(note, people=[kranich])
    county.sync()
    before = len(said(anna, site_stream(county)))
    for device in (anna, ben):
        device.edit(note, note="Über Kranich, nicht für alle")
        device.sync()
    county.sync()
    assert len(said(anna, site_stream(county))) == before
    assert anna.row(note) == ben.row(note)
    assert (ben.row(note)["minutes"], ben.row(note)["deleted"]) == (5, False)


def test_a_question_between_two_versions_survives_the_move(
    county: County, anna: Device, ben: Device, kranich: str
) -> None:
    note = anna.note("erst")
    county.sync()
    anna.edit(note, note="Anna")
    ben.edit(note, note="Ben")
    county.sync()
    anna.edit(note, people=[kranich])
    county.sync()
    for device in (anna, ben):
        assert device.store.registers("encounter", note).conflicts() == ["note"]


def test_two_who_give_different_persons_at_once_are_asked_and_the_answer_moves_it(
    county: County, anna: Device, ben: Device, kranich: str, reiher: str
) -> None:
    note = anna.note("Notiz")
    county.sync()
    anna.edit(note, people=[kranich])
    ben.edit(note, people=[reiher])
    county.sync()
    assert anna.row(note)["people"] == sorted([kranich, reiher])
    anna.edit(note, people=[reiher])
    county.sync()
    for device in (anna, ben):
        assert (device.row(note)["people"], device.row(note)["deleted"]) == ([reiher], False)
    site, of_kranich, of_reiher = site_stream(county), file_of(county, kranich), file_of(county, reiher)
    for stream, person in ((site, kranich), (site, reiher), (of_reiher, kranich), (of_kranich, reiher)):
        assert not names(anna, stream, person)


def test_a_task_that_was_about_a_person_forgets_them_when_it_moves_to_the_site(
    county: County, anna: Device, kranich: str
) -> None:
    task = anna.write("task", site=SITE, title="Anrufen", person=kranich, about_kind="young_person", about_id=kranich)
    anna.edit(task, "task", person=None)
    assert not names(anna, site_stream(county), kranich)
    assert (anna.row(task, "task")["person"], anna.row(task, "task")["about_id"]) == (None, None)


def test_deleting_a_moved_record_deletes_it_where_it_lives(
    county: County, anna: Device, ben: Device, kranich: str
) -> None:
    note = anna.note("Notiz")
    anna.edit(note, people=[kranich])
    county.sync()
    ben.delete(note)
    county.sync()
    assert anna.row(note)["deleted"] is True
    assert said(anna, file_of(county, kranich))[-1].set == {"deleted": True}


def test_history_does_not_call_a_move_a_deletion(county: County, anna: Device, kranich: str) -> None:
    note = anna.note("Notiz")
    anna.edit(note, people=[kranich])
    anna.edit(note, people=[])
    assert [item for item in anna.store.history("encounter", note) if item.path == "deleted"] == []
    anna.delete(note)
    assert [item.new for item in anna.store.history("encounter", note) if item.path == "deleted"] == [True]


def test_a_move_is_all_or_nothing_and_the_same_after_a_replay(
    county: County, anna: Device, ben: Device, kranich: str
) -> None:
    note = anna.note("Notiz", topics=["training"])
    anna.edit(note, people=[kranich])
    county.sync()
    before = anna.tables()
    anna.replay()
    assert anna.tables() == before
    assert ben.tables()["encounter"] == before["encounter"]
