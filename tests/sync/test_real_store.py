"""The same rounds with the real store: what the in-memory one promises, the journal keeps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from goes_mobile.protocol.problems import NotReachable
from goes_mobile.sync.steps import Wish
from tests.fakes.server import Feed
from tests.simulation.local import MemoryLocal
from tests.simulation.real import REAL
from tests.simulation.world import welcome
from tests.sync.team import Team, in_virtual_time

both = pytest.mark.parametrize("kind", [MemoryLocal, REAL.base], ids=["memory", "journal"])
real = pytest.mark.parametrize("kind", [REAL.base], ids=["journal"])


@asynccontextmanager
async def a_team(kind: Any) -> AsyncIterator[Team]:
    team = Team(kind)
    try:
        yield team
    finally:
        team.shut()


@both
@in_virtual_time
async def test_from_a_tap_without_network_to_the_supervisor(kind: Any) -> None:
    async with a_team(kind) as team:
        team.anna.link.cut_until = 1e9
        team.note("anna", "Bahnhof Plochingen")
        assert (await team.sync("anna")).trouble == "no_connection"
        team.reopen("anna")
        team.anna.link.cut_until = 0
        await team.sync("anna", "sina")
        assert team.notes("sina") == ["Bahnhof Plochingen"]
        assert team.notes("olaf") == []
        assert (team.state("anna").waiting, team.state("anna").phase) == (0, "idle")


@both
@in_virtual_time
async def test_a_round_without_news_is_one_request(kind: Any) -> None:
    async with a_team(kind) as team:
        await team.everyone_syncs()
        team.wire("bela").asked.clear()
        await team.sync("bela")
        assert team.wire("bela").asked == ["pull"]


@both
@in_virtual_time
async def test_a_lost_answer_and_a_crash_double_nothing(kind: Any) -> None:
    async with a_team(kind) as team:
        team.note("anna", "einmal")

        def lose(method: str, answer: Any) -> Any:
            if method == "push":
                raise NotReachable("half_answer")
            return answer

        team.wire("anna").after = lose
        await team.sync("anna")
        entries = len(team.server.feed.log)
        team.reopen("anna")
        team.wire("anna").after = None
        await team.everyone_syncs()
        assert len(team.server.feed.log) == entries
        assert team.notes("sina") == ["einmal"]


@both
@in_virtual_time
async def test_a_locked_device_delivers_and_shows_the_rest_when_unlocked(kind: Any) -> None:
    async with a_team(kind) as team:
        await team.everyone_syncs()
        team.note("anna", "gesperrt gespeichert")
        team.note("bela", "von bela")
        await team.sync("bela")
        team.reopen("anna")
        team.lock("anna")
        outcome = await team.sync("anna")
        assert (outcome.trouble, outcome.pushed) == ("", 2)
        team.reopen("anna")
        await team.sync("anna", "sina")
        assert team.notes("anna") == team.notes("sina") == ["gesperrt gespeichert", "von bela"]


@both
@in_virtual_time
async def test_a_newcomer_reads_what_was_written_before(kind: Any) -> None:
    async with a_team(kind) as team:
        team.note("anna", "vor Noras Zeit")
        await team.everyone_syncs()
        await welcome(team.ada, team.newcomer("nora"))
        await team.sync("sina")
        assert team.sina.local.complete_newcomers() > 0
        await team.everyone_syncs()
        assert team.notes("nora") == ["vor Noras Zeit"]


@both
@in_virtual_time
async def test_a_restored_server_is_completed_by_everybody(kind: Any) -> None:
    async with a_team(kind) as team:
        team.note("anna", "vor der Sicherung")
        await team.everyone_syncs()
        backup = team.server.snapshot()
        team.note("anna", "nach der Sicherung")
        await team.everyone_syncs()
        team.server.restore(backup)
        assert (await team.sync("anna")).trouble == "waits_for_administrator"
        await team.sync("ada")
        await team.everyone_syncs()
        await team.everyone_syncs()
        assert team.notes("sina") == ["nach der Sicherung", "vor der Sicherung"]
        assert [device.local.counts().waiting for device in team.devices.values()] == [0] * 5


@both
@in_virtual_time
async def test_a_restored_server_that_others_have_filled_gets_back_what_it_lacks(kind: Any) -> None:
    """When this device looks, the stream's end at the server lies beyond its own, but it is another history."""
    async with a_team(kind) as team:
        team.note("bela", "Anfang")
        await team.everyone_syncs()
        backup = team.server.snapshot()
        team.note("anna", "schon bestätigt")
        await team.sync("anna")
        team.server.restore(backup)
        await team.sync("ada", "bela")
        for number in range(5):
            team.note("bela", f"inzwischen {number}")
        await team.sync("bela")
        await team.everyone_syncs()
        await team.everyone_syncs()
        assert "schon bestätigt" in team.notes("sina")
        assert team.notes("anna") == team.notes("bela") == team.notes("sina")


@both
@in_virtual_time
async def test_a_database_copied_back_in_silence_is_noticed(kind: Any) -> None:
    async with a_team(kind) as team:
        await team.everyone_syncs()
        backup = team.server.snapshot()
        team.note("anna", "schon bestätigt")
        await team.sync("anna", wish=Wish(pull=False))
        team.server.roll_back(backup)
        for number in range(4):
            team.note("olaf", f"aus dem anderen Haus {number}")
        await team.sync("olaf")
        await team.everyone_syncs()
        await team.everyone_syncs()
        assert "schon bestätigt" in team.notes("sina")


@both
@in_virtual_time
async def test_a_profile_from_an_old_copy_goes_on_in_a_new_chain(kind: Any) -> None:
    """The tablet's storage was set back; what it writes now forks its own chain and is sealed again."""
    async with a_team(kind) as team:
        team.note("anna", "eins")
        await team.sync("anna")
        copy = (team.anna.local.on if kind is REAL.base else team.anna.local.disk).copy()
        team.note("anna", "zwei")
        await team.sync("anna")
        team.anna.crash()
        team.anna.local.shut()
        team.anna.open(copy)
        team.note("anna", "drei")
        await team.everyone_syncs()
        await team.everyone_syncs()
        assert team.notes("sina") == team.notes("anna") == ["drei", "eins", "zwei"]
        assert team.anna.local.counts().waiting == 0


@both
@in_virtual_time
async def test_a_crash_in_the_middle_of_a_round_loses_nothing(kind: Any) -> None:
    for step in range(1, 12):
        async with a_team(kind) as team:
            team.note("anna", "bleibt")
            team.note("bela", "kommt")
            await team.sync("bela")
            task = asyncio.ensure_future(team.sync("anna"))
            for _ in range(step * 4):
                await asyncio.sleep(0)
            team.anna.tasks.add(task)
            team.reopen("anna")
            await asyncio.wait({task})
            await team.everyone_syncs()
            assert team.notes("sina") == team.notes("anna") == ["bleibt", "kommt"], f"after step {step}"


@real
@in_virtual_time
async def test_a_server_that_shows_two_histories_is_told_of_by_the_next_entry(kind: Any) -> None:
    """Bela and Anna are each shown a feed that is sound by itself, until Anna's entries reach Bela."""
    async with a_team(kind) as team:
        team.note("anna", "gemeinsam")
        await team.everyone_syncs()
        other = team.server.copy(team.clock, team.random.randbytes, Feed)
        team.wire("bela").server = other
        team.note("bela", "hier")
        team.note("anna", "dort")
        await team.sync("anna", "bela")
        team.note("anna", "noch einmal dort")
        await team.sync("anna")
        assert team.state("anna").findings == team.state("bela").findings == ()

        other.feed.take([stored.entry.raw for stored in team.server.feed.log], team.clock())
        await team.sync("bela")
        assert team.state("bela").findings == ("histories_differ",)
        assert [finding.code for finding in team.bela.local.findings()] == ["histories_differ"]
        assert team.notes("bela") == ["dort", "gemeinsam", "hier", "noch einmal dort"]


@real
@in_virtual_time
async def test_a_control_log_that_was_shown_to_a_colleague_and_differs_here_is_told_of(kind: Any) -> None:
    async with a_team(kind) as team:
        team.note("anna", "gemeinsam")
        await team.everyone_syncs()
        other = team.server.copy(team.clock, team.random.randbytes, Feed)
        newcomers = team.newcomer("nora"), team.newcomer("otto")
        for name in ("ada", "bela", "otto"):
            team.wire(name).server = other
        await welcome(team.sina, newcomers[0])
        await welcome(team.ada, newcomers[1])
        await team.sync("anna", "bela")
        team.note("anna", "dort")
        await team.sync("anna")
        assert team.state("anna").findings == team.state("bela").findings == ()

        other.feed.take([stored.entry.raw for stored in team.server.feed.log], team.clock())
        await team.sync("bela")
        assert team.state("bela").findings == ("histories_differ",)
        assert team.notes("bela") == ["dort", "gemeinsam"]
