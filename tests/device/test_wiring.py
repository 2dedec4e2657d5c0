"""How the parts of a device work together: keystore and PIN, founding and enrolling, delivery and its reasons to go."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from goes_mobile.app import Device, desktop, make_profile, profiles_in
from goes_mobile.protocol.problems import InputRefused, InUse, Locked, NotReachable, Refused
from goes_mobile.services import capture, organisation, people
from goes_mobile.state.app import App
from goes_mobile.state.delivery import Delivery
from goes_mobile.state.doorway import Doorway
from goes_mobile.state.parts import Parts
from goes_mobile.state.profile import Profile
from goes_mobile.state.unlock import Unlock
from goes_mobile.store import erasure
from goes_mobile.sync.state import SyncState
from goes_mobile.vault.lock import FLOOR
from tests.fakes.device import FakeClock, FakeConnectivity, FakeKeystore
from tests.fakes.server import FakeServer

COUNTY, SECRET, PIN, URL = "landkreis-esslingen", "eine lange Passphrase", "482913", "https://sync.example.org"


@dataclass
class Line:
    """The way to the fake server; ``cut`` before or after the server has heard a request."""

    server: FakeServer
    cut: str = ""
    asked: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.server, name)
        if name == "session":
            return lambda token: Line(method(token), self.cut, self.asked)

        async def called(*args: Any) -> Any:
            self.asked.append(name)
            if self.cut == f"before {name}":
                raise NotReachable("no_connection")
            answer = await method(*args)
            if self.cut == f"after {name}":
                raise NotReachable("half_answer")
            return answer

        return called


@dataclass
class World:
    home: Path
    clock: FakeClock = field(default_factory=FakeClock)
    keystore: FakeKeystore = field(default_factory=FakeKeystore)
    connectivity: FakeConnectivity = field(default_factory=FakeConnectivity)
    profiles: list[Profile] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server = FakeServer(clock=self.clock, random=random.Random(7).randbytes)
        self.line = Line(self.server)  # type: ignore[arg-type]

    @property
    def parts(self) -> Parts:
        return replace(
            desktop(), clock=self.clock, remote=lambda url: self.line, keystore=self.keystore,
            connectivity=self.connectivity, lock_cost=FLOOR,
        )  # fmt: skip

    @property
    def doorway(self) -> Doorway:
        return Doorway(self.parts)

    def profile(self, name: str) -> Profile:
        made = make_profile(self.home / name, self.parts)
        self.profiles.append(made)
        return made

    async def founded(self, name: str = "admin", secret: str = PIN, token: str | None = None) -> tuple[Profile, str]:
        profile = self.profile(name)
        return profile, await self.found(profile, secret, token)

    async def found(self, profile: Profile, secret: str = PIN, token: str | None = None) -> str:
        token = self.server.setup_token if token is None else token
        return await self.doorway.found(profile, URL, token, COUNTY, "Ada Amann", ["workmobil"], secret)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = World(tmp_path)
    yield made
    for profile in made.profiles:
        await profile.close()


async def test_a_pin_needs_the_devices_secret(world: World) -> None:
    admin, _ = await world.founded()
    assert admin.store is not None
    assert admin.store.gate.kind == "pin"
    await admin.lock()
    with pytest.raises(Locked, match="device_secret_missing"):
        await admin.unlock(PIN, None)
    await admin.unlock(PIN, await world.keystore.secret("admin", make=False))
    assert not admin.locked


async def test_a_keystore_that_lost_its_secret_says_so_and_puts_no_other_in_its_place(world: World) -> None:
    """A secret made anew would let the right PIN look wrong for ever."""
    admin, _ = await world.founded()
    await admin.lock()
    lost = world.keystore.kept.pop("admin")
    view = Unlock(App([admin], world.doorway))
    await view.app.start()
    await view.reload()
    for _ in range(2):
        for sign in PIN:
            view.digit(sign)
        await view.open()
        assert (view.problem, view.tries_left) == ("device_secret_missing", 0), "nobody has guessed anything"
    assert world.keystore.kept == {}
    world.keystore.kept["admin"] = lost
    for sign in PIN:
        view.digit(sign)
    await view.open()
    assert view.app.status.phase == "open"


async def test_with_a_profile_goes_what_the_device_kept_for_it(world: World) -> None:
    """Six digits are soon guessed with the device's secret at hand; what a wiped disk may still hold must stay shut."""
    admin, _ = await world.founded()
    await admin.close()
    erasure.begin(admin.home, erasure.Ended("lost", world.clock.ms))
    app = App([world.profile("admin")], world.doorway)
    await app.start()
    assert app.status.phase == "ended"
    assert world.keystore.kept == {}


async def test_founding_gives_the_sheet_and_names_people_and_places(world: World) -> None:
    admin, words = await world.founded()
    assert len(words.split("-")) == 13
    assert [m.name for m in await admin.ask(organisation.members)] == ["Ada Amann"]
    assert len(await admin.ask(organisation.sites)) == 6
    assert len(await admin.ask(organisation.stops)) == 12


async def test_a_wrong_setup_token_leaves_nothing_behind(world: World) -> None:
    profile = world.profile("admin")
    with pytest.raises(Refused, match="setup_token_wrong"):
        await world.found(profile, token="falsch")
    assert not profile.exists
    assert await world.found(profile)


@pytest.mark.parametrize("cut", ["before found", "after found"])
async def test_an_interrupted_founding_goes_on(world: World, cut: str) -> None:
    profile = world.profile("admin")
    world.line.cut = cut
    with pytest.raises(NotReachable):
        await world.found(profile)
    assert profile.exists, "the root key exists nowhere else"
    assert profile.store is not None
    organisation_id = profile.store.organisation
    world.line.cut = ""
    words = await world.found(profile)
    assert (profile.store.organisation, bool(words)) == (organisation_id, True)
    assert len(await profile.ask(organisation.sites)) == 6


async def test_a_founding_that_lost_its_power_before_the_root_signed_begins_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = world.profile("admin")

    def switched_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as power:
        power.setattr("goes_mobile.sync.enrolment.founding_records", switched_off)
        with pytest.raises(KeyboardInterrupt):
            await world.found(profile)
    await profile.close()
    again = world.profile("admin")
    assert again.exists
    assert await world.found(again)
    assert len(await again.ask(organisation.sites)) == 6


async def test_a_founding_that_stopped_before_the_last_records_goes_on_with_them(world: World) -> None:
    profile, _ = await world.founded()
    again = await world.found(profile)
    assert again
    assert len(await profile.ask(organisation.sites)) == 6, "written once"


async def test_invited_enrolled_and_readable(world: World) -> None:
    admin, _ = await world.founded()
    code, expires = await world.doorway.invite(admin, "outreach", ["workmobil"], "Jana Keller", hours=1)
    assert expires == world.clock.ms + 3_600_000
    jana = world.profile("jana")
    await world.doorway.enrol(jana, URL, code.code, PIN)
    assert isinstance(jana.delivering, Delivery)
    await jana.delivering.run()
    me = await jana.ask(lambda desk: desk.me)
    assert (me.name, me.role) == ("Jana Keller", "outreach")
    draft = await jana.ask(capture.new_draft)
    draft.people = [await jana.ask(capture.new_person, "Falke")]
    await jana.do(capture.save, draft)
    await jana.delivering.run()
    assert isinstance(admin.delivering, Delivery)
    await admin.delivering.run()
    assert [line.alias for line in (await admin.ask(people.lines, "all")).lines] == ["Falke"], "she reads this site"
    with pytest.raises(InputRefused, match="profile_exists"):
        await world.doorway.enrol(jana, URL, code.code, PIN)


@pytest.mark.parametrize("cut", ["before push", "after push"])
async def test_an_interrupted_enrolment_goes_on_with_the_same_keys(world: World, cut: str) -> None:
    admin, _ = await world.founded()
    code, _ = await world.doorway.invite(admin, "outreach", ["workmobil"], "Jana Keller")
    jana = world.profile("jana")
    world.line.cut = cut
    with pytest.raises(NotReachable):
        await world.doorway.enrol(jana, URL, code.code, PIN)
    assert jana.store is not None
    device = jana.store.device
    world.line.cut = ""
    await world.doorway.enrol(jana, URL, code.code, PIN)
    assert jana.store.device == device
    assert isinstance(jana.delivering, Delivery)
    await jana.delivering.run()
    assert not jana.store.ledger.principals[device].suspended


async def test_an_interrupted_enrolment_takes_another_code_too(world: World) -> None:
    """The first one may have expired meanwhile; what had begun with it begins anew."""
    admin, _ = await world.founded()
    codes = [await world.doorway.invite(admin, "outreach", ["workmobil"], "Jana Keller") for _ in range(2)]
    jana = world.profile("jana")
    world.line.cut = "before push"
    with pytest.raises(NotReachable):
        await world.doorway.enrol(jana, URL, codes[0][0].code, PIN)
    world.line.cut = ""
    await world.doorway.enrol(jana, URL, codes[1][0].code, PIN)
    assert isinstance(jana.delivering, Delivery)
    await jana.delivering.run()
    assert (await jana.ask(lambda desk: desk.me)).name == "Jana Keller"


async def test_one_directory_one_program(world: World) -> None:
    await world.founded()
    device = Device([world.home / "admin"], world.parts)
    with pytest.raises(InUse):
        await device.open()
    await device.close()


async def test_a_shared_device_has_room_for_the_next_one(world: World) -> None:
    assert profiles_in(world.home) == [world.home / "profile-1"]
    await world.founded("profile-1")
    assert profiles_in(world.home) == [world.home / "profile-1", world.home / "profile-2"]


# -- delivery ----------------------------------------------------------------------------------------------------------


async def noted(profile: Profile, note: str = "Kurz geredet.") -> None:
    draft = await profile.ask(capture.new_draft)
    draft.note = note
    await profile.do(capture.save, draft)


async def test_what_is_saved_goes_out_by_itself(world: World) -> None:
    admin, _ = await world.founded()
    delivery = admin.delivering
    assert isinstance(delivery, Delivery)
    delivery.start()
    state = await delivery.now()
    assert (state.waiting, state.trouble) == (0, "")
    done = _until(delivery, lambda state: state.waiting == 0 and state.confirmed > before)
    before = state.confirmed
    await noted(admin)
    await done


async def test_locked_it_still_goes_out(world: World) -> None:
    admin, _ = await world.founded()
    delivery = admin.delivering
    assert isinstance(delivery, Delivery)
    await delivery.now()
    await noted(admin)
    await admin.lock()
    delivery = Delivery(admin, world.parts)
    assert (await delivery.now()).waiting == 0


async def test_a_network_that_comes_back_is_a_reason_to_go(world: World) -> None:
    admin, _ = await world.founded()
    delivery = admin.delivering
    assert isinstance(delivery, Delivery)
    world.line.cut = "before hello"
    offline = _until(delivery, lambda state: state.phase == "offline")
    delivery.start()
    await offline
    world.line.cut = ""
    online = _until(delivery, lambda state: state.phase == "idle" and not state.trouble)
    world.connectivity.come_back()
    await online


async def test_stopping_ends_all_that_is_under_way(world: World) -> None:
    admin, _ = await world.founded()
    delivery = admin.delivering
    assert isinstance(delivery, Delivery)
    delivery.start()
    await delivery.now()
    await admin.close()
    world.profiles.remove(admin)
    asked = len(world.line.asked)
    world.connectivity.come_back()
    assert (len(world.line.asked), world.connectivity.listeners) == (asked, [])


async def test_without_a_server_address_it_says_so(world: World) -> None:
    admin, _ = await world.founded()
    assert admin.store is not None
    admin.store.settings.set("server_url", "")
    with pytest.raises(InputRefused, match="no_server"):
        await Delivery(admin, world.parts).run()


def _until(delivery: Delivery, reached: Any) -> Any:
    """The next state that satisfies; pytest's timeout ends waiting for one that never comes."""
    future: asyncio.Future[SyncState] = asyncio.get_running_loop().create_future()

    def hear(state: SyncState) -> None:
        if reached(state) and not future.done():
            future.set_result(state)

    delivery.subscribe(hear)
    return future
