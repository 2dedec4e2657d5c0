"""Blobs: resumable both ways, served with their stream and to nobody else."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable

from goes_mobile.protocol import clear, wire
from goes_mobile.protocol.blobs import CHUNK, SealedBlob, seal_blob
from goes_mobile.protocol.service import Service
from goes_mobile.protocol.streams import StreamRef
from tests.actors import OTHER_SITE, Actor, Organisation
from tests.contract.places import OwnPlace, Story, push_request, refused
from tests.contract.test_entering import DELIVERY

FILE = StreamRef("person", "p")


async def opened_file(story: Story) -> tuple[Actor, bytes]:
    """Anna has begun a young person's file."""
    anna = story.team.enrol("outreach")
    await story.tell()
    await story.push(anna, [anna.open_stream(FILE)])
    return anna, FILE.id(story.team.id)


def put(stream: bytes, blob: SealedBlob, numbers: Iterable[int]) -> wire.ChunksPut:
    chunks = tuple((number, blob.chunks[number]) for number in numbers)
    return wire.ChunksPut(stream=stream, blob=blob.ref.id, count=blob.ref.count, chunks=chunks)


def get(stream: bytes, blob: SealedBlob, *numbers: int) -> wire.ChunksGet:
    return wire.ChunksGet(stream=stream, blob=blob.ref.id, chunks=numbers)


async def here(service: Service, stream: bytes, *blobs: SealedBlob) -> dict[bytes, tuple[int, ...]]:
    asked = tuple(wire.BlobPlace(stream=stream, blob=blob.ref.id) for blob in blobs)
    answer = await service.ask_blobs(wire.BlobsAsk(blobs=asked))
    assert all(found.stream == stream for found in answer.blobs)
    return {found.blob: found.chunks for found in answer.blobs}


async def test_a_cut_upload_goes_on_where_it_was_and_a_colleague_gets_it(story: Story) -> None:
    anna, stream = await opened_file(story)
    ben = story.team.enrol("outreach")
    await story.tell()
    blob, other = seal_blob(b"\x07" * (2 * CHUNK + 5)), seal_blob(b"klein")
    sending, reading = await story.service(anna), await story.service(ben)
    assert await here(sending, stream, blob, other) == {}
    await sending.put_chunks(put(stream, blob, [1]))
    assert await here(sending, stream, blob, other) == {blob.ref.id: (1,)}
    assert await here(reading, stream, blob) == {blob.ref.id: (1,)}
    assert (await reading.get_chunks(get(stream, blob, 0, 1))).chunks == ((1, blob.chunks[1]),)
    await sending.put_chunks(put(stream, blob, [1, 0, 2]))
    await sending.put_chunks(put(stream, blob, [0]))
    got = dict((await reading.get_chunks(get(stream, blob, 2, 0, 1, 1))).chunks)
    assert blob.ref.join(got) == b"\x07" * (2 * CHUNK + 5)


async def test_what_is_there_stays_as_it_is(story: Story) -> None:
    anna, stream = await opened_file(story)
    service = await story.service(anna)
    blob, changed = seal_blob(b"eins"), seal_blob(b"zwei")
    await service.put_chunks(put(stream, blob, [0]))
    other = wire.ChunksPut(stream=stream, blob=blob.ref.id, count=1, chunks=((0, changed.chunks[0]),))
    assert await refused(service.put_chunks(other)) == "blob_differs"
    longer = wire.ChunksPut(stream=stream, blob=blob.ref.id, count=2, chunks=((1, changed.chunks[0]),))
    assert await refused(service.put_chunks(longer)) == "blob_differs"
    twice = wire.ChunksPut(
        stream=stream, blob=changed.ref.id, count=1, chunks=((0, blob.chunks[0]), (0, changed.chunks[0]))
    )
    assert await refused(service.put_chunks(twice)) == "blob_differs"
    assert (await service.get_chunks(get(stream, blob, 0))).chunks == ((0, blob.chunks[0]),)
    assert await here(service, stream, changed) == {}


async def test_only_who_is_served_the_stream_gets_its_blobs(story: Story) -> None:
    anna, stream = await opened_file(story)
    olaf = story.team.enrol("outreach", sites=())
    await story.tell()
    blob = seal_blob(b"nicht fuer Olaf")
    await (await story.service(anna)).put_chunks(put(stream, blob, [0]))
    foreign = await story.service(olaf)
    assert await refused(foreign.get_chunks(get(stream, blob, 0))) == "not_allowed"
    assert await refused(foreign.put_chunks(put(stream, seal_blob(b"fremd"), [0]))) == "not_allowed"
    assert await here(foreign, stream, blob) == {}
    elsewhere = StreamRef("site", OTHER_SITE).id(story.team.id)
    assert await refused(foreign.put_chunks(put(elsewhere, blob, [0]))) == "unknown_stream"
    control = story.team.control_stream
    assert await refused(foreign.put_chunks(put(control, blob, [0]))) == "not_allowed"


async def test_the_same_blob_in_another_stream_is_another(story: Story) -> None:
    """A document that moved to another file is sent there again; each file's readers get their own."""
    anna, stream = await opened_file(story)
    other = StreamRef("person", "q")
    await story.push(anna, [anna.open_stream(other)])
    moved = other.id(story.team.id)
    service, blob = await story.service(anna), seal_blob(b"umgezogen")
    await service.put_chunks(put(stream, blob, [0]))
    assert await here(service, moved, blob) == {}
    assert (await service.get_chunks(get(moved, blob, 0))).chunks == ()
    await service.put_chunks(put(moved, blob, [0]))
    assert (await service.get_chunks(get(moved, blob, 0))).chunks == ((0, blob.chunks[0]),)


async def test_a_locked_device_still_delivers_and_reads_nothing(story: Story) -> None:
    anna, stream = await opened_file(story)
    service = await story.service(anna)
    await service.put_delivery_token(wire.DeliveryToken(hash=hashlib.sha256(DELIVERY).digest()))
    delivery, blob = await story.delivery(anna, DELIVERY), seal_blob(b"gesperrt")
    await delivery.put_chunks(put(stream, blob, [0]))
    assert await here(delivery, stream, blob) == {blob.ref.id: (0,)}
    assert await refused(delivery.get_chunks(get(stream, blob, 0))) == "not_allowed"


async def test_a_revoked_device_neither_puts_nor_gets(story: Story) -> None:
    anna, stream = await opened_file(story)
    service, blob = await story.service(anna), seal_blob(b"zu spaet")
    await service.put_chunks(put(stream, blob, [0]))
    story.team.revoke(anna)
    await story.tell()
    assert await refused(service.put_chunks(put(stream, blob, [0]))) == "revoked"
    assert await refused(service.get_chunks(get(stream, blob, 0))) == "revoked"
    assert await refused(here(service, stream, blob)) == "revoked"


async def test_a_number_beyond_the_end_is_no_message(story: Story) -> None:
    anna, stream = await opened_file(story)
    service, blob = await story.service(anna), seal_blob(b"x")
    beyond = wire.ChunksPut(stream=stream, blob=blob.ref.id, count=1, chunks=((1, blob.chunks[0]),))
    assert await refused(service.put_chunks(beyond)) == "malformed"


async def test_limits_are_told_apart(own_place: OwnPlace) -> None:
    own_place.limit_blobs(blob_bytes=2 * CHUNK, blobs_bytes=4 * CHUNK)
    story = await Story(own_place, Organisation.found()).found()
    anna, stream = await opened_file(story)
    service = await story.service(anna)
    large = wire.ChunksPut(stream=stream, blob=bytes(16), count=3, chunks=())
    assert await refused(service.put_chunks(large)) == "too_large"
    first, second, third = (seal_blob(bytes(size)) for size in (2 * CHUNK, CHUNK, CHUNK))
    await service.put_chunks(put(stream, first, [0]))
    await service.put_chunks(put(stream, second, [0]))
    assert await refused(service.put_chunks(put(stream, third, [0]))) == "no_room"
    await service.put_chunks(put(stream, first, [1]))  # what began may be ended


async def test_a_restored_server_says_what_it_lacks_before_it_serves(machine: OwnPlace) -> None:
    story = await Story(machine, Organisation.found()).found()
    anna, stream = await opened_file(story)
    kept, lost = seal_blob(bytes(CHUNK + 1)), seal_blob(b"nach der Sicherung")
    service = await story.service(anna)
    await service.put_chunks(put(stream, kept, [0, 1]))
    moment = await machine.remember()
    await service.put_chunks(put(stream, lost, [0]))
    await machine.restore(moment)
    story.restarted_session()
    service = await story.service(anna)
    assert await here(service, stream, kept, lost) == {kept.ref.id: (0, 1)}
    assert await refused(service.get_chunks(get(stream, kept, 0))) == "feed_restarted"
    await service.put_chunks(put(stream, lost, [0]))
    await (await story.service(story.team.admin)).push(push_request(story.team.control, control_complete=True))
    assert (await service.get_chunks(get(stream, lost, 0))).chunks == ((0, lost.chunks[0]),)


async def ordered(story: Story, action: str, stream: bytes, *entries: bytes) -> None:
    """By two supervisors."""
    first, second = story.team.enrol("supervisor"), story.team.enrol("supervisor")
    order = clear.Order(order=os.urandom(16), action=action, stream=stream, entries=entries)  # type: ignore[arg-type]
    first.certify(order)
    second.certify(clear.Release(order=order.order))
    await story.tell()


async def test_a_redacted_document_goes_and_does_not_come_back(story: Story) -> None:
    anna, stream = await opened_file(story)
    service, gone, kept = await story.service(anna), seal_blob(b"weg" * 9), seal_blob(b"bleibt")
    for blob in (gone, kept):
        await service.put_chunks(put(stream, blob, [0]))
    await ordered(story, "redact", stream, gone.ref.id)
    assert await here(service, stream, gone, kept) == {kept.ref.id: (0,)}
    assert (await service.get_chunks(get(stream, gone, 0))).chunks == ()
    assert await refused(service.put_chunks(put(stream, gone, [0]))) == "not_allowed"


async def test_an_erased_file_takes_no_late_document(story: Story) -> None:
    anna, stream = await opened_file(story)
    service, begun, late = await story.service(anna), seal_blob(bytes(CHUNK + 1)), seal_blob(b"zu spaet")
    await service.put_chunks(put(stream, begun, [0]))
    await ordered(story, "erase", stream)
    for blob, number in ((begun, 1), (late, 0)):
        assert await refused(service.put_chunks(put(stream, blob, [number]))) == "not_allowed"
    assert await here(service, stream, begun, late) == {}
