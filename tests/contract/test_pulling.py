"""Pull, back-fill, heads: everything of one's own, nothing of others, nothing twice, nothing missed."""

from __future__ import annotations

import asyncio

import pytest

from goes_mobile.protocol import wire
from goes_mobile.protocol.entry import decode, running
from goes_mobile.protocol.problems import Refused
from goes_mobile.protocol.streams import GroupRef, StreamRef
from tests.actors import OTHER_SITE, SITE, Actor, Organisation
from tests.contract.places import OwnPlace, Place, Pulled, Story, refused

REF = StreamRef("site", SITE)
OTHER = StreamRef("site", OTHER_SITE)
LONG_S = 20.0  # nobody waits so long: the test's point is what ends it


@pytest.fixture
async def county(place: Place) -> Story:
    """Two sites with one person each."""
    story = await Story(place, Organisation.found(sites=(SITE, OTHER_SITE))).found()
    await people(story)
    return story


async def people(story: Story) -> None:
    story.anna = story.team.enrol("outreach", [SITE])  # type: ignore[attr-defined]
    story.ben = story.team.enrol("outreach", [OTHER_SITE])  # type: ignore[attr-defined]
    await story.tell()


def anna(story: Story) -> Actor:
    return story.anna  # type: ignore[attr-defined, no-any-return]


def ben(story: Story) -> Actor:
    return story.ben  # type: ignore[attr-defined, no-any-return]


def recomputed(pulled: Pulled) -> dict[bytes, tuple[int, bytes]]:
    """Running hashes as a reader computes them."""
    heads: dict[bytes, tuple[int, bytes]] = {}
    for _, position, _, raw in pulled.entries:
        entry = decode(raw)
        before, head = heads.get(entry.header.stream, (0, b""))
        assert position == before + 1
        heads[entry.header.stream] = (position, running(head, entry.hash, position))
    return heads


async def test_a_reader_gets_all_of_its_streams_in_order_and_nothing_else(county: Story) -> None:
    team, stream, other = county.team, REF.id(county.team.id), OTHER.id(county.team.id)
    mine = [anna(county).open_stream(REF), *anna(county).notes(stream, 7)]
    theirs = [ben(county).open_stream(OTHER, OTHER_SITE), *ben(county).notes(other, 7)]
    for own, foreign in zip(mine, theirs, strict=True):
        await county.push(anna(county), [own])
        await county.push(ben(county), [foreign])
    pulled = await county.pull_all(anna(county), limit=3)
    assert pulled.raws() == {entry.raw for entry in (*team.control, *mine)}
    assert [entry[0] for entry in pulled.entries] == sorted({entry[0] for entry in pulled.entries})
    assert {stream: (head.position, head.running) for stream, head in pulled.heads.items()} == recomputed(pulled)
    assert pulled.cursor.number == len(team.control) + 16
    admins = await county.pull_all(team.admin)
    assert admins.raws() == {entry.raw for entry in team.control}
    assert admins.cursor == pulled.cursor


async def test_the_cursor_advances_when_nothing_is_ones_own(county: Story) -> None:
    before = (await county.pull_all(anna(county))).cursor
    stream = OTHER.id(county.team.id)
    await county.push(ben(county), [ben(county).open_stream(OTHER, OTHER_SITE), *ben(county).notes(stream, 20)])
    answer = await county.pull(anna(county), before, limit=5)
    assert (answer.entries, answer.heads, answer.more) == ((), (), False)
    assert answer.cursor.number == before.number + 21
    again = await county.pull(anna(county), answer.cursor)
    assert again.cursor == answer.cursor


async def test_limits_and_more(county: Story) -> None:
    stream = REF.id(county.team.id)
    await county.push(anna(county), [anna(county).open_stream(REF), *anna(county).notes(stream, 9)])
    start = wire.Cursor()
    for expected in range(len(county.team.control) + 10, 0, -1):
        answer = await county.pull(anna(county), start, limit=1)
        assert len(answer.entries) == 1
        assert answer.more == (expected > 1)
        start = answer.cursor
    assert (await county.pull(anna(county), start)).entries == ()


async def test_big_entries_come_in_several_answers(county: Story) -> None:
    stream = REF.id(county.team.id)
    writer = anna(county)
    big = [writer.open_stream(REF), *(writer.seal(stream, bytes(900_000)) for _ in range(12))]
    for entry in big:
        await county.push(writer, [entry])
    answer = await county.pull(writer, wire.Cursor())
    assert sum(len(entry[3]) for entry in answer.entries) < 32 * 1024 * 1024
    assert (await county.pull_all(writer)).raws() >= {entry.raw for entry in big}
    filled, after = [], 0
    while True:
        part = await (await county.service(writer)).backfill(wire.BackfillRequest(stream=stream, after=after))
        filled += part.entries
        after = filled[-1][1]
        if not part.more:
            break
    assert [entry[3] for entry in filled] == [entry.raw for entry in big]


async def test_a_stream_is_back_filled_in_pieces(county: Story) -> None:
    stream = REF.id(county.team.id)
    entries = [anna(county).open_stream(REF), *anna(county).notes(stream, 9)]
    await county.push(anna(county), entries)
    service = await county.service(anna(county))
    filled: list[bytes] = []
    while True:
        answer = await service.backfill(wire.BackfillRequest(stream=stream, after=len(filled), limit=4))
        assert [entry[1] for entry in answer.entries] == list(
            range(len(filled) + 1, len(filled) + 1 + len(answer.entries))
        )
        filled += [entry[3] for entry in answer.entries]
        assert answer.head.position == 10
        if not answer.more:
            break
    assert filled == [entry.raw for entry in entries]
    beyond = await service.backfill(wire.BackfillRequest(stream=stream, after=99))
    assert (beyond.entries, beyond.more) == ((), False)


async def test_nobody_is_served_a_stream_without_a_grant(county: Story) -> None:
    stream = REF.id(county.team.id)
    entries = [anna(county).open_stream(REF), *anna(county).notes(stream, 2)]
    await county.push(anna(county), entries)
    _, invited = county.team.invite("outreach", [OTHER_SITE])
    await county.tell()
    for actor in (ben(county), county.team.admin, invited):
        service = await county.service(actor)
        for asked in (stream, bytes(16)):
            with pytest.raises(Refused) as caught:
                await service.backfill(wire.BackfillRequest(stream=asked))
            assert caught.value.code == "not_allowed"
        assert [head.stream for head in (await service.streams()).heads] == [county.team.control_stream]
        assert not (await county.pull_all(actor)).raws() & {entry.raw for entry in entries}
    mine = {head.stream: head.position for head in (await (await county.service(anna(county))).streams()).heads}
    assert mine == {county.team.control_stream: len(county.team.control), stream: 3}


async def test_whoever_is_in_the_group_later_is_served_from_then_on(county: Story) -> None:
    stream = REF.id(county.team.id)
    await county.push(anna(county), [anna(county).open_stream(REF), *anna(county).notes(stream, 2)])
    newcomer = county.team.enrol("office", [SITE])
    await county.tell()
    assert len((await county.pull_all(newcomer)).entries) == len(county.team.control) + 3


async def test_a_grant_opens_a_stream_to_be_back_filled(county: Story) -> None:
    ref = StreamRef("person", "shared")
    stream = ref.id(county.team.id)
    await county.push(anna(county), [anna(county).open_stream(ref), *anna(county).notes(stream, 3)])
    before = await county.pull_all(ben(county))
    assert stream not in before.heads
    group = GroupRef("site", OTHER_SITE).id(county.team.id)
    grant = anna(county).grant_stream(stream, [group])
    await county.push(anna(county), [grant])
    after = await county.pull_all(ben(county), before.cursor)
    assert [entry[1] for entry in after.entries] == [5]
    filled = await (await county.service(ben(county))).backfill(wire.BackfillRequest(stream=stream))
    assert [entry[1] for entry in filled.entries] == [1, 2, 3, 4, 5]


async def test_a_grant_by_somebody_without_access_opens_nothing(county: Story) -> None:
    ref = StreamRef("person", "closed")
    stream = ref.id(county.team.id)
    await county.push(anna(county), [anna(county).open_stream(ref), *anna(county).notes(stream, 1)])
    thief = ben(county)
    own_group = GroupRef("site", OTHER_SITE).id(county.team.id)
    stolen = thief.grant_stream(stream, [thief.id, own_group])
    rotated = thief.open_stream(ref, to=[thief.id], replaces=[county.team.epochs.keys[stream][0]])
    assert len(await county.receipts(await county.push(thief, [stolen, rotated]))) == 2
    assert stream not in (await county.pull_all(thief)).heads
    assert (await county.pull_all(anna(county))).heads[stream].position == 4


async def test_a_new_epoch_ends_the_access_of_those_it_leaves_out(county: Story) -> None:
    ref = StreamRef("person", "moved")
    stream = ref.id(county.team.id)
    groups = [GroupRef("site", site).id(county.team.id) for site in (SITE, OTHER_SITE)]
    await county.push(anna(county), [anna(county).open_stream(ref, to=groups), anna(county).note(stream, "…")])
    shared = await county.pull_all(ben(county))
    assert shared.heads[stream].position == 2
    rotation = anna(county).open_stream(ref, to=groups[:1], replaces=[county.team.epochs.keys[stream][0]])
    late = ben(county).note(stream, "…")
    await county.push(anna(county), [rotation, anna(county).note(stream, "…")])
    await county.push(ben(county), [late])
    rest = await county.pull_all(ben(county), shared.cursor)
    assert (rest.heads[stream].position, rest.raws()) == (3, {rotation.raw, late.raw})  # who ended it, and one's own
    bens = await county.service(ben(county))
    filled = await bens.backfill(wire.BackfillRequest(stream=stream))
    assert ([entry[1] for entry in filled.entries], filled.head, filled.more) == ([1, 2, 3], rest.heads[stream], False)
    assert rest.heads[stream] in (await bens.streams()).heads
    assert (await county.pull_all(anna(county))).heads[stream].position == 5
    county.team.revoke(ben(county))
    await county.tell()
    assert await refused(bens.backfill(wire.BackfillRequest(stream=stream))) == "not_allowed"


async def test_a_rotated_group_leaves_the_revoked_out(county: Story) -> None:
    """Nobody but the remaining holders of the group's new key is served its streams."""
    stream = REF.id(county.team.id)
    colleague = county.team.enrol("office", [SITE])
    await county.tell()
    await county.push(anna(county), [anna(county).open_stream(REF), anna(county).note(stream, "…")])
    group = GroupRef("site", SITE)
    old = county.team.epochs.keys[group.id(county.team.id)][0]
    county.team.new_group(group, [anna(county).keys.public], replaces=[old])
    await county.tell()
    assert stream not in (await county.pull_all(colleague)).heads
    assert (await county.pull_all(anna(county))).heads[stream].position == 2


async def test_a_waiting_pull_is_woken_by_ones_own_streams(county: Story) -> None:
    stream, other = REF.id(county.team.id), OTHER.id(county.team.id)
    await county.push(anna(county), [anna(county).open_stream(REF)])
    await county.push(ben(county), [ben(county).open_stream(OTHER, OTHER_SITE)])
    start = (await county.pull_all(anna(county))).cursor
    waiting = asyncio.create_task(county.pull(anna(county), start, wait_s=LONG_S))
    foreign = ben(county).note(other, "…")
    await county.push(ben(county), [foreign])
    own = anna(county).note(stream, "…")
    await county.push(anna(county), [own])
    answer = await waiting
    assert [entry[3] for entry in answer.entries] == [own.raw]


async def test_a_waiting_pull_is_woken_by_the_control_log(county: Story) -> None:
    start = (await county.pull_all(ben(county))).cursor
    waiting = asyncio.create_task(county.pull(ben(county), start, wait_s=LONG_S))
    county.team.enrol("office", [SITE])
    told = county.team.control[county.told :]
    await county.tell()
    assert [entry[3] for entry in (await waiting).entries] == [entry.raw for entry in told]


async def test_a_pull_that_waits_in_vain_moves_its_cursor(county: Story) -> None:
    start = (await county.pull_all(anna(county))).cursor
    await county.push(ben(county), [ben(county).open_stream(OTHER, OTHER_SITE)])
    answer = await county.pull(anna(county), start, wait_s=0.05)
    assert answer.entries == ()
    assert answer.cursor.number == start.number + 1


async def test_stopping_answers_those_who_wait(machine: OwnPlace) -> None:
    story = await Story(machine, Organisation.found(sites=(SITE, OTHER_SITE))).found()
    await people(story)
    start = (await story.pull_all(anna(story))).cursor
    waiting = [asyncio.create_task(story.pull(actor, start, wait_s=LONG_S)) for actor in (anna(story), ben(story))]
    while await machine.polls() < 2:  # noqa: ASYNC110  # a process has no event to wait for
        await asyncio.sleep(0.01)
    await machine.stop()
    assert [answer.entries for answer in await asyncio.gather(*waiting)] == [(), ()]


async def test_a_revoked_device_lets_nobody_in_or_out_any_more(county: Story) -> None:
    """Its late entries are delivered, and change nothing about who is served what."""
    ref = StreamRef("person", "kept")
    stream = ref.id(county.team.id)
    lost = county.team.enrol("outreach", [SITE])
    await county.tell()
    await county.push(lost, [lost.open_stream(ref), lost.note(stream, "…")])
    late = lost.open_stream(ref, to=[lost.id], replaces=[county.team.epochs.keys[stream][0]])
    county.team.revoke(lost)
    await county.tell()
    assert len(await county.receipts(await county.push(anna(county), [late]))) == 1
    assert (await county.pull_all(anna(county))).heads[stream].position == 3


async def test_a_site_of_others_is_not_begun_by_a_stranger(county: Story) -> None:
    """Its stream's id can be worked out by anybody; whoever is not of the site would keep its people out."""
    stream = REF.id(county.team.id)
    stranger = ben(county)
    await county.push(stranger, [stranger.open_stream(REF, to=[stranger.id])])
    assert stream not in (await county.pull_all(stranger)).heads
    await county.push(anna(county), [anna(county).open_stream(REF), anna(county).note(stream, "…")])
    assert (await county.pull_all(anna(county))).heads[stream].position == 3
    assert stream not in (await county.pull_all(stranger)).heads
