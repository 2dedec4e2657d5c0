"""A small team with real stores and no network: who writes what, and what everybody knows after `exchange`.

    team = await Team.found(tmp_path)
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    encounter = await jana.note("Luna kommt morgen.", topics=["work"])
    await team.exchange()
    tom = await team.enrol("Tom Brandt", "supervisor", "workmobil")     # sees it
    await team.close()

Entries travel through the plain feed of the fake server. The clock stands still until somebody turns it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from goes_mobile.protocol import codes, ids, keys, wire
from goes_mobile.records.presets import preset
from goes_mobile.services import organisation
from goes_mobile.services.desk import Desk
from goes_mobile.state.app import App
from goes_mobile.state.profile import Profile
from goes_mobile.store.change import Change
from goes_mobile.store.identity import Identity
from goes_mobile.store.store import Store
from goes_mobile.vault import founding, lock
from tests.fakes.server import Feed

COUNTY = "landkreis-esslingen"
SECRET = "a long passphrase"
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
"""A Tuesday."""


@dataclass
class Clock:
    """Everybody's clock; a device may go wrong by `off_ms`."""

    now: datetime = NOON

    def __call__(self) -> int:
        return int(self.now.timestamp() * 1000)

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Colleague:
    """One member on one device."""

    name: str
    member: str
    site: str
    app: App
    store: Store = field(repr=False)

    async def do(self, action: Callable[..., list[Change]], *args: Any, **kwargs: Any) -> str:
        """Does it, and gives the id of the (first) record."""
        saved = await self.app.do(action, *args, **kwargs)
        return saved[0].id if saved else ""

    async def set(self, kind: str, record: str = "", **values: Any) -> str:
        """Writes fields as they are; for what no action of the services does."""
        return await self.do(lambda desk: [Change(kind, record or desk.new_id(), {"site": self.site, **values})])

    async def note(self, note: str = "", record: str = "", **values: Any) -> str:
        """An encounter at the station, or a change of one."""
        if record:
            told = {"note": note, **values} if note else values
            return await self.do(lambda desk: [Change("encounter", record, told)])
        usual: dict[str, Any] = {
            "minutes": 30, "place": "street", "place_note": "Bahnhof Plochingen", "municipality": "Plochingen",
            "setting": "single", "work_form": "street_work", "contact_type": "repeat", "topics": ["school"],
        }  # fmt: skip

        def plan(desk: Desk) -> list[Change]:
            at = desk.now - timedelta(hours=1)
            return [Change("encounter", desk.new_id(), {"site": self.site, "at": at, "note": note, **usual, **values})]

        return await self.do(plan)

    async def ask(self, query: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return await self.app.ask(query, *args, **kwargs)


class Team:
    """The organisation, its feed, its devices."""

    def __init__(self, home: Path, clock: Clock) -> None:
        self.home = home
        self.clock = clock
        self.sheet = codes.RecoverySheet(os.urandom(32))
        self.feed = Feed(self.sheet.organisation, os.urandom(16))
        self.people: list[Colleague] = []
        self._seen: dict[str, int] = {}

    @classmethod
    async def found(cls, home: Path, name: str = "Petra Amann", sites: tuple[str, ...] = ("workmobil",),
                    clock: Clock | None = None) -> Team:  # fmt: skip
        """An organisation of the county with its sites and stops; its administrator is the first colleague."""
        team = cls(home, clock or Clock())
        device = keys.KeyPair.from_seed(seed := os.urandom(32))
        member = ids.new_id(team.clock())
        store = team._store("admin", device, seed, member)
        named = tuple(ids.site_id(site) for site in sites)
        groups = tuple(ids.site_id(site.short) for site in preset(COUNTY).sites)
        records = founding.founding_records(team.sheet, bytes(32), device.public, ids.to_bytes(member), named)
        store.append_clear(records, author=team.sheet.root)
        made = founding.first_groups(store.ledger, store.ledger.principals[device.principal], groups)
        store.append_clear([epoch.record for epoch, _ in made], keep=[epoch.opened for epoch, keeps in made if keeps])
        store.offer_escrow()
        store.write(organisation.founding(preset(COUNTY), lambda: ids.new_id(team.clock())))
        store.write(organisation.new_member(member, name, "admin", named))
        await team._join(name, member, named[0] if named else "", store)
        return team

    @property
    def admin(self) -> Colleague:
        return self.people[0]

    async def enrol(self, name: str, role: Any, *sites: str) -> Colleague:
        """Invited by the administrator, enrolled on a device of its own, caught up."""
        named = tuple(ids.site_id(site) for site in sites)
        secret = codes.InviteSecret(os.urandom(16))
        member = ids.new_id(self.clock())
        admin = self.admin.store
        ends = self.clock() + 3_600_000
        invited = founding.invitation(secret, ids.to_bytes(member), role, named, ends, admin.ledger, admin.keys)
        admin.append_clear(invited.records, keep=invited.keep)
        admin.write(organisation.new_member(member, name, role, named))
        await self.exchange()
        device = keys.KeyPair.from_seed(seed := os.urandom(32))
        store = self._store(name.split()[0].lower(), device, seed, member)
        store.receive([s.remote() for s in self.feed.stream(self.feed.control).entries], [], None)
        store.append_clear(founding.enrolment(secret, device, store.ledger, self.clock()), author=secret.keys)
        store.offer_escrow()
        found = await self._join(name, member, named[0] if named else "", store)
        await self.exchange()
        return found

    def _store(self, name: str, device: keys.KeyPair, seed: bytes, member: str) -> Store:
        who = Identity(self.sheet.organisation, device.principal, ids.to_bytes(member), bytes(32), COUNTY)
        return Store.create(self.home / name, who, seed, os.urandom(32), SECRET, self.clock, cost=lock.FLOOR)

    async def _join(self, name: str, member: str, site: str, store: Store) -> Colleague:
        profile = Profile(store.home, self.clock)
        profile.here()
        profile.use(store)
        app = App([profile], lock_after_s=3600)
        await app.choose(profile)
        await app.entered()
        found = Colleague(name, member, site, app, store)
        self.people.append(found)
        return found

    async def exchange(self, *only: Colleague) -> None:
        """Everybody (or only these) delivers and receives until nothing new comes."""
        moved = True
        while moved:
            moved = False
            for one in only or self.people:
                moved = await one.app.profile.lane(self._round, one.store) or moved

    def _round(self, store: Store) -> bool:
        moved = False
        while batch := store.waiting():
            judged = self.feed.take([entry.raw for entry in batch], self.clock())
            assert judged.receipts, (judged.refused, judged.gaps, judged.unknown)
            receipts = wire.Receipts(
                server_id=bytes(16),
                organisation=self.feed.organisation,
                time_ms=self.clock(),
                items=tuple(judged.receipts),
            )
            store.confirm(receipts, b"")
            moved = True
        if not store.locked:
            store.offer_escrow()
        store.learn_time(self.clock(), 0)
        principal = self.feed.ledger.principals[store.device]
        seen = self._seen.get(str(store.home), 0)
        found, looked = self.feed.scan(seen, 10_000, principal)
        self._seen[str(store.home)] = looked
        streams = {s.entry.header.stream for s in self.feed.log if self.feed.may_read(s.entry.header.stream, principal)}
        missing = [s for stream in streams for s in self.feed.streams[stream].entries if s.number <= looked]
        heads = [self.feed.head(stream) for stream in streams]
        entries = sorted({s.number: s for s in [*found, *missing]}.values(), key=lambda s: s.number)
        if looked > seen or moved:
            store.receive([s.remote() for s in entries], heads, None)
        return moved

    async def close(self) -> None:
        for one in self.people:
            await one.app.profile.close()
