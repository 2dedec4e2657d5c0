"""Wrong tries are counted and pause; whoever has the tablet next sees only their own."""

from __future__ import annotations

import asyncio

import pytest

from goes_mobile.state.app import App
from goes_mobile.state.settings import NewSecret
from goes_mobile.state.unlock import Unlock
from goes_mobile.vault.lock import FLOOR
from tests.fakes.entrance import FakeEntrance
from tests.state.team import SECRET, Team


async def tablet(team: Team) -> Unlock:
    """Two profiles on one device, both locked."""
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    await jana.app.lock()
    await team.admin.app.lock()
    view = Unlock(App([jana.app.profile, team.admin.app.profile]))
    await view.app.start()
    await view.reload()
    return view


async def attempt(view: Unlock, text: str) -> None:
    view.type(text)
    await view.open()


async def test_the_right_passphrase_opens(team: Team):
    view = await tablet(team)
    assert [who.name for who in view.who] == ["Jana Keller", "Petra Amann"]
    assert view.kind == "passphrase"
    await attempt(view, "")
    assert (view.problem, view.app.status.phase) == ("empty", "locked")
    await attempt(view, SECRET)
    assert view.app.status.phase == "open"
    assert view.app.status.me is not None
    assert view.app.status.me.name == "Jana Keller"
    assert view.typed == ""


async def test_wrong_tries_are_counted_then_pause(team: Team):
    view = await tablet(team)
    for left in (4, 3, 2, 1):
        await attempt(view, "nicht die richtige")
        assert (view.problem, view.tries_left) == ("wrong_pin", left)
        assert view.typed == "", "nobody mends a passphrase that cannot be read"
    await attempt(view, "nicht die richtige")
    assert (view.problem, view.pause_s) == ("wait", 60)
    await attempt(view, SECRET)
    assert view.app.status.phase == "locked", "no try while it pauses"
    again = Unlock(view.app)
    await again.reload()
    assert (again.problem, again.pause_s) == ("wait", 60), "a new window does not shorten it"
    team.clock.later(seconds=61)
    await again.reload()
    await again.count_down()
    assert (again.problem, again.pause_s) == ("", 0)
    await attempt(again, SECRET)
    assert again.app.status.phase == "open"


async def test_the_countdown_ends_by_itself(team: Team, monkeypatch: pytest.MonkeyPatch):
    view = await tablet(team)
    for _ in range(5):
        await attempt(view, "nicht die richtige")
    ticks: list[float] = []

    async def a_second(seconds: float) -> None:
        ticks.append(seconds)
        team.clock.later(seconds=seconds)

    monkeypatch.setattr(asyncio, "sleep", a_second)
    await view.count_down()
    assert len(ticks) == 60
    assert (view.pause_s, view.problem) == (0, "")


async def test_somebody_else_takes_the_tablet(team: Team):
    view = await tablet(team)
    view.type("halb getippt")
    await view.choose(view.who[1])
    assert (view.chosen, view.typed) == ("admin", "")
    await attempt(view, SECRET)
    assert view.app.status.me is not None
    assert view.app.status.me.name == "Petra Amann"
    assert team.people[1].store.locked


async def test_the_lock_screen_says_how_many_wait(team: Team):
    view = await tablet(team)
    await view.app.unlock(SECRET)
    waited = view.waiting
    await team.people[1].app.profile.do(lambda desk: [])
    jana = team.people[1]
    jana.app.status.phase = "open"
    await jana.note("Wartet.")
    await view.app.lock()
    await view.reload()
    assert view.waiting > waited


async def test_a_pin_is_typed_digit_by_digit(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    keystore = b"k" * 32
    await jana.app.profile.lane(jana.store.gate.change, SECRET, "135790", keystore, FLOOR)

    class Keystore:
        async def device_secret(self, profile: object) -> bytes:
            return keystore

    await jana.app.lock()
    view = Unlock(App([jana.app.profile], entrance=Keystore()))
    await view.app.start()
    await view.reload()
    assert view.kind == "pin"
    for sign in "13579":
        view.digit(sign)
    assert view.digits == 5
    await view.open()
    assert (view.problem, view.digits) == ("short", 5), "too short is not counted as a try"
    view.digit("1")
    assert view.problem == ""
    view.back()
    view.digit("0")
    assert view.digits == 6
    await view.open()
    assert view.app.status.phase == "open"
    assert "135790" not in repr(view)


async def test_without_contact_for_long_it_says_so(team: Team):
    await team.admin.app.lock()
    team.clock.later(days=31)
    view = Unlock(team.admin.app)
    await view.reload()
    view.type(SECRET)
    await view.open()
    assert (view.problem, view.days) == ("lease", 30)


async def test_pin_and_passphrase_take_turns_on_a_device_with_a_keystore(team: Team):
    """A passphrase chosen there is bound to the device like a PIN; the lock screen must bring the device's secret."""
    app = team.admin.app
    app.entrance = FakeEntrance(secret=bytes(range(32)))
    old = SECRET
    for new, kind in (("482913", "pin"), ("noch eine Passphrase", "passphrase"), ("739154", "pin")):
        change = NewSecret(app)
        await change.reload()
        assert change.bound
        change.type_old(old)
        change.type_new(new)
        assert await change.save(), change.errors
        await app.lock()
        view = Unlock(app)
        await view.reload()
        assert view.kind == kind
        await (attempt(view, new) if kind == "passphrase" else tapped(view, new))
        assert app.status.phase == "open", view.problem
        old = new


async def tapped(view: Unlock, pin: str) -> None:
    for sign in pin:
        view.digit(sign)
    await view.open()
