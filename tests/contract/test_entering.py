"""Founding, sessions, welcomes, delivery tokens: how one comes in, and how one is kept out."""

from __future__ import annotations

import hashlib

import pytest

from goes_mobile.protocol import wire
from goes_mobile.protocol.codes import InviteSecret
from goes_mobile.protocol.keys import principal_id
from goes_mobile.protocol.problems import Refused
from goes_mobile.protocol.streams import StreamRef
from tests.actors import SITE, Organisation
from tests.contract.places import Place, Story, founding, push_request

DELIVERY = b"d" * 32


async def refused(action: object) -> str:
    """The code with which something awaited is refused."""
    with pytest.raises(Refused) as caught:
        await action  # type: ignore[misc]
    return caught.value.code


async def test_a_server_says_who_it_is(place: Place) -> None:
    hello = await place.server.hello()
    assert hello.server_id == principal_id(hello.server_sign)
    assert wire.VERSION in hello.versions
    assert hello.time_ms > 1_700_000_000_000


async def test_an_organisation_is_founded_once_with_its_token(place: Place) -> None:
    team, other = Organisation.found(), Organisation.found()
    request = founding(place, team)
    assert (
        await refused(place.server.found(request.model_copy(update={"setup_token": "0" * 40}))) == "setup_token_wrong"
    )
    await place.server.found(request)
    await place.server.found(request)  # the first answer may have been lost
    assert await refused(place.server.found(founding(place, other))) == "setup_token_wrong"
    assert await refused(place.server.found(request.model_copy(update={"setup_token": ""}))) == "setup_token_wrong"


async def test_what_is_no_founding_founds_nothing(place: Place) -> None:
    team, other = Organisation.found(), Organisation.found()
    request = founding(place, team)
    without_founding = request.model_copy(update={"entries": request.entries[1:]})
    assert await refused(place.server.found(without_founding)) == "malformed"
    assert await refused(place.server.found(request.model_copy(update={"entries": ()}))) == "malformed"
    foreign = request.model_copy(update={"organisation": other.id})
    assert await refused(place.server.found(foreign)) == "malformed"
    note = team.admin.open_stream(StreamRef("org"))
    more_than_control = request.model_copy(update={"entries": (*request.entries, note.raw)})
    assert await refused(place.server.found(more_than_control)) == "malformed"
    await place.server.found(request)  # and the token is still good


async def test_a_session_needs_the_key_of_a_certified_principal(story: Story) -> None:
    server = story.place.server
    stranger = Organisation.found()
    hello = await server.hello()
    good = story.team.admin.session_request(hello.server_id, hello.challenge)
    assert (await server.open_session(good)).expires_ms > hello.time_ms
    foreign = stranger.admin.session_request(hello.server_id, hello.challenge)
    assert await refused(server.open_session(foreign)) == "unknown_organisation"
    uncertified = story.team.device(story.team.invite("office")[1])
    unknown = uncertified.session_request(hello.server_id, hello.challenge)
    assert await refused(server.open_session(unknown)) == "unauthorised"
    stolen = good.model_copy(update={"signature": unknown.signature})
    assert await refused(server.open_session(stolen)) == "unauthorised"
    for_another_server = story.team.admin.session_request(bytes(16), hello.challenge)
    assert await refused(server.open_session(for_another_server)) == "unauthorised"


async def test_a_challenge_is_the_servers_own_and_fresh(story: Story) -> None:
    server = story.place.server
    hello = await server.hello()
    old = (int.from_bytes(hello.challenge[:8], "big") - 3_600_000).to_bytes(8, "big") + hello.challenge[8:]
    for challenge in (b"", b"x" * 40, old, hello.challenge[:-1]):
        request = story.team.admin.session_request(hello.server_id, challenge)
        assert await refused(server.open_session(request)) == "unauthorised"


async def test_no_token_no_service(story: Story) -> None:
    for token, code in (("nonsense", "session_expired unauthorised"), ("delivery.00.11", "unauthorised")):
        service = story.place.server.session(token)
        assert await refused(service.streams()) in code.split()
        assert await refused(service.push(push_request([]))) in code.split()


async def test_an_invite_is_a_principal_until_a_device_came_of_it(story: Story) -> None:
    _, invited = story.team.invite("outreach")
    await story.tell()
    assert (await story.pull_all(invited)).raws() == {entry.raw for entry in story.team.control}
    device = story.team.device(invited)
    entries, story.told = story.team.control[story.told :], len(story.team.control)
    assert not (await story.push(invited, entries)).unknown
    await story.open_session(device)
    assert await refused(story.open_session(invited)) == "invite_used"


async def test_an_expired_invite_is_refused(story: Story) -> None:
    _, invited = story.team.invite("outreach", expires_at=1)
    await story.tell()
    assert await refused(story.open_session(invited)) == "invite_expired"


async def test_two_devices_of_one_invite_are_both_suspended(story: Story) -> None:
    _, invited = story.team.invite("outreach")
    await story.tell()
    await story.service(invited)
    first = story.team.device(invited)
    entries, story.told = story.team.control[story.told :], len(story.team.control)
    await story.push(invited, entries)
    service = await story.service(first)
    await service.streams()
    second = story.team.device(invited)
    await story.push(invited, story.team.control[story.told :])
    assert await refused(story.open_session(second)) == "not_allowed"
    assert await refused(story.open_session(first)) == "not_allowed"
    assert await refused(service.streams()) == "not_allowed"


async def test_revocation_ends_reading_at_once(story: Story) -> None:
    lost = story.team.enrol("outreach")
    await story.tell()
    service = await story.service(lost)
    await service.put_delivery_token(wire.DeliveryToken(hash=hashlib.sha256(DELIVERY).digest()))
    delivery = await story.delivery(lost, DELIVERY)
    await delivery.push(push_request([]))
    story.team.revoke(lost)
    await story.tell()
    again = story.place.server.session(await story.open_session(lost))
    for each in (service, delivery, again):
        assert await refused(each.streams()) == "revoked"
        assert await refused(each.pull(wire.PullRequest(cursor=wire.Cursor()))) == "revoked"
        assert await refused(each.put_delivery_token(wire.DeliveryToken(hash=bytes(32)))) == "revoked"


async def test_a_revoked_device_without_a_token_says_farewell_by_its_certificate(story: Story) -> None:
    """And reads nothing but why, although the site's key was its own."""
    ref = StreamRef("site", SITE)
    lost = story.team.enrol("admin")
    opened = lost.open_stream(ref)
    await story.tell()
    await story.push(lost, [opened])
    late = lost.seal(ref.id(story.team.id), b"zu spaet")
    story.team.revoke(lost)
    await story.tell()
    service = await story.service(lost)
    assert (await service.backfill(control_of(story))).entries[-1][3] == story.team.control[-1].raw
    assert await refused(service.backfill(wire.BackfillRequest(stream=ref.id(story.team.id)))) == "not_allowed"
    assert len(await story.receipts(await service.push(push_request([late])))) == 1
    assert await refused(service.push(push_request([], control_complete=True))) == "not_allowed"


async def test_a_revoked_device_learns_why_delivers_what_waits_and_is_gone(story: Story) -> None:
    lost = story.team.enrol("outreach")
    await story.tell()
    service = await story.service(lost)
    await service.put_delivery_token(wire.DeliveryToken(hash=hashlib.sha256(DELIVERY).digest()))
    delivery = await story.delivery(lost, DELIVERY)
    late = lost.seal(StreamRef("site", SITE).id(story.team.id), b"zu spaet")
    story.team.revoke(lost)
    await story.tell()
    found = await delivery.backfill(wire.BackfillRequest(stream=story.team.control_stream, after=0))
    assert found.entries[-1][3] == story.team.control[-1].raw
    site = wire.BackfillRequest(stream=late.header.stream, after=0)
    assert await refused(delivery.backfill(site)) == "not_allowed"
    answer = await delivery.push(push_request([late]))
    assert (answer.refused, answer.unknown) == ((), ())
    await delivery.push(push_request([]))  # that was all
    assert await refused(delivery.push(push_request([]))) == "unauthorised"
    assert await refused(delivery.backfill(control_of(story))) == "unauthorised"


def control_of(story: Story) -> wire.BackfillRequest:
    return wire.BackfillRequest(stream=story.team.control_stream, after=0)


async def test_a_delivery_token_pushes_and_reads_the_control_log_alone(story: Story) -> None:
    anna = story.team.enrol("outreach")
    await story.tell()
    ref = StreamRef("site", SITE)
    stream = ref.id(story.team.id)
    service = await story.service(anna)
    await service.put_delivery_token(wire.DeliveryToken(hash=hashlib.sha256(DELIVERY).digest()))
    delivery = await story.delivery(anna, DELIVERY)
    written = [anna.open_stream(ref), *anna.notes(stream, 2)]
    answer = await delivery.push(push_request(written))
    assert len(await story.receipts(answer)) == 3
    control = await delivery.backfill(wire.BackfillRequest(stream=story.team.control_stream))
    assert control.head.position == len(story.team.control)
    assert await refused(delivery.backfill(wire.BackfillRequest(stream=stream))) == "not_allowed"
    assert await refused(delivery.pull(wire.PullRequest(cursor=wire.Cursor()))) == "not_allowed"
    assert await refused(delivery.streams()) == "not_allowed"
    assert await refused(delivery.put_delivery_token(wire.DeliveryToken(hash=bytes(32)))) == "not_allowed"
    complete = push_request([], control_complete=True)
    assert await refused(delivery.push(complete)) == "not_allowed"


async def test_a_new_delivery_token_replaces_the_old(story: Story) -> None:
    service = await story.service(story.team.admin)
    for token in (b"a" * 32, DELIVERY):
        await service.put_delivery_token(wire.DeliveryToken(hash=hashlib.sha256(token).digest()))
    old, new = await story.delivery(story.team.admin, b"a" * 32), await story.delivery(story.team.admin, DELIVERY)
    await new.push(push_request([]))
    assert await refused(old.push(push_request([]))) == "unauthorised"


def left_for(secret: InviteSecret, expires_ms: int = 2**52) -> wire.WelcomePut:
    return wire.WelcomePut(lookup=secret.lookup, sealed=b"sealed", expires_ms=expires_ms, invite=secret.keys.principal)


async def test_a_welcome_waits_for_its_invite(story: Story) -> None:
    secret, invited = story.team.invite("outreach")
    await story.tell()
    get = wire.WelcomeGet(lookup=secret.lookup)
    assert await refused(story.place.server.welcome(get)) == "unknown_invite"
    await (await story.service(story.team.admin)).put_welcome(left_for(secret))
    assert (await story.place.server.welcome(get)).sealed == b"sealed"
    await story.service(invited)
    story.team.device(invited)
    await story.push(invited, story.team.control[story.told :])
    assert await refused(story.place.server.welcome(get)) == "invite_used"


async def test_a_welcome_ends_with_its_time_and_with_its_invite(story: Story) -> None:
    admin = await story.service(story.team.admin)
    late, invited_late = story.team.invite("outreach", expires_at=1)
    short, _ = story.team.invite("outreach")
    taken_back, invited = story.team.invite("outreach")
    await story.tell()
    for secret, expires in ((late, 2**52), (short, 1), (taken_back, 2**52)):
        await admin.put_welcome(left_for(secret, expires))
    story.team.revoke(invited)
    await story.tell()
    asked = [story.place.server.welcome(wire.WelcomeGet(lookup=secret.lookup)) for secret in (late, short, taken_back)]
    assert [await refused(each) for each in asked] == ["invite_expired", "invite_expired", "revoked"]
    assert invited_late.id == late.keys.principal


async def test_only_who_may_appoint_leaves_welcomes(story: Story) -> None:
    outreach, supervisor = story.team.enrol("outreach"), story.team.enrol("supervisor")
    secret, invited = story.team.invite("office")
    await story.tell()
    for actor in (outreach, invited):
        assert await refused((await story.service(actor)).put_welcome(left_for(secret))) == "not_allowed"
    await (await story.service(supervisor)).put_welcome(left_for(secret))
    await (await story.service(supervisor)).put_welcome(left_for(secret))  # the same again
    other = await story.service(story.team.admin)
    assert await refused(other.put_welcome(left_for(secret))) == "not_allowed"


async def test_the_recovery_sheet_is_admitted_and_reads_what_is_granted_to_recovery(story: Story) -> None:
    anna = story.team.enrol("outreach")
    await story.tell()
    ref = StreamRef("person", "x")
    entries = [anna.open_stream(ref), anna.note(ref.id(story.team.id), "…")]
    await story.push(anna, entries)
    pulled = await story.pull_all(story.team.root)
    assert {entry.raw for entry in entries} <= pulled.raws()


async def test_an_older_program_may_push_and_is_told_to_renew_before_it_reads(story: Story) -> None:
    server = story.place.server
    hello = await server.hello()
    request = story.team.admin.session_request(hello.server_id, hello.challenge)
    session = await server.open_session(request.model_copy(update={"version": 0}))
    service = server.session(session.token)
    ref = StreamRef("org")
    answer = await service.push(push_request([story.team.admin.open_stream(ref)]))
    assert len(await story.receipts(answer)) == 1
    assert await refused(service.pull(wire.PullRequest(cursor=wire.Cursor()))) == "too_old"
