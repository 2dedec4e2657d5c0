"""Batches in any order, cut anywhere, doubled, torn, forged: the server does exactly what the plain fake does, and
when everything has come at last, everything that is good is there once, numbered without a gap."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Awaitable
from typing import TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goes_mobile.protocol import clear, wire
from goes_mobile.protocol.packing import pack, unpack
from goes_mobile.protocol.streams import GroupRef, StreamRef
from sync_server.database import Database
from sync_server.doctor import examine
from tests.actors import OTHER_SITE, SITE, Actor, Organisation
from tests.fakes.server import FakeServer
from tests.sync_server.counter import Counter

T = TypeVar("T")
SITE_REF, PERSON = StreamRef("site", SITE), StreamRef("person", "p")
SEEDS = itertools.count()  # an organisation of its own for every example
BATCHES = st.lists(st.lists(st.integers(0, 99), min_size=1, max_size=25), max_size=8)


def now(action: Awaitable[T]) -> T:
    """The fake's methods never wait for anything: run one to its end."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(action)  # type: ignore[arg-type]
    finally:
        loop.close()


class Cast:
    """People of two sites and all that they, and some others, might send."""

    def __init__(self, seed: int) -> None:
        self.team = team = Organisation.found(random.Random(seed).randbytes, sites=(SITE, OTHER_SITE))
        self.told = len(team.control)
        self.anna = team.enrol("outreach", [SITE])
        self.ben = team.enrol("office", [OTHER_SITE])
        self.lost = team.enrol("outreach", [SITE])
        self.bosses = [team.enrol("supervisor", [SITE, OTHER_SITE]) for _ in range(2)]
        self.people = [team.admin, self.anna, self.ben, *self.bosses]
        pool = [*self._site(), *self._person(), *self._forged()]
        self._orders(pool[1].hash)
        team.revoke(self.lost)
        self.good = [*(entry.raw for entry in team.control[self.told :]), *pool_raws(pool)]
        self.pool = [*self.good, *self._foreign()]

    def _site(self) -> list:  # type: ignore[type-arg]
        stream = SITE_REF.id(self.team.id)
        entries = [self.anna.open_stream(SITE_REF), *self.anna.notes(stream, 4)]
        return [*entries, *self.lost.notes(stream, 3)]

    def _person(self) -> list:  # type: ignore[type-arg]
        stream = PERSON.id(self.team.id)
        opened = [self.anna.open_stream(PERSON), *self.anna.notes(stream, 2)]
        other_site = GroupRef("site", OTHER_SITE).id(self.team.id)
        stolen = self.ben.grant_stream(stream, [other_site])
        shared = self.anna.grant_stream(stream, [other_site])
        old = self.team.epochs.keys[stream][0]
        rotated = self.lost.open_stream(PERSON, to=[self.lost.id], replaces=[old])
        return [*opened, stolen, shared, rotated, *self.ben.notes(stream, 2)]

    def _orders(self, entry_hash: bytes) -> None:
        order = clear.Order(order=bytes(16), action="redact", stream=SITE_REF.id(self.team.id), entries=(entry_hash,))
        self.bosses[0].certify(order)
        self.bosses[1].certify(clear.Release(order=order.order))

    def _forged(self) -> list[Actor]:
        return []

    def _foreign(self) -> list[bytes]:
        """A fork, a second chain, a broken signature, an emptied entry, another organisation's, noise."""
        stream = SITE_REF.id(self.team.id)
        run, _ = self.anna.chains[stream]
        end = self.anna.chains[stream]
        self.anna.chains[stream] = (run, type(end[1])())
        forks = self.anna.notes(stream, 2)
        self.anna.new_chain(stream)
        second = self.anna.notes(stream, 2)
        header, nonce, body, _ = unpack(second[1].raw)
        other = Organisation.found(random.Random(1).randbytes).admin.open_stream(SITE_REF)
        broken = pack([header, nonce, body, bytes(64)])
        emptied = [entry.redacted() for entry in (forks[0], second[0])]
        return [*pool_raws(forks), *pool_raws(second), broken, *emptied, other.raw, b"noise", b"\x94\x01\x02\x03\x04"]


def pool_raws(entries: list) -> list[bytes]:  # type: ignore[type-arg]
    return [entry.raw for entry in entries]


class Twins:
    """The fake and the server, side by side."""

    def __init__(self, counter: Counter, cast: Cast) -> None:
        self.counter, self.cast, team = counter, cast, cast.team
        self.fake = FakeServer(lambda: counter.now)
        entries = tuple(entry.raw for entry in team.control[: cast.told])
        request = wire.FoundRequest(setup_token=self.fake.setup_token, organisation=team.id, entries=entries)
        now(self.fake.found(request))
        control, team.control = team.control, team.control[: cast.told]
        counter.found(team)
        team.control = control
        self._tokens: dict[bytes, str] = {}

    def fake_token(self, actor: Actor) -> str:
        if actor.id not in self._tokens:
            hello = now(self.fake.hello())
            request = actor.session_request(hello.server_id, hello.challenge)
            self._tokens[actor.id] = now(self.fake.open_session(request)).token
        return self._tokens[actor.id]

    def push(self, raws: list[bytes]) -> list[wire.Receipt]:
        """Both answer alike."""
        sender = self.cast.team.admin
        expected = now(self.fake.session(self.fake_token(sender)).push(wire.PushRequest(entries=tuple(raws))))
        answer = self.counter.push(sender, raws)
        receipts = self.counter.receipts(answer)
        assert sorted(receipts) == sorted(
            wire.read_receipts(expected.receipts, now(self.fake.hello()).server_sign).items
        )
        assert {(r.hash, r.code) for r in answer.refused} == {(r.hash, r.code) for r in expected.refused}
        assert set(answer.gaps) == set(expected.gaps)
        assert set(answer.unknown) == set(expected.unknown)
        self.counter.now += 1
        return receipts

    def compare_readers(self) -> None:
        """Both serve everybody the same."""
        for actor in self.cast.people:
            fake = self.fake.session(self.fake_token(actor))
            assert self.counter.streams(actor).heads == now(fake.streams()).heads
            expected = now(fake.pull(wire.PullRequest(cursor=wire.Cursor())))
            answer = self.counter.pull(actor)
            assert (answer.entries, set(answer.heads)) == (expected.entries, set(expected.heads))


def check(counter: Counter, seed: int, batches: list[list[int]]) -> None:
    cast = Cast(seed)
    twins = Twins(counter, cast)
    everybody_certified = [entry.raw for entry in cast.team.control[cast.told :]]
    for batch in batches:
        twins.push([cast.pool[index % len(cast.pool)] for index in batch])
    twins.push(everybody_certified)
    twins.compare_readers()
    numbers: dict[bytes, int] = {}
    for _ in range(2):
        numbers |= {entry_hash: number for entry_hash, number, _, _ in twins.push(cast.good)}
    for seen in (twins.push(cast.pool), twins.push(cast.pool)):
        numbers |= {entry_hash: number for entry_hash, number, _, _ in seen}
    twins.compare_readers()
    total = counter.pull(cast.team.admin).cursor.number
    assert sorted(numbers.values()) == list(range(cast.told + 1, total + 1))
    database = Database(counter.settings.database_url)
    assert examine(database, cast.team.id).findings == []
    database.close()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=BATCHES)
def test_the_server_does_what_the_fake_does(counter: Counter, batches: list[list[int]]) -> None:
    check(counter, next(SEEDS), batches)
