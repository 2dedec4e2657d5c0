"""A server that lies. Whatever it does, the device notices, says what it was, and work goes on: nothing is lost."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import pytest

from goes_mobile.protocol import clear
from goes_mobile.protocol.entry import SEALED, Entry, decode
from goes_mobile.protocol.keys import KeyPair
from goes_mobile.protocol.problems import problem
from goes_mobile.protocol.streams import CONTROL, StreamRef
from goes_mobile.sync.steps import Wish
from goes_mobile.ui import text
from tests.fakes.server import Feed
from tests.simulation.lying import Liar, as_clear, instead, signed, smuggle, with_body, without
from tests.simulation.real import REAL
from tests.simulation.world import A
from tests.sync.team import Team, in_virtual_time

SEEDS = int(os.environ.get("GOES_LIES", "6"))
INVENTED = KeyPair.from_seed(b"the server's own device thought up"[:32])


@pytest.fixture
def kind() -> Any:
    return REAL.base


@asynccontextmanager
async def a_team(kind: Any) -> AsyncIterator[Team]:
    """Five devices with the real store that know each other, and one note that everybody at site A can read."""
    team = Team(kind)
    try:
        team.note("anna", "gemeinsam")
        await team.everyone_syncs()
        yield team
    finally:
        team.shut()


def newest(team: Team) -> Entry:
    """The sealed entry that came to the server last."""
    return next(stored.entry for stored in reversed(team.server.feed.log) if stored.entry.suite == SEALED)


def noticed(team: Team, name: str) -> set[str]:
    """What the device has kept about the server: it is there after a restart too."""
    return {finding.code for finding in team.devices[name].local.findings()}


def explained(code: str) -> bool:
    """The Synchronisation screen says what it is and what it means, in every language."""
    return all(
        {f"sync.finding_{code}", f"sync.meaning_{code}"} <= there.keys()
        for there in map(text.catalogue, text.LANGUAGES)
    )


async def goes_on(team: Team, name: str, code: str) -> None:
    """It was noticed, is explained, and is still known after a restart; saving goes on and nothing is lost."""
    assert code in noticed(team, name)
    assert explained(code)
    before = team.notes(name)
    team.note(name, "geht weiter")
    await team.sync(name)
    team.reopen(name)
    assert team.notes(name) == sorted([*before, "geht weiter"])
    assert code in noticed(team, name)


async def comes_clean(team: Team, *names: str) -> None:
    """The server is honest again."""
    for name in names:
        team.wire(name).after = team.wire(name).before = None
    await team.everyone_syncs()
    await team.everyone_syncs()


@in_virtual_time
async def test_drop(kind: Any) -> None:
    """It leaves an entry out and hopes that nobody counts."""
    async with a_team(kind) as team:
        team.note("anna", "verschwiegen")
        await team.sync("anna")
        hidden = newest(team).hash
        team.note("sina", "danach")
        await team.sync("sina")
        team.wire("bela").after = without(hidden)
        await team.sync("bela")
        await team.sync("bela")
        assert team.notes("bela") == ["danach", "gemeinsam"]
        await goes_on(team, "bela", "entries_withheld")
        await comes_clean(team, "bela")
        assert team.notes("bela") == team.notes("sina") == ["danach", "geht weiter", "gemeinsam", "verschwiegen"]


@in_virtual_time
async def test_drop_and_renumber(kind: Any) -> None:
    """It leaves an entry out and closes the gap; a colleague who had seen the entry tells."""
    async with a_team(kind) as team:
        other = team.server.copy(team.clock, team.random.randbytes, Feed)
        team.wire("bela").server = other
        team.note("anna", "verschwiegen")
        await team.sync("anna", "sina")
        team.note("sina", "danach")
        await team.sync("sina")
        other.feed.take([newest(team).raw], team.clock())
        await team.sync("bela")
        assert team.notes("bela") == ["danach", "gemeinsam"]
        await goes_on(team, "bela", "histories_differ")


@in_virtual_time
async def test_hiding_where_a_stream_ends(kind: Any) -> None:
    """Without the running hash nobody could tell what was left out: leaving it away is telling too."""
    async with a_team(kind) as team:
        team.note("anna", "neu")
        await team.sync("anna")
        team.wire("bela").after = lambda method, answer: (
            answer.model_copy(update={"heads": ()}) if method == "pull" else answer
        )
        await team.sync("bela")
        await goes_on(team, "bela", "head_withheld")


@in_virtual_time
async def test_reorder(kind: Any) -> None:
    async with a_team(kind) as team:
        team.note("anna", "eins")
        await team.sync("anna")
        team.note("sina", "zwei")
        await team.sync("sina")

        def turned(method: str, answer: Any) -> Any:
            if method not in ("pull", "backfill") or len(answer.entries) < 2:
                return answer
            raws = [item[3] for item in reversed(answer.entries)]
            entries = tuple((*item[:3], raw) for item, raw in zip(answer.entries, raws, strict=True))
            return answer.model_copy(update={"entries": entries})

        team.wire("bela").after = turned
        await team.sync("bela")
        await goes_on(team, "bela", "running_mismatch")
        await comes_clean(team, "bela")
        assert team.notes("bela") == team.notes("anna") == ["eins", "geht weiter", "gemeinsam", "zwei"]


@in_virtual_time
async def test_roll_back(kind: Any) -> None:
    """It takes, signs for it, and pretends later that it never was there."""
    async with a_team(kind) as team:
        before = team.server.snapshot()
        team.note("anna", "quittiert")
        await team.sync("anna", wish=Wish(pull=False))
        team.server.roll_back(before)
        for number in range(3):
            team.note("olaf", f"aus dem anderen Haus {number}")
        await team.sync("olaf")
        await team.sync("anna")
        await goes_on(team, "anna", "receipt_broken")
        await comes_clean(team)
        assert {"quittiert", "geht weiter", "gemeinsam"} <= set(team.notes("sina"))


@in_virtual_time
async def test_fork(kind: Any) -> None:
    """Two colleagues are shown two histories, each sound by itself."""
    async with a_team(kind) as team:
        other = team.server.copy(team.clock, team.random.randbytes, Feed)
        team.wire("bela").server = other
        team.note("bela", "hier")
        team.note("anna", "dort")
        await team.sync("anna", "bela")
        team.note("anna", "noch einmal dort")
        await team.sync("anna")
        other.feed.take([stored.entry.raw for stored in team.server.feed.log], team.clock())
        await team.sync("bela")
        await goes_on(team, "bela", "histories_differ")
        assert {"dort", "hier"} <= set(team.notes("bela"))


@in_virtual_time
async def test_replay(kind: Any) -> None:
    """An entry comes a second time as if it were new: it counts once, and the second time is told of."""
    async with a_team(kind) as team:
        smuggle(team.server.feed, newest(team), team.clock())
        await team.sync("bela")
        assert team.notes("bela") == ["gemeinsam"]
        await goes_on(team, "bela", "entry_replayed")


@in_virtual_time
async def test_swapping_ciphertexts_between_streams(kind: Any) -> None:
    """The file of a young person says what was said about somebody else: no signature covers it."""
    async with a_team(kind) as team:
        team.note("anna", "in der Akte", StreamRef("person", A))
        await team.sync("anna")
        body = newest(team).body
        team.note("anna", "beim Standort")
        await team.sync("anna")
        team.wire("bela").after = instead(newest(team).hash, lambda raw: with_body(raw, body))
        await team.sync("bela")
        assert team.notes("bela") == ["gemeinsam", "in der Akte"]
        await goes_on(team, "bela", "entry_forged")
        await comes_clean(team, "bela")
        assert team.notes("bela") == team.notes("anna") == ["beim Standort", "geht weiter", "gemeinsam", "in der Akte"]


@in_virtual_time
async def test_serving_one_stream_for_another(kind: Any) -> None:
    async with a_team(kind) as team:
        team.note("anna", "beim Standort")
        await team.sync("anna")
        await team.sync("bela")
        stolen = team.server.feed.log[-1].remote()
        local = team.bela.local
        head = team.server.feed.head(local.organisation, 0)
        received = local.receive([stolen], [head], None)
        assert [finding.code for finding in received.findings] == ["head_withheld"]
        await goes_on(team, "bela", "head_withheld")


@in_virtual_time
async def test_injecting_a_device(kind: Any) -> None:
    """An administrator that nobody certified, and one that pretends to be ours."""
    async with a_team(kind) as team:
        feed, control = team.server.feed, CONTROL.id(team.anna.local.organisation)
        record = clear.Administrator(sign=INVENTED.public.sign, kem=INVENTED.public.kem, member=bytes(16))
        smuggle(feed, signed(record, feed.organisation, control, INVENTED), team.clock())
        await team.sync("bela")
        assert INVENTED.principal not in team.bela.local.ledger.principals
        await goes_on(team, "bela", "unknown_device")
        root = feed.organisation
        smuggle(feed, signed(record, feed.organisation, control, INVENTED, device=root), team.clock())
        await team.sync("sina")
        assert INVENTED.principal not in team.sina.local.ledger.principals
        assert noticed(team, "sina") & {"entry_forged", "fork"}


@in_virtual_time
async def test_injecting_a_grant(kind: Any) -> None:
    """A key of its own for the site's stream: nobody seals with it."""
    async with a_team(kind) as team:
        feed, stream = team.server.feed, StreamRef("site", A).id(team.anna.local.organisation)
        known = tuple(team.anna.local.keys.streams[stream])
        record = clear.Epoch(owner_type="site", owner=stream, subject=A, epoch=bytes(16), replaces=known)
        smuggle(feed, signed(record, feed.organisation, stream, INVENTED), team.clock())
        await team.sync("bela")
        sealing = team.bela.local.keys.sealing(stream)
        await goes_on(team, "bela", "unknown_device")
        assert team.bela.local.keys.sealing(stream) == sealing
        assert newest(team).header.epoch == sealing[0]


def revoke(team: Team, by: str, whom: str) -> None:
    record = clear.Revocation(device=team.devices[whom].local.device, reason="lost", control_position=0)
    team.devices[by].local.append_clear([record])


@in_virtual_time
async def test_an_old_certificate_after_revocation(kind: Any) -> None:
    """The certificate of a device that was revoked, presented again: authority does not come back."""
    async with a_team(kind) as team:
        lost, control = team.bela.local.device, CONTROL.id(team.anna.local.organisation)
        [certificate] = [
            stored.entry
            for stored in team.server.feed.streams[control].entries
            if isinstance(record := clear.decode(stored.entry.body or b""), clear.Device)
            and record.sign == team.bela.local.ledger.principals[lost].sign
        ]
        revoke(team, "ada", "bela")
        await team.sync("ada", "sina")
        assert not team.sina.local.ledger.principals[lost].active
        smuggle(team.server.feed, certificate, team.clock())
        await team.sync("sina")
        assert not team.sina.local.ledger.principals[lost].active
        await goes_on(team, "sina", "entry_replayed")


@in_virtual_time
async def test_hiding_a_revocation(kind: Any) -> None:
    async with a_team(kind) as team:
        revoke(team, "ada", "bela")
        await team.sync("ada")
        hidden = team.server.feed.log[-1].entry.hash
        team.wire("sina").after = without(hidden)
        for _ in range(2):
            await team.sync("sina")
        assert team.sina.local.ledger.principals[team.bela.local.device].active
        await goes_on(team, "sina", "entries_withheld")
        await comes_clean(team, "sina")
        assert not team.sina.local.ledger.principals[team.bela.local.device].active


@in_virtual_time
async def test_downgrading_the_suite(kind: Any) -> None:
    """An entry as if its author had not sealed it: the author's signature says otherwise."""
    async with a_team(kind) as team:
        team.note("anna", "versiegelt")
        await team.sync("anna")
        team.wire("bela").after = instead(newest(team).hash, lambda raw: as_clear(raw, b"offen"))
        await team.sync("bela")
        await goes_on(team, "bela", "entry_forged")


@in_virtual_time
async def test_downgrading_version_and_passphrase(kind: Any) -> None:
    """No answer of a server reaches how a device seals its own keys, nor makes it speak an older protocol."""
    async with a_team(kind) as team:
        lock = team.anna.local.gate.record()
        old = lambda method, answer: (  # noqa: E731
            answer.model_copy(update={"versions": (0,)}) if method == "hello" else answer
        )
        team.wire("anna").after = old
        team.reopen("anna")
        team.note("anna", "trotzdem")
        assert (await team.sync("anna")).trouble == ""
        assert team.anna.local.gate.record() == lock

        async def too_old(method: str, sent: bytes) -> None:
            if method in ("pull", "backfill"):
                raise problem("too_old")

        team.wire("anna").before = too_old
        team.note("anna", "auch jetzt")
        outcome = await team.sync("anna")
        assert (outcome.trouble, outcome.pushed) == ("too_old", 1)
        assert all("sync.trouble_too_old" in text.catalogue(language) for language in text.LANGUAGES)
        assert team.notes("anna") == ["auch jetzt", "gemeinsam", "trotzdem"]


@in_virtual_time
async def test_a_foreign_organisations_feed(kind: Any) -> None:
    async with a_team(kind) as team:
        record = clear.Escrow(grants=())
        foreign = signed(record, INVENTED.principal, CONTROL.id(INVENTED.principal), INVENTED)
        smuggle(team.server.feed, foreign, team.clock())
        feed = team.server.feed
        feed.upto = lambda stream, principal: len(feed.stream(stream).entries)  # type: ignore[method-assign]
        await team.sync("bela")
        await goes_on(team, "bela", "foreign_entry")


@in_virtual_time
async def test_another_server_at_our_servers_address(kind: Any) -> None:
    async with a_team(kind) as team:
        team.reopen("bela")
        team.wire("bela").after = lambda method, answer: (
            answer.model_copy(update={"server_sign": INVENTED.public.sign}) if method == "hello" else answer
        )
        team.note("bela", "bleibt hier")
        assert (await team.sync("bela")).trouble == "foreign_server"
        assert team.bela.local.counts().waiting == 1
        await comes_clean(team, "bela")
        assert "bleibt hier" in team.notes("sina")


@in_virtual_time
async def test_ordering_a_wipe(kind: Any) -> None:
    """An order that nobody signed who may; and the bare word that this device is revoked."""
    async with a_team(kind) as team:
        feed, local = team.server.feed, team.bela.local
        control, stream = CONTROL.id(local.organisation), StreamRef("site", A).id(local.organisation)
        order = clear.Order(order=bytes(16), action="erase", stream=stream)
        smuggle(feed, signed(order, feed.organisation, control, INVENTED), team.clock())
        await team.sync("bela")
        assert team.bela.local.ledger.orders == {}
        await goes_on(team, "bela", "unknown_device")

        async def revoked(method: str, sent: bytes) -> None:
            raise problem("revoked")

        team.wire("bela").before = revoked
        team.note("bela", "noch da")
        assert (await team.sync("bela")).trouble == "revoked"
        await goes_on(team, "bela", "revocation_unproven")
        await comes_clean(team, "bela")
        assert {"noch da", "geht weiter"} <= set(team.notes("sina"))


@in_virtual_time
async def test_emptying_entries(kind: Any) -> None:
    async with a_team(kind) as team:
        team.note("anna", "noch da")
        await team.sync("anna")
        team.wire("bela").after = instead(newest(team).hash, lambda raw: decode(raw).redacted())
        await team.sync("bela")
        await goes_on(team, "bela", "body_withheld")
        await comes_clean(team, "bela")
        assert team.notes("bela") == team.notes("anna") == ["geht weiter", "gemeinsam", "noch da"]


@pytest.mark.parametrize("seed", range(SEEDS))
@in_virtual_time
async def test_lying_at_random(seed: int, kind: Any) -> None:
    """Whoever saved something has it; everybody has everything, or knows that something was kept from them."""
    async with a_team(kind) as team:
        random = Random(seed)
        liars = {name: Liar(Random(f"{seed} {name}")) for name in team.devices}
        for name, liar in liars.items():
            team.wire(name).after = liar
        saved: dict[str, list[str]] = {name: [] for name in team.devices}
        for number in range(12):
            name = random.choice(("anna", "bela", "sina"))
            saved[name].append(f"{name} {number}")
            team.note(name, saved[name][-1])
            if random.random() < 0.2:
                team.reopen(name)
            await team.sync(name)
        assert any(liar.told for liar in liars.values())
        for liar in liars.values():
            liar.honest = True
        await comes_clean(team)
        for name in ("anna", "bela", "sina"):
            team.note(name, "zuletzt")
            saved[name].append("zuletzt")
        await comes_clean(team)
        everything = {"gemeinsam", *(note for notes in saved.values() for note in notes)}
        for name, notes in saved.items():
            shown = set(team.notes(name))
            assert set(notes) <= shown, f"seed {seed}: {name} lost something"
            assert team.devices[name].local.counts().waiting == 0
            if name in ("anna", "bela", "sina"):
                assert everything <= shown or noticed(team, name), f"seed {seed}: kept from {name} unnoticed"
        told = {code for name in team.devices for code in noticed(team, name)}
        assert all(explained(code) for code in told)
