"""Photos and documents between real stores: cut lines, lying and restored servers; and nothing in clear anywhere."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import pytest

from goes_mobile.protocol import wire
from goes_mobile.protocol.blobs import CHUNK, SealedBlob, seal_blob
from goes_mobile.protocol.ids import new_id
from goes_mobile.protocol.problems import Damaged, NotReachable
from goes_mobile.store.change import Change
from goes_mobile.sync.steps import Wish
from tests.simulation.real import REAL
from tests.simulation.world import A
from tests.sync.team import Team, in_virtual_time

MARKER = b"Zeugnis von Luna K."


@pytest.fixture
def kind() -> Any:
    return REAL.base


def content(chunks: int) -> bytes:
    """Something whose every chunk bears the marker, and that does not compress."""
    return b"".join(MARKER + os.urandom(CHUNK - len(MARKER)) for _ in range(chunks))


def attach(team: Team, name: str, *contents: bytes) -> list[SealedBlob]:
    """A young person's file with a document for each content."""
    local = team.devices[name].local
    person = new_id(local.now_ms(), team.random.randbytes)
    local.write([Change("young_person", person, {"site": A, "alias": "Kranich"})])
    made = [seal_blob(part, team.random.randbytes) for part in contents]
    for blob in made:
        values = {
            "person": person, "site": A, "name": "Zeugnis", "media_type": "application/pdf", "size": blob.ref.size,
            "content": blob.ref.text,
        }  # fmt: skip
        local.write([Change("attachment", new_id(local.now_ms(), team.random.randbytes), values, blobs=(blob,))])
    return made


def read(team: Team, name: str, blob: SealedBlob) -> bytes:
    return bytes(team.devices[name].local.blobs.read(blob.ref))


def sent_chunks(team: Team, name: str, method: str) -> list[int]:
    """The numbers of the chunks that crossed this wire, asked for or put, in their order."""
    numbers: list[int] = []

    def hear(asked: str, sent: Any) -> None:
        if asked == method == "put_chunks":
            numbers.extend(n for n, _ in wire.parse(wire.ChunksPut, sent).chunks)
        elif asked == method:
            numbers.extend(wire.parse(wire.ChunksGet, sent).chunks)

    team.wire(name).before = hear
    return numbers


async def team_of(kind: Any) -> Team:
    team = Team(kind)
    await team.everyone_syncs()
    return team


@in_virtual_time
async def test_a_document_reaches_a_colleague_and_nobody_else(kind: Any) -> None:
    team = await team_of(kind)
    (blob,) = attach(team, "anna", written := content(3))
    assert (await team.sync("anna")).trouble == ""
    assert team.anna.local.blobs.state(blob.ref).sent == 3
    await team.everyone_syncs()
    assert read(team, "sina", blob) == written
    assert team.sina.local.blobs.open() == team.anna.local.blobs.open() == []
    assert team.olaf.local.blobs.of_stream(next(iter(team.server.feed.counts))[0]) == []
    await team.sync("anna")
    team.wire("anna").asked.clear()
    await team.sync("anna")
    assert team.wire("anna").asked == ["pull"]
    team.shut()


@in_virtual_time
async def test_entries_go_first_and_small_blobs_before_large_ones(kind: Any) -> None:
    team = await team_of(kind)
    large, small = attach(team, "anna", content(2), b"klein")
    order: list[tuple[str, bytes]] = []

    def hear(method: str, sent: Any) -> None:
        order.append((method, wire.parse(wire.ChunksPut, sent).blob if method == "put_chunks" else b""))

    team.wire("anna").before = hear
    await team.sync("anna")
    methods = [method for method, _ in order]
    assert methods.index("push") < methods.index("ask_blobs")
    assert [blob for method, blob in order if method == "put_chunks"] == [small.ref.id, large.ref.id]
    team.shut()


@in_virtual_time
async def test_an_upload_cut_at_any_request_goes_on_where_it_was(kind: Any) -> None:
    for cut in range(8):
        team = await team_of(kind)
        (blob,) = attach(team, "anna", written := content(8))
        team.engine("anna").pace.push_bytes = CHUNK // 2  # one chunk a request
        numbers = sent_chunks(team, "anna", "put_chunks")
        done = 0

        def lose(method: str, answer: Any, cut: int = cut) -> Any:
            nonlocal done
            done += method == "put_chunks"
            if method == "put_chunks" and done > cut:
                raise NotReachable("half_answer")
            return answer

        team.wire("anna").after = lose
        assert (await team.sync("anna")).trouble == "half_answer"
        team.reopen("anna")
        team.wire("anna").after = None
        await team.sync("anna")
        assert sorted(numbers) == list(range(8)), cut  # what had arrived before the answer was lost is not sent again
        await team.sync("sina")
        assert read(team, "sina", blob) == written
        team.shut()


@in_virtual_time
async def test_a_download_cut_at_any_request_fetches_only_the_rest(kind: Any) -> None:
    for cut in range(6):
        team = await team_of(kind)
        (blob,) = attach(team, "anna", written := content(6))
        await team.sync("anna")
        team.engine("sina").pace.push_bytes = CHUNK
        numbers = sent_chunks(team, "sina", "get_chunks")
        seen = 0

        def lose(method: str, answer: Any, cut: int = cut) -> Any:
            nonlocal seen
            seen += method == "get_chunks"
            if method == "get_chunks" and seen > cut:
                raise NotReachable("no_connection")
            return answer

        team.wire("sina").after = lose
        assert (await team.sync("sina")).trouble == "no_connection"
        with pytest.raises(Damaged) as missing:
            read(team, "sina", blob)
        assert (missing.value.code, missing.value.facts["missing"]) == ("blob_incomplete", 6 - cut)
        team.reopen("sina")
        team.wire("sina").after = None
        await team.sync("sina")
        assert sorted(numbers) == sorted([*range(6), cut]), cut  # the one whose answer was lost is asked for again
        assert read(team, "sina", blob) == written
        team.shut()


@in_virtual_time
async def test_a_crash_anywhere_in_a_round_loses_nothing(kind: Any) -> None:
    for step in range(2, 40, 4):
        team = await team_of(kind)
        (blob,) = attach(team, "anna", written := content(2))
        for name in ("anna", "sina"):
            task = asyncio.ensure_future(team.sync(name))
            for _ in range(step):
                await asyncio.sleep(0)
            team.devices[name].tasks.add(task)
            team.reopen(name)
            await asyncio.wait({task})
        await team.everyone_syncs()
        assert read(team, "sina", blob) == written, step
        team.shut()


@in_virtual_time
async def test_a_locked_device_sends_its_photos(kind: Any) -> None:
    team = await team_of(kind)
    (blob,) = attach(team, "anna", written := content(2))
    team.lock("anna")
    assert (await team.sync("anna")).trouble == ""
    await team.sync("sina")
    assert read(team, "sina", blob) == written
    team.shut()


@in_virtual_time
async def test_chunks_swapped_cut_or_from_elsewhere_are_told_and_not_kept(kind: Any) -> None:
    for lie in ("swapped", "cut", "foreign"):
        team = await team_of(kind)
        (blob,) = attach(team, "anna", content(2))
        await team.sync("anna")
        here = next(iter(team.server.feed.chunks.values()))
        honest = dict(here)
        if lie == "swapped":
            here[0], here[1] = here[1], here[0]
        elif lie == "cut":
            here[1] = here[1][:-20]
        else:
            here[0] = seal_blob(content(2)).chunks[0]
        await team.sync("sina")
        assert "chunk_forged" in team.state("sina").findings
        assert [finding.code for finding in team.sina.local.findings()] == ["chunk_forged"]
        with pytest.raises(Damaged):
            read(team, "sina", blob)
        team.wire("sina").asked.clear()
        await team.sync("sina")
        assert "get_chunks" not in team.wire("sina").asked  # a liar is not asked the same again and again
        here.update(honest)
        team.reopen("sina")
        await team.sync("sina")
        assert read(team, "sina", blob) == honest_content(blob, honest)
        team.shut()


def honest_content(blob: SealedBlob, chunks: dict[int, bytes]) -> bytes:
    return blob.ref.join(chunks)


@in_virtual_time
async def test_a_server_that_says_it_has_what_it_does_not_give_is_no_endless_round(kind: Any) -> None:
    team = await team_of(kind)
    (blob,) = attach(team, "anna", content(2))
    await team.sync("anna")
    team.wire("sina").after = lambda method, answer: wire.ChunksAnswer(chunks=()) if method == "get_chunks" else answer
    await team.sync("sina")
    assert team.wire("sina").asked.count("get_chunks") == 1
    assert team.sina.local.blobs.state(blob.ref).here == 0
    team.shut()


@in_virtual_time
async def test_what_the_server_refuses_stays_here_and_holds_up_no_other(kind: Any) -> None:
    team = await team_of(kind)
    team.server.blobs_bytes = 4 * CHUNK
    small, large, last = attach(team, "anna", b"passt", content(3), b"passt auch")
    outcome = await team.sync("anna")
    assert outcome.trouble == "no_room"
    states = [team.anna.local.blobs.state(blob.ref) for blob in (small, large, last)]
    assert [(state.here, state.sent) for state in states] == [(1, 1), (3, 0), (1, 1)]
    team.server.blobs_bytes = 50 * CHUNK
    assert (await team.sync("anna")).trouble == ""
    assert team.anna.local.blobs.open() == []
    team.shut()


@in_virtual_time
async def test_a_restored_server_gets_back_what_it_lacks(kind: Any) -> None:
    team = await team_of(kind)
    (first,) = attach(team, "anna", content(1))
    await team.everyone_syncs()
    backup = team.server.snapshot()
    (second,) = attach(team, "anna", written := content(2))
    await team.sync("anna")
    team.server.restore(backup)
    await team.sync("ada")
    await team.everyone_syncs()
    await team.everyone_syncs()
    assert {place[1] for place in team.server.feed.chunks} == {first.ref.id, second.ref.id}
    assert read(team, "bela", second) == written
    team.shut()


@in_virtual_time
async def test_nothing_is_in_clear_on_any_disk_or_at_the_server(kind: Any) -> None:
    team = await team_of(kind)
    (blob,) = attach(team, "anna", written := content(2))
    await team.everyone_syncs()
    assert read(team, "sina", blob) == written
    chunks = [sealed for here in team.server.feed.chunks.values() for sealed in here.values()]
    assert chunks
    assert not any(MARKER in sealed for sealed in [*chunks, team.server.everything()])
    for name in ("anna", "sina"):
        files = [file for file in team.devices[name].local.home.iterdir() if file.is_file()]
        assert files
        for secret in (MARKER, blob.ref.key, blob.ref.text.encode()):
            assert not [file.name for file in files if secret in file.read_bytes()]
    team.shut()


@in_virtual_time
async def test_a_round_that_only_sends_fetches_nothing(kind: Any) -> None:
    team = await team_of(kind)
    attach(team, "anna", content(1))
    await team.sync("anna")
    await team.sync("sina", wish=Wish(pull=False))
    assert "get_chunks" not in team.wire("sina").asked
    team.shut()
