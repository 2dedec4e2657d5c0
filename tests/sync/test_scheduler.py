"""The rhythm of synchronisation, in virtual time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from goes_mobile.protocol.problems import Locked
from goes_mobile.sync.engine import Outcome
from goes_mobile.sync.scheduler import DEAF_S, DEBOUNCE_S, EVERYTHING, LISTEN, REGULAR_S, SEND, Scheduler
from goes_mobile.sync.steps import Wish
from tests.sync.team import in_virtual_time

WELL = Outcome(0, 0, True, "", None)
OFFLINE = Outcome(0, 0, False, "no_connection", 30_000)


@dataclass
class Rounds:
    """Notes when what was run; listening lasts ``listens_s`` seconds."""

    outcome: Outcome | Exception = WELL
    listens_s: float = 25.0
    heard: Outcome = WELL
    ran: list[tuple[float, Wish]] = field(default_factory=list)
    under_way: int = 0

    async def run(self, wish: Wish = EVERYTHING) -> Outcome:
        self.ran.append((asyncio.get_running_loop().time(), wish))
        self.under_way += 1
        try:
            if wish == LISTEN:
                await asyncio.sleep(self.listens_s)
                return self.heard
            await asyncio.sleep(0.1)
        finally:
            self.under_way -= 1
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome

    def times(self, wish: Wish) -> list[float]:
        return [round(at, 2) for at, what in self.ran if what == wish]


class Running:
    """A scheduler at work; stopped at the end."""

    def __init__(self, rounds: Rounds, foreground: bool = True) -> None:
        self.scheduler = Scheduler(rounds, foreground=foreground)

    async def __aenter__(self) -> Scheduler:
        self.task = asyncio.ensure_future(self.scheduler.run())
        return self.scheduler

    async def __aexit__(self, *_: object) -> None:
        await self.scheduler.stop()
        assert self.task.done()
        self.task.result()


@in_virtual_time
async def test_it_begins_with_a_round_and_then_listens() -> None:
    rounds = Rounds()
    async with Running(rounds):
        await asyncio.sleep(60)
    assert rounds.times(EVERYTHING) == [0]
    assert rounds.times(LISTEN) == [0.1, 25.1, 50.1]
    assert rounds.under_way == 0


@in_virtual_time
async def test_saves_of_one_moment_go_out_together_beside_the_listening() -> None:
    rounds = Rounds()
    async with Running(rounds) as scheduler:
        await asyncio.sleep(5)
        for _ in range(4):
            scheduler.nudge("saved")
            await asyncio.sleep(0.05)
        await asyncio.sleep(5)
    assert rounds.times(SEND) == [5 + DEBOUNCE_S]
    assert rounds.times(LISTEN) == [0.1]


@in_virtual_time
async def test_a_save_during_a_round_is_not_forgotten() -> None:
    rounds = Rounds()
    async with Running(rounds) as scheduler:
        await asyncio.sleep(0.05)
        scheduler.nudge("saved")
        await asyncio.sleep(3)
    assert len(rounds.times(SEND)) == 1


@in_virtual_time
async def test_without_contact_it_waits_as_long_as_the_round_said_and_does_not_listen() -> None:
    rounds = Rounds(OFFLINE)
    async with Running(rounds) as scheduler:
        await asyncio.sleep(10)
        scheduler.nudge("saved")  # it waits safely; the next try is on its way
        await asyncio.sleep(65)
    assert rounds.times(EVERYTHING) == [0, 30.1, 60.2]
    assert rounds.times(LISTEN) == rounds.times(SEND) == []


@pytest.mark.parametrize("reason", ["connectivity", "resume", "asked", "unlocked"])
@in_virtual_time
async def test_a_reason_ends_the_waiting_at_once(reason: str) -> None:
    rounds = Rounds(OFFLINE)
    async with Running(rounds) as scheduler:
        await asyncio.sleep(3)
        scheduler.nudge(reason)  # type: ignore[arg-type]
        await asyncio.sleep(1)
    assert rounds.times(EVERYTHING) == [0, 3]


@in_virtual_time
async def test_in_the_background_nobody_listens_and_the_timer_goes_on() -> None:
    rounds = Rounds()
    async with Running(rounds, foreground=False) as scheduler:
        await asyncio.sleep(REGULAR_S + 5)
        assert rounds.times(LISTEN) == []
        assert rounds.times(EVERYTHING) == [0, REGULAR_S + 0.1]
        scheduler.foreground(True)
        await asyncio.sleep(1)
        assert len(rounds.times(EVERYTHING)) == 3
        assert len(rounds.times(LISTEN)) == 1
        scheduler.foreground(False)
        await asyncio.sleep(1)
        assert rounds.under_way == 0


@in_virtual_time
async def test_listening_that_fails_waits_like_any_failure() -> None:
    rounds = Rounds(listens_s=3, heard=OFFLINE)
    async with Running(rounds):
        await asyncio.sleep(40)
    assert rounds.times(LISTEN) == [0.1, 33.2]
    assert rounds.times(EVERYTHING) == [0, 33.1]


@in_virtual_time
async def test_a_server_that_does_not_let_us_wait_is_not_asked_in_circles() -> None:
    rounds = Rounds(listens_s=0.01)
    async with Running(rounds):
        await asyncio.sleep(10 * DEAF_S)
    assert len(rounds.ran) < 30


@in_virtual_time
async def test_a_revoked_device_rests() -> None:
    rounds = Rounds(Outcome(0, 0, True, "revoked", None))
    async with Running(rounds):
        await asyncio.sleep(REGULAR_S - 1)
    assert len(rounds.ran) == 1


@in_virtual_time
async def test_a_round_that_cannot_begin_does_not_end_the_rhythm() -> None:
    rounds = Rounds(Locked("locked"))
    async with Running(rounds):
        await asyncio.sleep(100)
        assert rounds.times(EVERYTHING) == [0, 60.1]
        rounds.outcome = WELL
        await asyncio.sleep(60)
    assert rounds.times(LISTEN) != []


@in_virtual_time
async def test_stopping_in_the_middle_of_a_round_ends_it() -> None:
    rounds = Rounds()
    async with Running(rounds):
        await asyncio.sleep(0.05)
    assert rounds.under_way == 0
    assert len(rounds.ran) == 1
