"""Push: what is taken, what is refused for good, what may come again."""

from __future__ import annotations

import asyncio
import hashlib
import itertools

import pytest

from goes_mobile.protocol import clear, wire
from goes_mobile.protocol.entry import MAX_ENTRY, Entry, decode
from goes_mobile.protocol.packing import pack, unpack
from goes_mobile.protocol.problems import Refused
from goes_mobile.protocol.streams import StreamRef
from tests.actors import SITE, Actor, Organisation
from tests.contract.places import Story

REF = StreamRef("site", SITE)


async def member(story: Story) -> tuple[Actor, bytes]:
    """An enrolled colleague and the site's stream."""
    anna = story.team.enrol("outreach")
    await story.tell()
    return anna, REF.id(story.team.id)


def refusals(answer: wire.PushAnswer) -> dict[bytes, str]:
    return {refusal.hash: refusal.code for refusal in answer.refused}


def wrongly_signed(entry: Entry) -> bytes:
    header, nonce, body, signature = unpack(entry.raw)
    return pack([header, nonce, body, bytes(64 - len(signature[:1])) + signature[:1]])


def of_format(entry: Entry, number: int) -> bytes:
    header, *rest = unpack(entry.raw)
    return pack([pack([number, *unpack(header)[1:]]), *rest])


async def test_every_entry_gets_a_signed_receipt_and_the_same_again(story: Story) -> None:
    anna, stream = await member(story)
    entries = [anna.open_stream(REF), *anna.notes(stream, 5)]
    first = await story.receipts(await story.push(anna, entries))
    assert [receipt[2] for receipt in first.values()] == [1, 2, 3, 4, 5, 6]
    numbers = [receipt[1] for receipt in first.values()]
    assert numbers == list(range(numbers[0], numbers[0] + 6))
    assert await story.receipts(await story.push(anna, entries)) == first
    assert await story.receipts(await story.push(anna, entries[2:4])) == {e.hash: first[e.hash] for e in entries[2:4]}
    more = anna.note(stream, "…")
    both = await story.receipts(await story.push(anna, [entries[-1], more, more]))
    assert both[entries[-1].hash] == first[entries[-1].hash]
    assert both[more.hash][2] == 7


async def test_the_order_within_a_batch_does_not_matter(story: Story) -> None:
    anna, stream = await member(story)
    entries = [anna.open_stream(REF), *anna.notes(stream, 4)]
    answer = await story.push(anna, [entries[index] for index in (3, 0, 4, 2, 1)])
    assert sorted(r[2] for r in (await story.receipts(answer)).values()) == [1, 2, 3, 4, 5]


async def test_a_bad_signature_is_refused_and_its_part_waits(story: Story) -> None:
    anna, stream = await member(story)
    opening, *notes = [anna.open_stream(REF), *anna.notes(stream, 3)]
    other = anna.open_stream(StreamRef("person", "p"))
    answer = await story.push(anna, [opening, notes[0], notes[1], wrongly_signed(notes[2]), other])
    assert refusals(answer) == {notes[2].hash: "signature"}
    assert set(await story.receipts(answer)) == {other.hash}
    answer = await story.push(anna, [opening, *notes[:2]])
    assert set(await story.receipts(answer)) == {opening.hash, notes[0].hash, notes[1].hash}


async def test_an_entry_is_good_if_a_later_one_covers_it(story: Story) -> None:
    anna, stream = await member(story)
    opening, *notes = [anna.open_stream(REF), *anna.notes(stream, 2)]
    answer = await story.push(anna, [opening, wrongly_signed(notes[0]), notes[1]])
    assert len(await story.receipts(answer)) == 3


async def test_what_can_never_become_good_is_refused_with_its_reason(story: Story) -> None:
    anna, _ = await member(story)
    stranger = Organisation.found()
    foreign = stranger.admin.open_stream(StreamRef("org"))
    good = anna.open_stream(REF)
    huge, noise = bytes(MAX_ENTRY + 1), b"\x93\x01\x02\x03"
    answer = await story.push(anna, [foreign, huge, noise, good, b""])
    assert refusals(answer) == {
        foreign.hash: "organisation",
        hashlib.sha256(huge).digest(): "size",
        hashlib.sha256(noise).digest(): "malformed",
        hashlib.sha256(b"").digest(): "malformed",
    }
    assert set(await story.receipts(answer)) == {good.hash}


async def test_what_a_later_version_may_read_waits_for_it(story: Story) -> None:
    """Refused it would never come again; and nobody else waits for it."""
    anna, stream = await member(story)
    opening, note, behind = [anna.open_stream(REF), *anna.notes(stream, 2)]
    later, otherwise = of_format(note, 2), pack([unpack(of_format(note, 3))[0], {"another": "shape"}])
    never = of_format(note, 0)
    for _ in range(2):
        answer = await story.push(anna, [opening, later, otherwise, never, behind])
        assert set(answer.unread) == {hashlib.sha256(raw).digest() for raw in (later, otherwise)}
        assert refusals(answer) == {hashlib.sha256(never).digest(): "malformed"}
        assert [gap.n for gap in answer.gaps] == [note.header.n]
        assert set(await story.receipts(answer)) == {opening.hash}
    answer = await story.push(anna, [note, behind])
    assert set(await story.receipts(answer)) == {note.hash, behind.hash}


async def test_a_fork_is_refused_and_the_chain_goes_on(story: Story) -> None:
    anna, stream = await member(story)
    opening = anna.open_stream(REF)
    before = dict(anna.chains)
    notes = anna.notes(stream, 2)
    await story.push(anna, [opening, *notes])
    anna.chains = before  # a restored profile that does not know what it wrote
    forked = anna.notes(stream, 3)
    answer = await story.push(anna, forked)
    assert refusals(answer) == dict.fromkeys((entry.hash for entry in forked), "fork")
    assert not await story.receipts(answer)
    anna.new_chain(stream)
    again = anna.seal(stream, b"", succeeds=(notes[-1].hash, "fork"))
    assert set(await story.receipts(await story.push(anna, [again]))) == {again.hash}


async def test_a_gap_says_what_is_wanted(story: Story) -> None:
    anna, stream = await member(story)
    opening, *notes = [anna.open_stream(REF), *anna.notes(stream, 4)]
    await story.push(anna, [opening])
    answer = await story.push(anna, notes[1:])
    run = anna.chains[stream][0]
    assert answer.gaps == (wire.Gap(stream=stream, device=anna.id, run=run, n=2, hash=opening.hash),)
    assert not await story.receipts(answer)
    answer = await story.push(anna, [notes[0], notes[2], notes[3]])
    assert answer.gaps == (wire.Gap(stream=stream, device=anna.id, run=run, n=3, hash=notes[0].hash),)
    assert set(await story.receipts(answer)) == {notes[0].hash}
    assert len(await story.receipts(await story.push(anna, notes))) == 4


async def test_an_author_nobody_certified_yet_waits(story: Story) -> None:
    anna, stream = await member(story)
    newcomer = story.team.enrol("outreach")
    written = [newcomer.open_stream(REF), newcomer.note(stream, "…")]
    answer = await story.push(anna, written)
    assert set(answer.unknown) == {entry.hash for entry in written}
    assert not await story.receipts(answer)
    together = [*written, *reversed(story.team.control[story.told :])]
    answer = await story.push(anna, together)
    assert not answer.unknown
    assert len(await story.receipts(answer)) == len(together)


async def test_late_entries_come_by_anybodys_session(story: Story) -> None:
    anna, stream = await member(story)
    lost = story.team.enrol("outreach")
    late = [
        lost.open_stream(StreamRef("person", "late")),
        lost.note(StreamRef("person", "late").id(story.team.id), "…"),
    ]
    story.team.revoke(lost)
    await story.tell()
    assert len(await story.receipts(await story.push(anna, late))) == 2
    pulled = await story.pull_all(anna)
    assert {entry.raw for entry in late} <= pulled.raws()
    assert stream not in pulled.heads


async def test_a_body_is_taken_away_by_an_order_and_by_nobody_else(story: Story) -> None:
    boss, second = story.team.enrol("supervisor"), story.team.enrol("supervisor")
    await story.tell()
    stream = REF.id(story.team.id)
    opening, note = boss.open_stream(REF), boss.note(stream, "…")
    emptied = decode(note.redacted())
    assert emptied.hash == note.hash
    answer = await story.push(boss, [opening, emptied])
    assert set(answer.unknown) == {opening.hash, note.hash}
    order = clear.Order(order=bytes(16), action="redact", stream=stream, entries=(note.hash,))
    boss.certify(order)
    second.certify(clear.Release(order=order.order))
    await story.tell()
    assert len(await story.receipts(await story.push(boss, [opening, emptied]))) == 2


async def test_too_much_at_once_is_refused_as_a_whole(story: Story) -> None:
    anna, stream = await member(story)
    opening = anna.open_stream(REF)
    note = anna.note(stream, "…")
    with pytest.raises(Refused) as caught:
        await story.push(anna, [opening, *itertools.repeat(note, wire.MAX_PUSH_ENTRIES)])
    assert caught.value.code == "too_large"
    big = anna.seal(stream, bytes(wire.MAX_PUSH_BYTES // 2 + 1))
    with pytest.raises(Refused) as caught:
        await story.push(anna, [opening, note, big, wrongly_signed(big)])
    assert caught.value.code == "too_large"
    assert len(await story.receipts(await story.push(anna, [opening, note, big]))) == 3


async def test_two_devices_at_once_share_the_numbers_without_a_gap(story: Story) -> None:
    anna, stream = await member(story)
    ben = story.team.enrol("office")
    await story.tell()
    await story.push(anna, [anna.open_stream(REF)])
    parts = [(actor, actor.notes(stream, 3)) for actor in (anna, ben) for _ in range(5)]
    by_device = {actor.id: iter([part for a, part in parts if a is actor]) for actor in (anna, ben)}

    async def push_all(actor: Actor) -> list[int]:
        numbers = []
        for part in by_device[actor.id]:
            numbers += [receipt[1] for receipt in (await story.receipts(await story.push(actor, part))).values()]
        return numbers

    numbers = sorted(itertools.chain(*await asyncio.gather(push_all(anna), push_all(ben))))
    assert numbers == list(range(len(story.team.control) + 2, len(story.team.control) + 32))


async def test_a_control_entry_that_is_not_allowed_is_kept_and_changes_nothing(story: Story) -> None:
    """Readers judge the same log by the same rules; the server withholds nothing from them."""
    anna, _ = await member(story)
    usurped = anna.say(
        story.team.control_stream, clear.Revocation(device=story.team.admin.id, reason="lost", control_position=1)
    )
    assert set(await story.receipts(await story.push(anna, [usurped]))) == {usurped.hash}
    assert usurped.raw in (await story.pull_all(story.team.admin)).raws()
