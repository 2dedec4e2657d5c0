"""What a move leaves behind: its redaction is asked for by itself, and nothing that was late in it is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from goes_mobile.protocol.entry import SEALED
from goes_mobile.protocol.streams import StreamRef
from tests.devices import SITE, County, Device
from tests.store.test_blobs import attach, chunks


@pytest.fixture
def sabine(county: County, anna: Device, ben: Device) -> Device:
    device = county.enrol("supervisor")
    county.sync()
    return device


def in_stream(device: Device, ref: StreamRef) -> list[bytes]:
    """What is sealed in a stream."""
    stream = ref.id(device.store.organisation)
    return [e.body for e in device.entries if e.header.stream == stream and e.suite == SEALED and e.body is not None]


def on_disk(home: Path, bodies: list[bytes]) -> int:
    content = [path.read_bytes() for path in home.rglob("*") if path.is_file()]
    return sum(any(body in data for data in content) for body in bodies)


def release_all(county: County, supervisor: Device) -> int:
    waiting = [order.id for order in supervisor.store.orders.all() if not order.released_by]
    for order in waiting:
        supervisor.store.orders.release(order)
    county.sync(times=3)
    return len(waiting)


def test_the_old_copy_of_a_moved_note_is_asked_for_and_goes(
    county: County, anna: Device, ben: Device, sabine: Device
) -> None:
    harmless, note, person = anna.note("Am Bahnhof"), anna.note("Kommt aus Plochingen"), anna.person()
    county.sync()
    anna.edit(note, people=[person])
    county.sync()
    (order,) = sabine.store.orders.all()
    assert (order.action, order.reason, order.about) == ("redact", "moved", (("encounter", note),))
    assert order.proposed_by == anna.store.member
    before, was = ben.row(note), in_stream(ben, StreamRef("site", SITE))
    assert len(was) == 3
    assert release_all(county, sabine) == 1
    for device in (anna, ben, sabine):
        assert on_disk(device.home, was) == 1
        assert (device.row(note)["note"], device.row(note)["people"]) == (before["note"], [person])
        assert device.row(note)["deleted"] is False
        assert device.row(harmless)["note"] == "Am Bahnhof"
    county.sync()
    assert len(sabine.store.orders.all()) == 1  # nothing is asked for twice


def test_what_was_late_in_the_old_copy_goes_along_before_that_is_taken_away(
    county: County, anna: Device, ben: Device, sabine: Device
) -> None:
    note, person = anna.note("erst anonym"), anna.person()
    county.sync()
    ben.edit(note, minutes=25)  # has not heard of the move
    ben.edit(note, topics=["training"])
    anna.edit(note, people=[person])
    county.sync(anna, sabine, times=1)
    release_all(county, sabine)
    assert release_all(county, sabine) == 1  # of what ben had written there
    for device in (anna, ben, sabine):
        device.replay()
        row = device.row(note)
        assert (row["minutes"], row["topics"], row["people"]) == (25, ["training"], [person])
        assert in_stream(device, StreamRef("site", SITE)) == []


def test_a_question_between_two_versions_outlives_the_old_copy(
    county: County, anna: Device, ben: Device, sabine: Device
) -> None:
    note, person = anna.note("erst"), anna.person()
    county.sync()
    anna.edit(note, note="Anna")
    ben.edit(note, note="Ben")
    county.sync()
    shown = anna.row(note)["note"]
    anna.edit(note, people=[person])
    county.sync()
    release_all(county, sabine)
    for device in (anna, ben):
        assert device.store.registers("encounter", note).conflicts() == ["note"]
        assert device.row(note)["note"] == shown


def test_a_document_that_moved_leaves_the_old_file_with_its_content(
    county: County, anna: Device, ben: Device, sabine: Device
) -> None:
    first, second = anna.person("Kranich"), anna.person("Reiher")
    record, blob = attach(anna, first, b"Zeugnis")
    county.sync()
    anna.edit(record, "attachment", person=second)
    county.sync()
    assert sabine.store.orders.all() == []  # the content is not in its new place yet
    anna.store.blobs.heard(StreamRef("person", second).id(anna.store.organisation), blob.ref.id, 1)
    county.sync()
    (order,) = sabine.store.ledger.orders.values()
    assert blob.ref.id in order.order.entries
    release_all(county, sabine)
    assert anna.store.blobs.of_stream(StreamRef("person", first).id(anna.store.organisation)) == []
    assert anna.store.blobs.read(blob.ref) == b"Zeugnis"
    assert anna.row(record, "attachment")["person"] == second


def test_a_redacted_document_goes_with_its_content(county: County, anna: Device, ben: Device, sabine: Device) -> None:
    person = anna.person()
    (gone, taken), (_, kept) = attach(anna, person, b"weg" * 1000), attach(anna, person, b"bleibt")
    county.sync()
    ben.store.blobs.keep(taken.ref.id, [(0, taken.chunks[0])])
    (order,) = ben.store.orders.redact([("attachment", gone)], "mistake")
    county.sync()
    sabine.store.orders.release(order)
    county.sync()
    for device in (anna, ben, sabine):
        assert device.row(gone, "attachment") is None
        assert on_disk(device.home, list(taken.chunks)) == 0
    assert (chunks(anna), chunks(ben)) == (1, 0)
    assert anna.store.blobs.read(kept.ref) == b"bleibt"
