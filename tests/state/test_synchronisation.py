"""Synchronisation: what waits and why; wrong times are offered for correction."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from dataclasses import dataclass, field

from goes_mobile.protocol import evidence
from goes_mobile.services import encounters
from goes_mobile.state.app import App
from goes_mobile.state.synchronisation import HeldBack, Synchronisation, Undecided, WrongTimes
from goes_mobile.store.evidence import gather
from goes_mobile.sync.state import SyncState
from tests.state.team import SECRET, Clock, Team


@dataclass
class Link:
    """A scheduler whose network a test turns on and off."""

    state: SyncState = field(default_factory=SyncState)
    rounds: int = 0
    hold: asyncio.Event | None = None
    told: list[Callable[[SyncState], None]] = field(default_factory=list)

    def start(self) -> None: ...

    async def stop(self) -> None: ...

    def saved(self) -> None: ...

    async def now(self) -> SyncState:
        self.rounds += 1
        if self.hold is not None:
            await self.hold.wait()
        return self.state

    def subscribe(self, listener: Callable[[SyncState], None]) -> Callable[[], None]:
        self.told.append(listener)
        return lambda: self.told.remove(listener)


async def test_what_waits_is_counted_named_and_goes(team: Team):
    await team.exchange()
    view = Synchronisation(team.admin.app)
    record = await team.admin.note("Noch hier.")
    await view.reload()
    assert view.view is not None
    assert (view.view.state, view.view.waiting) == ("waiting", len(view.view.waiting_lines))
    assert [(line.kind, line.id) for line in view.view.waiting_lines] == [("encounter", record)]
    await team.exchange()
    await view.reload()
    assert (view.view.state, view.view.waiting, view.view.waiting_lines) == ("delivered", 0, [])


async def test_delivery_is_told_in_the_windows_own_context(team: Team):
    """It runs for a device, in nobody's window; what observes the status looks for its page, and must find it."""
    window: contextvars.ContextVar[str] = contextvars.ContextVar("window", default="nobody's")
    here = contextvars.copy_context()
    here.run(window.set, "this one")
    link = Link()
    team.admin.app.profile.delivering = link
    app = here.run(App, [team.admin.app.profile])
    await app.choose(app.profile)
    found: list[str] = []
    stop = app.status.subscribe(lambda _status, _field: found.append(window.get()))
    for told in link.told:
        told(SyncState("offline", 3))
    stop()
    assert found == ["this one"]


async def test_offline_says_why_and_trying_twice_is_once(team: Team):
    link = Link(SyncState("offline", 1, trouble="captive_portal", findings=("entries_withheld",)), hold=asyncio.Event())
    team.admin.app.profile.delivering = link
    team.admin.app.status.sync = link.state
    view = Synchronisation(team.admin.app)
    await view.reload()
    assert view.view is not None
    assert (view.view.state, view.view.trouble) == ("offline", "captive_portal")
    assert view.findings == ["entries_withheld"]
    first = asyncio.create_task(view.try_now())
    await asyncio.sleep(0)
    assert view.trying
    await view.try_now()
    assert link.hold is not None
    link.hold.set()
    await first
    assert link.rounds == 1
    assert not view.trying
    team.admin.app.profile.delivering = None


async def test_times_of_a_wrong_clock_are_set_right_or_left(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    right = team.clock.now
    wrong = Clock(right.replace(minute=30))
    jana.store._clock = wrong  # half an hour fast
    first = await jana.note("Mit falscher Uhr.", at=wrong.now)
    second = await jana.note("Auch mit falscher Uhr.", at=wrong.now)
    await team.exchange()
    view = WrongTimes(jana.app)
    await view.reload()
    assert view.clock is not None
    assert view.clock.fast
    assert view.clock.minutes == 30
    assert {time.record for time in view.clock.times} == {first, second}
    leave = next(time for time in view.clock.times if time.record == second)
    view.tick(leave.id, False)
    assert len(view.chosen) == 1
    assert await view.correct() == 1
    assert (await jana.ask(encounters.detail, first)).at == right
    assert (await jana.ask(encounters.detail, second)).at == wrong.now
    await view.reload()
    assert view.clock.times == []


async def test_two_versions_and_what_is_held_back_are_listed(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    aylin = await team.enrol("Aylin Yıldız", "outreach", "workmobil")
    record = await jana.note("Kommt.")
    await team.exchange()
    await jana.note("Kommt morgen.", record)
    await aylin.note("Kommt nie.", record)
    await team.exchange()
    undecided = Undecided(jana.app)
    await undecided.reload()
    assert undecided.lines is not None
    assert [(line.kind, line.id, line.fields) for line in undecided.lines] == [("encounter", record, 1)]
    held = HeldBack(jana.app)
    await held.reload()
    assert held.lines == []
    view = Synchronisation(jana.app)
    await view.reload()
    assert view.view is not None
    assert [hint.code for hint in view.view.hints] == ["conflicts"]


async def test_who_shows_where_a_record_is_hears_of_its_delivery(team: Team):
    link = Link(SyncState("idle", 1, 4))
    app = team.admin.app
    app.profile.delivering = link
    await app.lock()
    await app.unlock(SECRET)
    heard: list[str] = []
    app.subscribe(["delivery"], lambda: heard.append("delivery"))
    for tell in link.told:
        tell(SyncState("sending", 1, 4))
    assert heard == []
    for tell in link.told:
        tell(SyncState("idle", 0, 5))
    assert heard == ["delivery"]
    app.profile.delivering = None


async def test_what_the_server_did_can_be_saved_without_a_word_of_what_was_said(team: Team):
    await team.exchange()
    record = await team.admin.note("Niemand liest das.")
    await team.exchange()
    team.admin.store.noticed("entries_withheld")
    view = Synchronisation(team.admin.app)
    await view.reload()
    assert view.view is not None
    assert [hint.code for hint in view.view.hints] == ["entries_withheld"]
    assert await view.save_evidence() is None  # nowhere to save it
    team.admin.app.files = files = Files()
    assert await view.save_evidence() == "nachweis-2026-11-24.json"
    [content] = files.saved.values()
    told = evidence.read(evidence.parse(content))
    assert {item["what"] for item in told.wrong} <= {"receipt"}  # this team's feed signs nothing
    assert (told.proven, told.findings) == ([], {"entries_withheld": 1})
    assert told.entries > 10
    shown = evidence.parse(content)
    everything = b"".join(entry.raw for entry in shown.entries) + content
    for secret in (b"Niemand", b"Petra Amann", record.encode()):
        assert secret not in everything


@dataclass
class Files:
    """Keeps what was saved."""

    saved: dict[str, bytes] = field(default_factory=dict)

    async def save(self, name: str, content: bytes) -> str | None:
        self.saved[name] = content
        return name


async def test_what_was_noticed_about_the_server_is_put_aside_and_kept_until_it_happens_again(team: Team):
    store, view = team.admin.store, Synchronisation(team.admin.app)
    for code in ("entries_withheld", "fork"):
        await team.admin.app.profile.lane(store.noticed, code)
    await view.reload()
    assert view.view is not None
    assert {hint.code for hint in view.view.hints} == {"entries_withheld", "fork"}
    await view.see()
    assert (view.view.hints, [hint.code for hint in view.view.seen]) == ([], ["entries_withheld", "fork"])
    saved = await team.admin.app.profile.lane(gather, store)
    assert len(saved.findings) == 2
    await team.admin.app.profile.lane(store.noticed, "fork")
    await view.reload()
    assert [hint.code for hint in view.view.hints] == ["fork"]
    assert [hint.code for hint in view.view.seen] == ["entries_withheld"]
