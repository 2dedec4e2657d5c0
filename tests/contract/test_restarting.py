"""A server that went back in time: nothing acknowledged is lost, and no revocation is undone."""

from __future__ import annotations

import hashlib

import pytest

from goes_mobile.protocol import clear, wire
from goes_mobile.protocol.keys import KeyPair
from goes_mobile.protocol.problems import Refused
from goes_mobile.protocol.streams import StreamRef
from tests.actors import SITE, Actor, Organisation
from tests.contract.places import OwnPlace, Story, push_request
from tests.contract.test_entering import DELIVERY, left_for, refused

REF = StreamRef("site", SITE)


async def restarted(action: object) -> tuple[str, bool]:
    """(incarnation, awaiting the control log) of a feed that says it has started again."""
    with pytest.raises(Refused) as caught:
        await action  # type: ignore[misc]
    assert caught.value.code == "feed_restarted"
    return caught.value.facts["incarnation"], caught.value.facts["awaiting_control"]


async def written(story: Story) -> tuple[Actor, bytes]:
    anna = story.team.enrol("outreach")
    await story.tell()
    await story.push(anna, [anna.open_stream(REF)])
    return anna, REF.id(story.team.id)


async def complete(story: Story) -> wire.PushAnswer:
    return await story.push(story.team.admin, story.team.control, control_complete=True)


async def test_a_silent_roll_back_is_seen_by_the_first_cursor(machine: OwnPlace) -> None:
    story = await Story(machine, Organisation.found()).found()
    anna, stream = await written(story)
    moment = await machine.remember()
    lost = anna.notes(stream, 3)
    await story.push(anna, lost)
    ahead = (await story.pull_all(anna)).cursor
    await machine.roll_back(moment)
    incarnation, awaiting = await restarted(story.pull(anna, ahead))
    assert awaiting
    assert incarnation != ahead.incarnation.hex()
    assert await restarted(story.pull(anna, ahead)) == (incarnation, True)
    assert await restarted(story.pull(anna)) == (incarnation, True)
    service = await story.service(anna)
    assert await restarted(service.backfill(wire.BackfillRequest(stream=stream))) == (incarnation, True)
    heads = {head.stream: head.position for head in (await service.streams()).heads}
    assert heads[stream] == 1
    assert len(await story.receipts(await story.push(anna, lost))) == 3
    assert await restarted(story.pull(anna)) == (incarnation, True)
    await complete(story)
    assert await restarted(story.pull(anna, ahead)) == (incarnation, False)
    pulled = await story.pull_all(anna)
    assert {entry.raw for entry in lost} <= pulled.raws()
    assert pulled.cursor.incarnation.hex() == incarnation


async def test_a_roll_back_hidden_by_new_entries_is_seen_too(own_story: Story, own_place: OwnPlace) -> None:
    anna, stream = await written(own_story)
    moment = await own_place.remember()
    await own_story.push(anna, anna.notes(stream, 2))
    cursor = (await own_story.pull_all(anna)).cursor
    await own_place.roll_back(moment)
    anna.new_chain(stream)
    await own_story.push(anna, anna.notes(stream, 5))
    assert (await restarted(own_story.pull(anna, cursor)))[1]


async def test_a_feed_that_only_lost_what_nobody_saw_goes_on(own_story: Story, own_place: OwnPlace) -> None:
    anna, stream = await written(own_story)
    cursor = (await own_story.pull_all(anna)).cursor
    moment = await own_place.remember()
    lost = anna.notes(stream, 2)
    await own_story.push(anna, lost)
    await own_place.roll_back(moment)
    assert (await own_story.pull(anna, cursor)).entries == ()
    receipts = await own_story.receipts(await own_story.push(anna, lost))
    assert [receipt[2] for receipt in receipts.values()] == [2, 3]


async def test_a_restored_server_serves_nobody_until_the_control_log_is_complete(machine: OwnPlace) -> None:
    story = await Story(machine, Organisation.found()).found()
    anna, stream = await written(story)
    secret, invited = story.team.invite("office")
    await story.tell()
    admin = await story.service(story.team.admin)
    await admin.put_welcome(left_for(secret))
    moment = await machine.remember()
    lost = story.team.enrol("outreach")
    story.team.revoke(anna)
    story.team.revoke(invited)
    await story.tell()
    await machine.restore(moment)
    story.restarted_session()
    # The revoked device is let in by the old control log, and served nothing.
    assert (await restarted(story.pull(anna)))[1]
    assert (await restarted(machine.server.welcome(wire.WelcomeGet(lookup=secret.lookup))))[1]
    assert await refused(story.open_session(lost)) == "unauthorised"
    service = await story.service(anna)
    assert await refused(service.push(push_request([], control_complete=True))) == "not_allowed"
    answer = await complete(story)
    assert len(await story.receipts(answer)) == len(story.team.control)
    assert await refused(story.pull(anna)) == "revoked"
    assert await refused(machine.server.welcome(wire.WelcomeGet(lookup=secret.lookup))) == "revoked"
    await story.open_session(lost)
    assert stream not in (await story.pull_all(story.team.admin)).heads


async def test_with_the_recovery_sheet_a_new_administrator_brings_a_restored_server_back(machine: OwnPlace) -> None:
    """All devices are lost, the server's disk too: the root alone may read the log, and certifies who completes it."""
    team = Organisation.found()
    story = await Story(machine, team).found()
    anna, stream = await written(story)
    moment = await machine.remember()
    await machine.restore(moment)
    story.restarted_session()
    root = await story.service(team.root)
    control = wire.BackfillRequest(stream=team.control_stream)
    assert [entry[3] for entry in (await root.backfill(control)).entries] == [entry.raw for entry in team.control]
    assert (await restarted(root.backfill(wire.BackfillRequest(stream=stream))))[1]
    for actor in (anna, team.admin):
        assert (await restarted((await story.service(actor)).backfill(control)))[1]
    assert await refused(root.push(push_request([], control_complete=True))) == "not_allowed"
    new = Actor(team, KeyPair.from_seed(bytes(32)), team.admin.member, "admin")
    public = new.keys.public
    made = team.root.certify(clear.Administrator(sign=public.sign, kem=public.kem, member=new.member))
    await story.push(team.root, [made])
    await (await story.service(new)).push(push_request([], control_complete=True))
    assert stream in (await story.pull_all(anna)).heads


async def test_a_control_log_with_holes_is_not_complete(own_story: Story, own_place: OwnPlace) -> None:
    moment = await own_place.remember()
    own_story.team.enrol("outreach")
    await own_place.restore(moment)
    own_story.restarted_session()
    holey = own_story.team.control[:-3] + own_story.team.control[-2:]
    answer = await own_story.push(own_story.team.admin, holey, control_complete=True)
    assert answer.gaps or answer.unknown
    assert (await restarted(own_story.pull(own_story.team.admin)))[1]
    await complete(own_story)
    assert len((await own_story.pull_all(own_story.team.admin)).entries) == len(own_story.team.control)


async def test_an_old_cursor_of_an_earlier_incarnation_restarts_nothing_again(
    own_story: Story, own_place: OwnPlace
) -> None:
    anna, stream = await written(own_story)
    moment = await own_place.remember()
    await own_story.push(anna, anna.notes(stream, 1))
    old = (await own_story.pull_all(anna)).cursor
    older = (await own_story.pull_all(own_story.team.admin)).cursor
    await own_place.restore(moment)
    own_story.restarted_session()
    await complete(own_story)
    incarnation, awaiting = await restarted(own_story.pull(anna, old))
    assert not awaiting
    assert await restarted(own_story.pull(own_story.team.admin, older)) == (incarnation, False)
    assert (await own_story.pull(anna)).entries


async def test_a_second_roll_back_to_before_the_first_restart_is_seen(own_story: Story, own_place: OwnPlace) -> None:
    anna, _ = await written(own_story)
    moment = await own_place.remember()
    await own_place.restore(moment)
    own_story.restarted_session()
    await complete(own_story)
    newer = (await own_story.pull_all(anna)).cursor
    await own_place.roll_back(moment)
    own_story.restarted_session()
    incarnation, awaiting = await restarted(own_story.pull(anna, newer))
    assert awaiting
    assert incarnation != newer.incarnation.hex()


async def test_no_device_can_restart_the_feed_by_making_up_a_cursor(own_story: Story) -> None:
    anna, _ = await written(own_story)
    good = (await own_story.pull_all(anna)).cursor
    claims = [
        {"number": good.number + 1},
        {"number": 2**62},
        {"number": 0},
        {"hash": good.hash[::-1]},
        {"hash": b""},
        {"incarnation": bytes(16)},
        {"incarnation": b""},
        {"incarnation": b"", "number": 0},
    ]
    for claim in claims:
        made_up = good.model_copy(update=claim)
        assert await restarted(own_story.pull(anna, made_up)) == (good.incarnation.hex(), False)
    assert (await own_story.pull(anna, good)).cursor == good


async def test_a_delivery_token_still_delivers_after_a_restart(own_story: Story, own_place: OwnPlace) -> None:
    anna, stream = await written(own_story)
    await (await own_story.service(anna)).put_delivery_token(wire.DeliveryToken(hash=hashlib.sha256(DELIVERY).digest()))
    moment = await own_place.remember()
    note = anna.note(stream, "…")
    await own_story.push(anna, [note])
    await own_place.restore(moment)
    own_story.restarted_session()
    delivery = await own_story.delivery(anna, DELIVERY)
    assert len(await own_story.receipts(await delivery.push(push_request([note])))) == 1
    control = wire.BackfillRequest(stream=own_story.team.control_stream)
    assert (await restarted(delivery.backfill(control)))[1]
