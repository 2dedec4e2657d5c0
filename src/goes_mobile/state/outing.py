"""*Einsatz*: the running outing, how one starts, what an ended one was."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import flet as ft

from goes_mobile.services import day_end, organisation, outing
from goes_mobile.services.day_end import DayEnd
from goes_mobile.services.desk import Desk
from goes_mobile.services.organisation import StopLine
from goes_mobile.services.outing import OutingLine, OutingPlan, OutingStart, OutingView, Visit
from goes_mobile.state.app import App
from goes_mobile.store.change import Change

KINDS = ("outing", "encounter", "stop", "member", "participation", "draft", "delivery")
PAUSE_S = 1.0
"""What is observed is written when typing pauses this long, and when the field is left."""


@ft.observable
@dataclass
class Outings:
    """The running outing and the ended ones."""

    app: App
    loaded: bool = False
    running: OutingView | None = None
    recent: list[OutingLine] = field(default_factory=list)
    target: int | None = None
    """The number at the thumb while taps are on their way to disk; ``None``: what is on disk."""
    _on_the_way: int = 0
    _observed: tuple[str, str] | None = field(default=None, repr=False)
    _typed: tuple[str, str] | None = field(default=None, repr=False)
    _writing: asyncio.Task[None] | None = None

    async def reload(self) -> None:
        if self.keep_observation not in self.app.before_lock:
            self.app.before_lock.append(self.keep_observation)
        running = await self.app.ask(outing.running)
        self.recent = [line for line in await self.app.ask(outing.recent) if not running or line.id != running.id]
        self.running = running
        self.loaded = True

    async def leave(self) -> None:
        """The screen is gone; what was typed a moment ago is written."""
        if self.keep_observation in self.app.before_lock:
            self.app.before_lock.remove(self.keep_observation)
        await self.keep_observation()

    @property
    def here(self) -> Visit | None:
        return self.running.here if self.running else None

    @property
    def counted(self) -> int:
        """People at this stop, as the thumb left it."""
        if self.target is not None:
            return self.target
        return self.here.head_count if self.here else 0

    async def count(self, by: int) -> None:
        """One more or fewer: seen at once, durable a moment later."""
        if self.running is None or self.here is None or self.counted + by < 0:
            return
        ids = self.running.id, self.here.id
        self.target = self.counted + by
        self._on_the_way += 1
        try:
            await self.app.do(outing.count, *ids, by)
        finally:
            self._on_the_way -= 1
            if not self._on_the_way:
                await self.reload()
                self.target = None

    async def arrive(self, visit: str) -> None:
        if self.running is not None:
            await self.app.do(outing.arrive, self.running.id, visit)

    async def drive_on(self) -> None:
        await self.keep_observation()
        if self.running is not None:
            await self.app.do(outing.drive_on, self.running.id)

    async def skip(self, visit: Visit) -> None:
        if self.running is not None:
            await self.app.do(outing.skip, self.running.id, visit.id)

    async def bring_back(self, visit: Visit) -> None:
        """A stop that was left out is on the tour again."""
        if self.running is not None:
            await self.app.do(outing.add_stop, self.running.id, visit.stop, visit.name, False)

    async def add_stop(self, stop: str | None, name: str = "") -> None:
        """Somewhere that was not planned; the team is there now."""
        await self.keep_observation()
        if self.running is not None:
            await self.app.do(outing.add_stop, self.running.id, stop, name)

    async def weather(self, code: str) -> None:
        """A second tap takes it back."""
        if self.running is not None and self.here is not None:
            told = None if self.here.weather == code else code
            await self.app.do(outing.weather, self.running.id, self.here.id, told)

    async def set_times(self, visit: Visit, arrived: time | None, left: time | None) -> None:
        if self.running is not None:
            await set_times(self.app, self.running, visit, arrived, left)

    async def end(self) -> str:
        """Ends it and answers with its id, for „Rückgängig“."""
        await self.keep_observation()
        ended = self.running.id if self.running else ""
        if ended:
            await self.app.do(outing.end, ended)
        return ended

    async def reopen(self, ended: str) -> None:
        await self.app.do(outing.reopen, ended)

    async def set_programme(self, what: str) -> None:
        if self.running is not None:
            await self.app.do(outing.set_programme, self.running.id, what)

    async def attended(self, age: str, gender: str, by: int) -> None:
        if self.running is not None:
            await self.app.do(outing.attended, self.running.id, age, gender, by)

    async def other_stops(self) -> list[StopLine]:
        """Stops that are not on the tour."""
        on_tour = {visit.stop for visit in self.running.visits} if self.running else set()
        return [s for s in await self.app.ask(organisation.stops) if s.active and s.id not in on_tour]

    @property
    def observation(self) -> str:
        """What stands in the field: what was typed here, whatever arrives meanwhile."""
        here = self.here
        if here is None:
            return ""
        return self._typed[1] if self._typed and self._typed[0] == here.id else here.observation

    # -- what is observed --------------------------------------------------------------------------------------

    def observe(self, text: str) -> None:
        """Typed; written when there is a pause."""
        if self.here is None:
            return
        self._observed = self._typed = self.here.id, text
        if self._writing is not None:
            self._writing.cancel()
        self._writing = asyncio.get_running_loop().create_task(self._after_pause())

    async def _after_pause(self) -> None:
        await asyncio.sleep(PAUSE_S)
        self._writing = None
        await self.keep_observation()

    async def keep_observation(self) -> None:
        """What was typed, now."""
        if self._writing is not None:
            self._writing.cancel()
            self._writing = None
        told, self._observed = self._observed, None
        if told is not None and self.running is not None:
            # Past the app's own door, which closes before the keys go.
            await self.app.profile.do(outing.observe, self.running.id, *told)


@ft.observable
@dataclass
class Departure:
    """What the start screen holds."""

    app: App
    plan: OutingPlan | None = None
    site: str = ""
    stops: list[str] = field(default_factory=list)
    team: list[str] = field(default_factory=list)
    busy: bool = False
    _drives: str = ""

    async def reload(self) -> None:
        """The site's stops, today's timetable chosen; the vehicle of last time."""
        self.plan = await self.app.ask(outing.plan, self.site or None)
        self.site = self.plan.site
        self.stops = [stop.stop for stop in self.plan.stops if stop.usual]
        self.team = list(self.plan.with_me)
        self._drives = self.plan.vehicle

    @property
    def vehicle(self) -> str:
        """The vehicle of last time, or what was typed over it."""
        return self._drives

    def drives(self, vehicle: str) -> None:
        self._drives = vehicle

    async def choose_site(self, site: str) -> None:
        self.site = site
        await self.reload()

    def toggle_stop(self, stop: str, on: bool) -> None:
        self.stops = [*self.stops, stop] if on else [s for s in self.stops if s != stop]

    def toggle_member(self, member: str, on: bool) -> None:
        self.team = [*self.team, member] if on else [m for m in self.team if m != member]

    async def start(self) -> None:
        """Sets out; the stops in the order of the plan, not of the taps."""
        self.busy = True
        try:
            planned = [stop.stop for stop in self.plan.stops] if self.plan else []
            chosen = [stop for stop in planned if stop in self.stops]
            form = OutingStart(self.site, chosen, list(self.team), self._drives)
            await self.app.do(outing.start, form)
        finally:
            self.busy = False


@ft.observable
@dataclass
class EndedOuting:
    """One outing to look at again."""

    app: App
    outing: str
    seen: OutingView | None = None
    loose: DayEnd | None = None

    async def reload(self) -> None:
        self.loose = await self.app.ask(day_end.unfinished, self.outing)
        self.seen = await self.app.ask(outing.view, self.outing)

    async def leave_out(self) -> None:
        """What nobody came to is off the tour."""
        await self.app.do(day_end.leave_out, self.outing)

    async def reopen(self) -> None:
        await self.app.do(outing.reopen, self.outing)

    async def set_programme(self, what: str) -> None:
        await self.app.do(outing.set_programme, self.outing, what)

    async def attended(self, age: str, gender: str, by: int) -> None:
        await self.app.do(outing.attended, self.outing, age, gender, by)

    async def set_times(self, visit: Visit, arrived: time | None, left: time | None) -> None:
        if self.seen is not None:
            await set_times(self.app, self.seen, visit, arrived, left)


async def set_times(app: App, seen: OutingView, visit: Visit, arrived: time | None, left: time | None) -> None:
    """Times entered by hand, on the day of the outing."""
    await app.do(_set_times, seen, visit.id, arrived, left)


def _set_times(desk: Desk, seen: OutingView, visit: str, arrived: time | None, left: time | None) -> list[Change]:
    began = moment(desk, seen.day, arrived)
    ended = moment(desk, seen.day, left)
    if began and ended and ended < began:  # past midnight
        ended += timedelta(days=1)
    return outing.set_times(desk, seen.id, visit, began, ended)


def moment(desk: Desk, day: date, clock: time | None) -> datetime | None:
    """A local time of day as a moment."""
    return datetime.combine(day, clock, desk.zone).astimezone(UTC) if clock else None
