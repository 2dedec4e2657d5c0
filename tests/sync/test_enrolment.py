"""Founding, inviting, enrolling: the whole way, every interruption, every lie."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from goes_mobile.protocol import wire
from goes_mobile.protocol.codes import InviteSecret
from goes_mobile.protocol.entry import Witness
from goes_mobile.protocol.keys import KeyPair
from goes_mobile.protocol.problems import GoesError, InputRefused, Malformed, NotReachable, Refused
from goes_mobile.protocol.welcome import Welcome, seal, unseal
from goes_mobile.sync.enrolment import (
    Beginning,
    Guest,
    NewProfile,
    enrol,
    found,
    invite,
    register,
    sheet_kept,
    sheet_words,
)
from tests.simulation.device import Device
from tests.simulation.local import MemoryLocal
from tests.simulation.network import Weather
from tests.simulation.server import Server
from tests.simulation.world import NEVER_MS, START_MS, A, B, maker
from tests.sync.team import Team, Wire, in_virtual_time

URL = "https://sync.test"


def empty_device(server: Any, random: Random, role: str = "outreach") -> Device:
    link = Wire(server, Weather(slowest_s=0), random).prepare()
    return Device("nora", role, (A,), link, random, lambda: START_MS)


async def invited(team: Team, by: str = "sina", role: str = "outreach", expires_ms: int = NEVER_MS) -> str:
    inviter = team.devices[by]
    await inviter.synchronise()
    assert inviter.rounds is not None
    guest = Guest(b"nora" * 4, role, (A,), expires_ms)  # type: ignore[arg-type]
    secret = await invite(inviter.rounds, inviter.ask, inviter.local, guest, team.random.randbytes)
    return secret.code


async def enrolled(team: Team, device: Device, code: str) -> MemoryLocal:
    return await enrol(device.link, device.ask, maker(device), code, URL, team.random.randbytes, device.opened)


def newcomer(team: Team) -> Device:
    device = empty_device(team.server, team.random)
    team.devices["nora"] = device
    return device


# -- the good way --------------------------------------------------------------------------------------------------


@in_virtual_time
async def test_a_new_organisation_begins_with_its_first_administrator() -> None:
    random = Random(3)
    server = Server(lambda: START_MS, random.randbytes)
    ada = empty_device(server, random, "admin")
    beginning = Beginning(URL, "landkreis-esslingen", b"ada." * 4, (A, B))
    home = await found(ada.link, ada.ask, maker(ada), beginning, server.setup_token, random.randbytes)
    assert (await ada.synchronise()).trouble == ""
    assert home.counts().waiting == 0
    me = server.feed.ledger.principals[home.device]
    assert (me.role, me.member) == ("admin", b"ada." * 4)
    assert len(home.ledger.groups) == 2 + 2 * 2 + 1  # org, coordination, two for each site, the sheet's
    assert sheet_words(home).count("-") > 5
    sheet_kept(home)
    assert sheet_words(home) == ""


@in_virtual_time
async def test_an_invited_member_enrols_and_reads_what_the_team_reads() -> None:
    team = Team()
    team.note("anna", "Haltepunkt verlegt")
    await team.everyone_syncs()
    nora = newcomer(team)
    home = await enrolled(team, nora, await invited(team))
    await team.everyone_syncs()
    assert team.notes("nora") == ["Haltepunkt verlegt"]
    principal = team.server.feed.ledger.principals[home.device]
    assert (principal.role, principal.member, principal.active) == ("outreach", b"nora" * 4, True)
    assert home.settings.get("server_url") == URL


@in_virtual_time
async def test_the_delivery_token_made_at_enrolment_is_known_to_the_server_as_a_hash_alone() -> None:
    team = Team()
    nora = newcomer(team)
    home = await enrolled(team, nora, await invited(team))
    await nora.synchronise()
    token = bytes.fromhex(home.settings.get("delivery_token"))
    assert len(token) == 32
    assert token not in team.server.feed.delivery
    assert home.device in team.server.feed.delivery.values()


# -- what is typed -------------------------------------------------------------------------------------------------


@in_virtual_time
async def test_a_typo_is_told_with_its_group_before_anything_is_asked() -> None:
    team = Team()
    nora = newcomer(team)
    code = await invited(team)
    groups = code.split("-")
    groups[2] = groups[2][:-1] + ("A" if groups[2][-1] != "A" else "B")
    with pytest.raises(Malformed) as error:
        await enrolled(team, nora, "-".join(groups))
    assert (error.value.code, error.value.facts) == ("code_typo", {"group": 3})
    assert team.wire("nora").asked == []


@in_virtual_time
async def test_unknown_used_expired_and_foreign_codes_say_so() -> None:
    team = Team()
    code = await invited(team)
    await enrolled(team, newcomer(team), code)
    for typed, expected in [
        (InviteSecret(bytes(16)).code, "unknown_invite"),
        (code, "invite_used"),
        (await invited(team, expires_ms=START_MS + 1000), "invite_expired"),
    ]:
        await asyncio.sleep(2)
        device = empty_device(team.server, team.random)
        with pytest.raises(Refused) as error:
            await enrolled(team, device, typed)
        assert error.value.code == expected
        assert device.opened is None  # nothing was begun on the empty device


@in_virtual_time
async def test_a_wrong_setup_token_leaves_a_profile_that_goes_on_with_the_right_one() -> None:
    random = Random(3)
    server = Server(lambda: START_MS, random.randbytes)
    ada = empty_device(server, random, "admin")
    beginning = Beginning(URL, "landkreis-esslingen", b"ada." * 4, (A,))
    with pytest.raises(Refused, match="setup_token_wrong"):
        await found(ada.link, ada.ask, maker(ada), beginning, "wrong", random.randbytes)
    words = sheet_words(ada.local)
    await register(ada.link, ada.ask, ada.local, server.setup_token)
    assert (await ada.synchronise()).trouble == ""
    assert sheet_words(ada.local) == words != ""
    other = empty_device(server, random, "admin")
    with pytest.raises(Refused, match="setup_token_wrong"):  # a setup token founds one organisation
        await found(other.link, other.ask, maker(other), beginning, server.setup_token, random.randbytes)


# -- a server that lies --------------------------------------------------------------------------------------------


async def refuses(change: Any, expected: str, kind: type[GoesError] = Malformed) -> None:
    """An enrolment whose answers are changed on their way fails with this code and leaves the device empty."""
    team = Team()
    code = await invited(team)
    nora = newcomer(team)
    team.wire("nora").after = lambda method, answer: change(team, code, method, answer)
    with pytest.raises(kind) as error:
        await enrolled(team, nora, code)
    assert error.value.code == expected
    assert nora.opened is None
    team.wire("nora").after = None
    await enrolled(team, nora, code)  # an honest one is still possible
    assert team.server.feed.ledger.principals[nora.local.device].active


@in_virtual_time
async def test_a_welcome_that_was_not_sealed_for_this_code_is_refused() -> None:
    def other(team: Team, code: str, method: str, answer: Any) -> Any:
        return wire.WelcomeAnswer(sealed=bytes(200)) if method == "welcome" else answer

    await refuses(other, "welcome_forged")


@in_virtual_time
async def test_another_server_than_the_inviter_knew_is_refused() -> None:
    def other(team: Team, code: str, method: str, answer: Any) -> Any:
        key = KeyPair.from_seed(b"stranger" * 4).public.sign
        return answer.model_copy(update={"server_sign": key}) if method == "hello" else answer

    await refuses(other, "foreign_server", Refused)


@in_virtual_time
async def test_a_control_log_that_ends_before_the_invite_is_refused() -> None:
    def shorter(team: Team, code: str, method: str, answer: Any) -> Any:
        if method != "backfill":
            return answer
        kept = answer.entries[:-2]
        return answer.model_copy(update={"entries": kept, "more": False})

    await refuses(shorter, "control_withheld")


@in_virtual_time
async def test_a_control_log_with_a_hole_is_refused() -> None:
    def holed(team: Team, code: str, method: str, answer: Any) -> Any:
        if method != "backfill":
            return answer
        entries = [e for e in answer.entries if e[1] != 20]
        renumbered = tuple((e[0], position, e[2], e[3]) for position, e in enumerate(entries, 1))
        return answer.model_copy(update={"entries": renumbered})

    await refuses(holed, "control_forged")


@in_virtual_time
async def test_a_control_log_in_another_order_is_not_what_the_inviter_saw() -> None:
    """Two chains' entries swapped: each still verifies, the running hash does not."""

    def swapped(team: Team, code: str, method: str, answer: Any) -> Any:
        if method != "backfill":
            return answer
        entries = list(answer.entries)
        entries.insert(41 - 6, entries.pop(41 - 1))
        renumbered = tuple((e[0], position, e[2], e[3]) for position, e in enumerate(entries, 1))
        return answer.model_copy(update={"entries": renumbered})

    await refuses(swapped, "control_withheld")


@in_virtual_time
async def test_an_invite_that_the_inviters_log_does_not_hold_is_refused() -> None:
    """The server swaps the welcome for one that reaches less far: it cannot, it has not the code; the test has."""

    def earlier(team: Team, code: str, method: str, answer: Any) -> Any:
        secret = InviteSecret.typed(code)
        if method == "welcome":
            short = replace(unseal(answer.sealed, secret), control=Witness())
            return wire.WelcomeAnswer(sealed=seal(short, secret))
        if method == "backfill":
            return answer.model_copy(update={"entries": answer.entries[:10], "more": False})
        return answer

    await refuses(earlier, "control_withheld")


# -- interruptions -------------------------------------------------------------------------------------------------


class Battery(Exception):
    """It was empty."""


class Interrupted:
    """Counts steps (requests and visits of the lane) and ends at the chosen one, before or after it was done."""

    def __init__(self, device: Device, at: int, *, after: bool) -> None:
        self.left = at
        self.after = after
        self.ask = device.ask
        wire_ = device.link
        assert isinstance(wire_, Wire)
        wire_.before = None if after else lambda method, sent: self.step()
        wire_.after = (lambda method, answer: self.step() or answer) if after else None
        device.ask = self.lane  # type: ignore[method-assign]

    def step(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Battery

    async def lane(self, function: Any, *arguments: Any) -> Any:
        if not self.after:
            self.step()
        answer = await self.ask(function, *arguments)
        if self.after:
            self.step()
        return answer


@pytest.mark.parametrize("after", [False, True])
@in_virtual_time
async def test_an_enrolment_interrupted_anywhere_can_be_done_again(after: bool) -> None:
    for at in range(1, 40):
        team = Team()
        code = await invited(team)
        nora = newcomer(team)
        plain_ask = nora.ask
        interruption = Interrupted(nora, at, after=after)
        with contextlib.suppress(Battery):
            await enrolled(team, nora, code)
        finished = interruption.left > 0
        team.wire("nora").before = team.wire("nora").after = None
        nora.ask = plain_ask  # type: ignore[method-assign]
        if nora.opened is not None:
            nora.open(nora.opened.disk)  # switched on again
        said = ""
        try:
            await enrolled(team, nora, code)
        except Refused as error:
            said = error.code
        assert said in ("", "invite_used" if finished else "")
        assert (await nora.synchronise()).trouble == ""
        mine = [p for p in team.server.feed.ledger.devices() if p.member == b"nora" * 4]
        assert [p.id for p in mine if p.active] == [nora.local.device], f"interrupted at step {at}"
        if finished:
            break
    else:
        pytest.fail("the enrolment has more steps than were tried")


@pytest.mark.parametrize("after", [False, True])
@in_virtual_time
async def test_a_founding_interrupted_anywhere_goes_on_or_begins_anew(after: bool) -> None:
    for at in range(1, 40):
        random = Random(at)
        server = Server(lambda: START_MS, random.randbytes)
        ada = empty_device(server, random, "admin")
        plain_ask = ada.ask
        interruption = Interrupted(ada, at, after=after)
        beginning = Beginning(URL, "landkreis-esslingen", b"ada." * 4, (A, B))
        with contextlib.suppress(Battery):
            await found(ada.link, ada.ask, maker(ada), beginning, server.setup_token, random.randbytes)
        finished = interruption.left > 0
        link = ada.link
        assert isinstance(link, Wire)
        link.before = link.after = None
        ada.ask = plain_ask  # type: ignore[method-assign]
        begun = False
        if ada.opened is not None:
            ada.open(ada.opened.disk)
            with contextlib.suppress(InputRefused):  # founding_incomplete: the root key was in memory alone
                await register(ada.link, ada.ask, ada.local, server.setup_token)
                begun = True
        if not begun:
            assert server.used_by is None  # nobody knows of it: an empty directory and the same token do
            ada.opened = None
            await found(ada.link, ada.ask, maker(ada), beginning, server.setup_token, random.randbytes)
        assert (await ada.synchronise()).trouble == ""
        assert server.used_by == ada.local.organisation
        assert sheet_words(ada.local) != ""
        assert len(ada.local.ledger.groups) == 7
        if finished:
            break
    else:
        pytest.fail("the founding has more steps than were tried")


@in_virtual_time
async def test_two_devices_from_one_code_are_both_suspended() -> None:
    """The second cannot know of the first: its session as the invite was opened before."""
    team = Team()
    code = await invited(team)
    first, second = newcomer(team), empty_device(team.server, team.random)
    pushed = asyncio.Event()

    async def wait(method: str, sent: bytes) -> None:
        if method == "push":
            await pushed.wait()

    link = second.link
    assert isinstance(link, Wire)
    link.before = wait
    late = asyncio.ensure_future(enrol(link, second.ask, maker(second), code, URL, team.random.randbytes))
    await asyncio.sleep(1)
    await enrolled(team, first, code)
    pushed.set()
    await asyncio.wait({late})
    devices = [p for p in team.server.feed.ledger.devices() if p.member == b"nora" * 4]
    assert [p.suspended for p in devices] == [True, True]
    assert (await first.synchronise()).trouble == "not_allowed"


@in_virtual_time
async def test_an_invite_needs_the_server_and_says_so() -> None:
    team = Team()
    team.sina.link.cut_until = 1e9
    assert team.sina.rounds is not None
    guest = Guest(b"nora" * 4, "outreach", (A,), NEVER_MS)
    with pytest.raises(NotReachable, match="no_connection"):
        await invite(team.sina.rounds, team.sina.ask, team.sina.local, guest, team.random.randbytes)


@in_virtual_time
async def test_nobody_invites_above_themselves() -> None:
    team = Team()
    with pytest.raises(GoesError, match="not_allowed"):
        await invited(team, by="sina", role="supervisor")


def test_a_welcome_says_what_it_was_sealed_with() -> None:
    secret = InviteSecret(b"x" * 16)
    told = Welcome(b"o" * 16, b"s" * 32, Witness(4, b"r" * 32), "preset", 5)
    assert unseal(seal(told, secret), secret) == told
    assert NewProfile.__slots__ == ("identity", "device_seed")
