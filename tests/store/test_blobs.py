"""Blobs on a device's disk: together with their record, fetched again when damaged, gone when nobody names them."""

from __future__ import annotations

from typing import Any

import pytest

from goes_mobile.protocol.blobs import CHUNK, SealedBlob, seal_blob
from goes_mobile.protocol.ids import new_id
from goes_mobile.protocol.problems import Damaged, InputRefused
from goes_mobile.protocol.streams import StreamRef
from goes_mobile.store.change import Change
from tests.devices import SITE, County, Device


def attach(device: Device, person: str, content: bytes = b"Zeugnis", **more: Any) -> tuple[str, SealedBlob]:
    blob, made = seal_blob(content), new_id(device.store.now_ms())
    values = {
        "person": person, "site": SITE, "name": "Zeugnis", "media_type": "text/plain", "size": len(content),
        "content": blob.ref.text, **more,
    }  # fmt: skip
    device.county.tick()
    device.store.write([Change("attachment", made, values, blobs=(blob,))])
    return made, blob


def chunks(device: Device) -> int:
    return device.store.journal.count("SELECT count(*) FROM chunk")


def stream(device: Device, person: str) -> bytes:
    return StreamRef("person", person).id(device.store.organisation)


def test_record_and_content_are_there_together_or_not_at_all(anna: Device) -> None:
    person = anna.person()
    _, blob = attach(anna, person, b"a" * (CHUNK + 1))
    anna.reopen()
    assert anna.store.blobs.read(blob.ref) == b"a" * (CHUNK + 1)
    with pytest.raises(InputRefused):
        attach(anna, person, size=-1)
    assert chunks(anna) == 2
    assert len(anna.store.blobs.open()) == 1


def test_what_is_no_blob_cannot_be_named(anna: Device) -> None:
    with pytest.raises(InputRefused) as refused:
        anna.write(
            "attachment", person=anna.person(), site=SITE, name="x", media_type="text/plain", size=1, content="abc"
        )
    assert refused.value.code == "not_a_blob"


def test_a_colleague_learns_of_it_with_the_record_and_after_a_replay(anna: Device, ben: Device) -> None:
    _, blob = attach(anna, anna.person())
    anna.county.sync()
    for look in (lambda: None, ben.reopen, ben.replay):
        look()
        (wanted,) = ben.store.blobs.open()
        assert (wanted.id, wanted.count, wanted.here) == (blob.ref.id, 1, ())
    kept = ben.store.blobs.keep(blob.ref.id, [(0, blob.chunks[0])])
    assert (kept.new, kept.findings) == (1, ())
    assert ben.store.blobs.read(blob.ref) == b"Zeugnis"


def test_forged_chunks_are_told_and_honest_ones_beside_them_kept(anna: Device, ben: Device) -> None:
    _, blob = attach(anna, anna.person(), b"b" * (CHUNK + 1))
    anna.county.sync()
    kept = ben.store.blobs.keep(blob.ref.id, [(0, blob.chunks[0]), (1, blob.chunks[0])])
    assert (kept.new, [finding.code for finding in kept.findings]) == (1, ["chunk_forged"])
    assert ben.findings() == {"chunk_forged"}
    assert ben.store.blobs.open() == []
    ben.reopen()
    assert [wanted.here for wanted in ben.store.blobs.open()] == [(0,)]


def test_a_damaged_chunk_is_noticed_and_fetched_again(anna: Device) -> None:
    _, blob = attach(anna, anna.person(), b"c" * (2 * CHUNK))
    (place,) = anna.store.blobs.open()
    anna.store.blobs.heard(place.stream, place.id, 2)
    assert anna.store.blobs.open() == []
    assert anna.store.blobs.damaged() == []
    anna.store.journal.db.execute("UPDATE chunk SET sealed=zeroblob(length(sealed)) WHERE number=1")
    assert anna.store.blobs.damaged() == [blob.ref.id]
    with pytest.raises(Damaged):
        anna.store.blobs.read(blob.ref)
    assert [wanted.here for wanted in anna.store.blobs.open()] == [(0,)]
    anna.store.blobs.keep(blob.ref.id, [(1, blob.chunks[1])])
    assert anna.store.blobs.read(blob.ref) == b"c" * (2 * CHUNK)


def test_a_deleted_document_is_there_until_unlocked_anew_and_comes_back_by_undoing(anna: Device) -> None:
    record, blob = attach(anna, anna.person())
    (place,) = anna.store.blobs.open()
    anna.delete(record, "attachment")
    assert anna.store.blobs.read(blob.ref) == b"Zeugnis"
    anna.reopen()
    assert anna.store.blobs.read(blob.ref) == b"Zeugnis"  # nobody else has it yet
    anna.store.blobs.heard(place.stream, place.id, 1)
    anna.reopen()
    assert chunks(anna) == 0
    assert anna.store.blobs.open() == []
    anna.edit(record, "attachment", deleted=False)
    assert [wanted.id for wanted in anna.store.blobs.open()] == [blob.ref.id]


def test_a_document_that_moves_to_another_file_goes_to_the_server_there_too(anna: Device) -> None:
    first, second = anna.person("Kranich"), anna.person("Reiher")
    record, blob = attach(anna, first)
    (place,) = anna.store.blobs.open()
    anna.store.blobs.heard(place.stream, place.id, 1)
    anna.edit(record, "attachment", person=second)
    (moved,) = anna.store.blobs.open()
    assert (moved.stream, moved.id, moved.here) == (stream(anna, second), blob.ref.id, (0,))


def test_an_erased_file_takes_its_documents_along_everywhere(county: County, anna: Device, ben: Device) -> None:
    sabine = county.enrol("supervisor")
    first, second = anna.person("Kranich"), anna.person("Reiher")
    (_, gone), (_, kept) = attach(anna, first, b"weg"), attach(anna, second, b"bleibt")
    county.sync()
    ben.store.blobs.keep(gone.ref.id, [(0, gone.chunks[0])])
    order = anna.store.orders.erase(first, "by_request")
    county.sync()
    sabine.store.orders.release(order)
    county.sync()
    for device in (anna, ben, sabine):
        assert device.store.blobs.of_stream(stream(anna, first)) == []
    assert (chunks(anna), chunks(ben)) == (1, 0)
    with pytest.raises(Damaged):
        anna.store.blobs.read(gone.ref)
    assert anna.store.blobs.read(kept.ref) == b"bleibt"


def test_whoever_looks_hears_of_each_step(anna: Device) -> None:
    record, _ = attach(anna, anna.person())
    (place,) = anna.store.blobs.open()
    heard: list[dict[str, frozenset[str]]] = []
    anna.store.subscribe(lambda changed: heard.append(dict(changed)))
    anna.store.blobs.heard(place.stream, place.id, 1)
    anna.store.blobs.heard(place.stream, place.id, 1)
    assert heard == [{"attachment": frozenset({record})}]


def test_a_locked_store_sends_and_keeps_nothing_new(anna: Device) -> None:
    _, blob = attach(anna, anna.person())
    anna.store.lock()
    (place,) = anna.store.blobs.open()
    assert anna.store.blobs.chunks(place.id, [0]) == [(0, blob.chunks[0])]
    assert anna.store.blobs.keep(seal_blob(b"x").ref.id, [(0, b"x" * 20)]).new == 0


def test_large_ones_that_are_old_are_fetched_when_asked_for(
    anna: Device, ben: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("goes_mobile.store.blobs.BY_ITSELF", 3 * CHUNK)
    person = anna.person()
    (_, old), (_, new), (_, letter) = (
        attach(anna, person, content) for content in (b"a" * (2 * CHUNK), b"b" * (2 * CHUNK), b"Brief")
    )
    anna.county.sync()
    assert len(anna.store.blobs.open()) == 3  # to be sent, whatever they are
    assert [wanted.id for wanted in ben.store.blobs.open()] == [letter.ref.id, new.ref.id]
    assert [ben.store.blobs.state(blob.ref).wanted for blob in (old, new, letter)] == [False, True, True]
    heard: list[dict[str, frozenset[str]]] = []
    ben.store.subscribe(lambda changed: heard.append(dict(changed)))
    ben.store.blobs.ask(old.ref.id)
    assert old.ref.id in {wanted.id for wanted in ben.store.blobs.open()}
    assert heard
    ben.reopen()
    assert not ben.store.blobs.state(old.ref).wanted


def test_what_moved_unfetched_is_fetched_to_be_brought_to_its_new_file(
    anna: Device, ben: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("goes_mobile.store.blobs.BY_ITSELF", 0)
    first, second = anna.person("Kranich"), anna.person("Reiher")
    record, _ = attach(anna, first, b"c" * (2 * CHUNK))
    anna.county.sync()
    assert ben.store.blobs.open() == []
    ben.edit(record, "attachment", person=second)
    assert {wanted.stream for wanted in ben.store.blobs.open()} == {stream(ben, first), stream(ben, second)}
