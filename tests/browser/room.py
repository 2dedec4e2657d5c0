"""A small office without a server: founded here, filled with invented people, opened in the browser.

    python -m tests.browser.room --port 8561 --who jana --theme dark --scale 2

The passphrase of everybody is `a long passphrase`. For looking at the screens, and for the stories of the tests.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from goes_mobile.protocol.ids import site_id
from goes_mobile.services import outing, people, review
from goes_mobile.services.outing import OutingStart
from goes_mobile.services.people import PersonForm
from goes_mobile.state.app import App
from goes_mobile.state.profile import Profile
from goes_mobile.sync.state import SyncState
from goes_mobile.ui.look import Appearance
from goes_mobile.ui.main import opener, serve_web
from tests.browser.harness import served
from tests.state.team import SECRET, Clock, Colleague, Team

__all__ = ["SECRET", "Office", "Still", "Wall"]


class Wall(Clock):
    """The clock on the wall."""

    def __call__(self) -> int:
        return int(time.time() * 1000)


class Still:
    """A delivery that says what it is told to say."""

    def __init__(self, state: SyncState) -> None:
        self.state = state
        self._listeners: list[Callable[[SyncState], None]] = []

    def start(self) -> None:
        pass

    async def stop(self) -> None:
        pass

    def saved(self) -> None:
        self.say(SyncState("offline", self.state.waiting + 1, last_contact_ms=self.state.last_contact_ms))

    async def now(self) -> SyncState:
        return self.state

    def subscribe(self, listener: Callable[[SyncState], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def say(self, state: SyncState) -> None:
        self.state = state
        for listener in list(self._listeners):
            listener(state)


@dataclass
class Office:
    """Jana and Aylin on the road, Sabine who reviews, Petra who founded it."""

    team: Team
    jana: Colleague
    aylin: Colleague
    sabine: Colleague
    falke: str = ""
    entrance: Any = None
    files: Any = None
    offline: bool = False
    lock_after_s: float = 3600
    apps: list[App] = field(default_factory=list)

    @classmethod
    async def open(cls, home: Path, clock: Clock | None = None) -> Office:
        """Founded, enrolled, empty."""
        team = await Team.found(home, clock=clock or Wall())
        jana = await team.enrol("Jana Keller", "outreach", "workmobil")
        aylin = await team.enrol("Aylin Yıldız", "outreach", "workmobil")
        sabine = await team.enrol("Sabine Wolf", "supervisor", "workmobil")
        return cls(team, jana, aylin, sabine)

    async def work(self) -> None:
        """A morning's work: people, encounters, tasks, a question, an outing under way."""
        jana = self.jana
        now = datetime.fromtimestamp(self.team.clock() / 1000, UTC)
        year = now.year
        for alias, born, town in (
            ("Falke", year - 17, "Plochingen"),
            ("Luna", year - 16, "Wernau (Neckar)"),
            ("Mika B.", year - 19, "Nürtingen"),
            ("Yusuf", year - 21, "Wendlingen am Neckar"),
            ("Noah T.", year - 15, "Plochingen"),
        ):
            found = await jana.do(people.create, PersonForm(alias, born, None, town))
            self.falke = self.falke or found
        asked = await jana.note(
            "Kommt morgens nicht raus, will die Schule aber nicht abbrechen.", topics=["school", "family"],
            at=now - timedelta(days=3), place_note="Nürtingen ZOB",
        )  # fmt: skip
        for days in (4, 6, 8, 9):
            await jana.note(
                "Sucht ein Praktikum in der Bäckerei.", topics=["training", "application", "benefits"],
                actions=["listened", "advised"], at=now - timedelta(days=days), people=[self.falke],
            )  # fmt: skip
        me = jana.member
        today = now.date()
        await jana.set("task", title="Bewerbung Bäckerei Steiner schicken", due=today, assignee=me, person=self.falke)
        await jana.set("task", title="Rückruf Schulsozialarbeit", due=today - timedelta(days=2), assignee=me)
        await jana.set("task", title="Ziel mit Mika anschauen", due=today, assignee=me)
        await self.team.exchange()
        question = "War das ein Erstkontakt? Und wer begleitet zum Termin am Montag?"
        await self.sabine.do(review.verdict, asked, "question", question)
        await self.team.exchange()

    async def set_out(self, stops: Sequence[str] = ()) -> None:
        """Jana and Aylin are at the second of four stops; eleven people came."""
        jana = self.jana
        plan = await jana.ask(outing.plan)
        chosen = list(stops) or [stop.stop for stop in plan.stops[:4]]
        going = await jana.do(outing.start, OutingStart(site_id("workmobil"), chosen, [self.aylin.member], "ES-GO 14"))
        seen = await jana.ask(outing.view, going)
        await jana.do(outing.arrive, going, seen.visits[0].id)
        await jana.do(outing.count, going, seen.visits[0].id, 3)
        await jana.do(outing.arrive, going, seen.visits[1].id)
        await jana.do(outing.count, going, seen.visits[1].id, 8)
        await jana.do(outing.weather, going, seen.visits[1].id, "dry")

    async def lock(self) -> None:
        """Everybody goes home."""
        for one in self.team.people:
            await one.app.lock()

    def session(self, *who: Colleague) -> Callable[[], App]:
        """New screen sessions on these profiles, as one device has them."""
        profiles = [one.app.profile for one in who]
        if self.offline:
            ago = self.team.clock() - 3 * 3_600_000
            for profile in profiles:
                profile.delivering = profile.delivering or Still(SyncState("offline", 3, 40, last_contact_ms=ago))

        def make() -> App:
            app = App(profiles, entrance=self.entrance, lock_after_s=self.lock_after_s)
            app.files = self.files
            self.apps.append(app)
            return app

        return make

    @contextmanager
    def served(self, *who: Colleague, **look: Any) -> Iterator[str]:
        """The address of a device that these share."""
        with served(opener(self.session(*who), lambda: Appearance(still=True, **look))) as url:
            yield url

    async def close(self) -> None:
        await self.team.close()


def empty_profile(home: Path, clock: Clock | None = None) -> Profile:
    """A directory in which nothing is yet."""
    return Profile(home, clock or Wall())


async def _main() -> None:
    cli = argparse.ArgumentParser(description=__doc__)
    cli.add_argument("--port", type=int, default=8561)
    cli.add_argument("--who", default="jana")
    cli.add_argument("--several", action="store_true")
    cli.add_argument("--theme", default="light")
    cli.add_argument("--scale", type=float, default=1.0)
    cli.add_argument("--language", default="de")
    args = cli.parse_args()
    with tempfile.TemporaryDirectory() as home:
        office = await Office.open(Path(home))
        office.offline = True
        await office.work()
        await office.set_out()
        await office.lock()
        who = getattr(office, args.who)
        several = [who, office.aylin] if args.several else [who]
        look = Appearance(theme=args.theme, scale=args.scale, language=args.language)
        try:
            await serve_web(opener(office.session(*several), lambda: look), port=args.port)
        finally:
            await office.close()


if __name__ == "__main__":
    asyncio.run(_main())
