"""When a window locks by itself: out of sight, left alone, woken up; and what does not count as leaving."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import pytest

from goes_mobile.state import presence
from goes_mobile.state.app import App
from goes_mobile.state.parts import Picked
from tests.state.team import SECRET, Team


@dataclass
class Watch:
    """Seconds, as the test wants them."""

    s: float = 0

    def __call__(self) -> float:
        return self.s


@dataclass
class Slow:
    """A person who takes their time at the device's own windows, which the system shows instead of ours."""

    watch: Watch
    window: App
    takes_s: float = 0
    seen: list[str] = field(default_factory=list)

    async def choose(self, endings: Sequence[str], most: int) -> Picked | None:
        return await self._away()

    async def save(self, name: str, content: bytes) -> str | None:
        return await self._away()

    async def _away(self) -> None:
        await self.window.presence.left()
        self.watch.s += self.takes_s
        self.seen.append(self.window.status.phase)


@pytest.fixture
async def watch() -> Watch:
    return Watch()


@pytest.fixture
async def window(team: Team, watch: Watch) -> AsyncIterator[App]:
    """One open window on the administrator's profile."""
    await team.admin.app.lock()
    app = App([team.admin.app.profile], clock=watch)
    await app.start()
    await app.unlock(SECRET)
    yield app
    await app.leave()


async def locks(app: App) -> None:
    """Until what was begun for later has had its turn."""
    locked = asyncio.Event()

    def moved(_sender: object, _field: str | None) -> None:
        if app.status.phase == "locked":
            locked.set()

    app.status.subscribe(moved)
    moved(None, None)
    await asyncio.wait_for(locked.wait(), 10)


@pytest.mark.parametrize("minutes", [0, 2])
async def test_out_of_sight_locks_at_once_only_for_whoever_wants_it(team: Team, window: App, minutes: int):
    window.presence.wish(minutes)
    await window.presence.left()
    assert (window.status.phase, team.admin.store.locked) == (("locked", True) if minutes == 0 else ("open", False))
    await window.presence.returned()
    assert window.status.phase == ("locked" if minutes == 0 else "open")


async def test_whoever_comes_back_too_late_unlocks_again(window: App, watch: Watch):
    window.presence.wish(5)
    await window.presence.left()
    watch.s += 299
    await window.presence.returned()
    assert window.status.phase == "open"
    await window.presence.left()
    watch.s += 2  # together more than five minutes without a touch
    await window.presence.returned()
    assert window.status.phase == "locked"


async def test_at_once_is_never_later_than_a_minute(window: App, watch: Watch):
    """In sight, but nobody there: the strictest wish must not be the one that never locks."""
    window.presence.wish(0)
    watch.s += presence.LEAST_S
    window.presence.touched()
    assert window.status.phase == "open"
    watch.s += presence.LEAST_S + 1
    window.presence.touched()  # a tap on a screen that has lain there: it locks, and does nothing else
    await locks(window)


async def test_it_locks_by_itself(team: Team, watch: Watch, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(presence, "LOOK_S", 0.01)
    await team.admin.app.lock()
    app = App([team.admin.app.profile], clock=watch)
    await app.start()
    await app.unlock(SECRET)
    watch.s += 121  # the device slept: its timers have stood still, this clock has not
    await locks(app)
    await app.profile.lane(lambda: None)  # the keys go in the profile's lane
    assert team.admin.store.locked


@pytest.mark.parametrize("minutes", [0, 2])
async def test_the_picker_is_not_leaving(window: App, watch: Watch, minutes: int):
    window.presence.wish(minutes)
    window.files = slow = Slow(watch, window, takes_s=250)
    assert window.files is not None
    await window.files.choose(("pdf",), 10)
    await window.presence.returned()
    await window.files.save("bericht.pdf", b"")
    assert (slow.seen, window.status.phase) == (["open", "open"], "open")
    slow.takes_s = presence.CHOOSING_S + 1  # put down with the picker open
    await window.files.choose(("pdf",), 10)
    await window.presence.returned()
    assert window.status.phase == "locked"


async def test_a_locked_window_has_nothing_to_lock(window: App, watch: Watch):
    window.presence.wish(0)
    await window.lock()
    watch.s += 1000
    await window.presence.left()
    await window.presence.returned()
    assert window.status.phase == "locked"
