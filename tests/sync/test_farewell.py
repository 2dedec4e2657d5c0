"""A revoked device: it believes the control log alone, offers what waits once, and then it is over."""

from __future__ import annotations

from typing import Any

import pytest

from goes_mobile.protocol.problems import NotReachable, problem
from goes_mobile.store.revocation import decide, late_entries, revoke
from goes_mobile.sync.local import DELIVERY_TOKEN
from tests.simulation.real import REAL
from tests.sync.team import Team, in_virtual_time

real = pytest.mark.parametrize("kind", [REAL.base], ids=["journal"])


class Story(Team):
    """Everybody has synchronised; then anna's tablet is lost, with a note that nobody has."""

    async def __aenter__(self) -> Story:
        await self.everyone_syncs()
        self.note("anna", "im Funkloch")
        return self

    async def __aexit__(self, *_: object) -> None:
        self.shut()

    async def revoked(self) -> None:
        revoke(self.ada.local, [self.anna.local.device], "lost")
        await self.sync("ada", "sina")


@pytest.mark.parametrize("locked", [False, True], ids=["open", "locked"])
@real
@in_virtual_time
async def test_it_learns_why_delivers_what_waits_as_late_and_is_over(kind: Any, locked: bool) -> None:
    async with Story(kind) as team:
        await team.revoked()
        if locked:
            team.reopen("anna")
            team.lock("anna")
        outcome = await team.sync("anna")
        assert (outcome.ended, outcome.trouble) == (True, "revoked")
        assert team.anna.local.counts().waiting == 0
        await team.sync("sina", "bela")
        assert team.notes("bela") == []
        decide(team.sina.local, [waits.hash for waits in late_entries(team.sina.local)], True)
        await team.sync("sina", "bela")
        assert team.notes("bela") == ["im Funkloch"]
        assert (await team.sync("anna")).ended  # asked again it is told that the token is dead


@real
@in_virtual_time
async def test_without_a_proof_in_the_control_log_it_goes_on_working(kind: Any) -> None:
    async with Story(kind) as team:

        async def accuse(method: str, sent: bytes) -> None:
            if method != "backfill":
                raise problem("revoked")

        team.wire("anna").before = accuse
        outcome = await team.sync("anna")
        assert (outcome.ended, outcome.trouble) == (False, "revocation_unproven")
        assert "revocation_unproven" in team.state("anna").findings
        assert team.anna.local.counts().waiting == 1
        team.wire("anna").before = None
        assert (await team.sync("anna")).trouble == ""
        assert team.anna.local.counts().waiting == 0


@real
@in_virtual_time
async def test_the_last_delivery_is_tried_again_until_the_server_has_answered(kind: Any) -> None:
    async with Story(kind) as team:
        await team.revoked()

        def cut(method: str, answer: Any) -> Any:
            if method == "push":
                raise NotReachable("no_connection")
            return answer

        team.wire("anna").after = cut
        assert not (await team.sync("anna")).ended
        team.wire("anna").after = None
        assert (await team.sync("anna")).ended


@real
@in_virtual_time
async def test_without_a_token_that_is_good_it_speaks_with_its_certificate_and_delivers_what_waits(kind: Any) -> None:
    async with Story(kind) as team:
        await team.revoked()
        team.anna.local.settings.set(DELIVERY_TOKEN, "11" * 32)
        outcome = await team.sync("anna")
        assert (outcome.ended, outcome.trouble, team.anna.local.counts().waiting) == (True, "revoked", 0)
        await team.sync("sina")
        assert [waits.opened is not None for waits in late_entries(team.sina.local)].count(True) == 1


@real
@in_virtual_time
async def test_a_proof_that_came_by_parcel_does_not_end_it_before_it_has_offered_its_work(kind: Any) -> None:
    async with Story(kind) as team:
        await team.revoked()
        team.anna.local.settings.set(DELIVERY_TOKEN, "11" * 32)
        control = [row for row in team.server.feed.log if row.entry.header.stream == team.ada.local.control]
        team.anna.local.receive([stored.remote() for stored in control], [], None)
        cut = team.wire("anna")

        async def silent(method: str, sent: bytes) -> None:
            raise NotReachable("no_connection")

        cut.before = silent
        assert not (await team.sync("anna")).ended
        cut.before = None
        assert (await team.sync("anna")).ended
        assert team.anna.local.counts().waiting == 0


@real
@in_virtual_time
async def test_locked_and_without_a_token_that_is_good_nothing_is_left_to_wait_for(kind: Any) -> None:
    async with Story(kind) as team:
        await team.revoked()
        team.anna.local.settings.set(DELIVERY_TOKEN, "11" * 32)
        team.reopen("anna")
        team.lock("anna")
        assert not (await team.sync("anna")).ended  # no proof to be had: the server's word is not enough
        control = [row for row in team.server.feed.log if row.entry.header.stream == team.ada.local.control]
        team.anna.local.receive([stored.remote() for stored in control], [], None)
        assert (await team.sync("anna")).ended
