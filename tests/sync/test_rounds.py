"""Rounds of synchronisation, told as what a team sees of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from goes_mobile.protocol import wire
from goes_mobile.protocol.entry import SEALED, Entry, decode
from goes_mobile.protocol.keys import KeyPair
from goes_mobile.protocol.problems import CannotWrite, Malformed, NotReachable, problem
from goes_mobile.sync.steps import Wish
from tests.simulation.world import welcome
from tests.sync.team import Team, in_virtual_time


@in_virtual_time
async def test_what_was_noted_without_network_reaches_the_supervisor() -> None:
    team = Team()
    team.anna.link.cut_until = 1e9
    team.note("anna", "Bahnhof Plochingen")
    offline = await team.sync("anna")
    assert (offline.trouble, offline.reached) == ("no_connection", False)
    assert (team.state("anna").phase, team.state("anna").waiting) == (
        "offline",
        1,
    )  # the note; its stream's key goes along

    team.anna.link.cut_until = 0
    await team.sync("anna", "sina")
    assert team.notes("sina") == ["Bahnhof Plochingen"]
    assert (team.state("anna").phase, team.state("anna").waiting) == ("idle", 0)


@in_virtual_time
async def test_only_who_was_granted_the_site_reads_it() -> None:
    team = Team()
    team.note("anna", "vertraulich")
    await team.everyone_syncs()
    assert [name for name in team.devices if team.notes(name)] == ["sina", "anna", "bela"]


@in_virtual_time
async def test_a_round_without_news_is_one_request() -> None:
    team = Team()
    await team.everyone_syncs()
    team.wire("bela").asked.clear()
    await team.sync("bela")
    assert team.wire("bela").asked == ["pull"]


@in_virtual_time
async def test_a_push_whose_answer_was_lost_is_not_doubled() -> None:
    team = Team()
    team.note("anna", "einmal")

    def lose(method: str, answer: Any) -> Any:
        if method == "push":
            raise NotReachable("half_answer")
        return answer

    team.wire("anna").after = lose
    assert (await team.sync("anna")).trouble == "half_answer"
    assert team.anna.local.counts().waiting == 1
    at_server = len(team.server.feed.log)
    team.wire("anna").after = None
    await team.everyone_syncs()
    assert len(team.server.feed.log) == at_server
    assert team.notes("sina") == ["einmal"]
    assert team.anna.local.counts().waiting == 0


@in_virtual_time
async def test_receipts_of_somebody_else_confirm_nothing() -> None:
    team = Team()
    team.note("anna", "noch hier")
    stranger = KeyPair.from_seed(b"stranger" * 4)

    def forge(method: str, answer: Any) -> Any:
        if method != "push":
            return answer
        honest = wire.parse(wire.Receipts, wire.unpack(answer.receipts)[0])
        return answer.model_copy(update={"receipts": wire.sign_receipts(honest, stranger)})

    team.wire("anna").after = forge
    assert (await team.sync("anna")).trouble == "receipt_forged"
    assert team.anna.local.counts().waiting == 1
    team.wire("anna").after = None
    await team.sync("anna")
    assert team.anna.local.counts().waiting == 0


@in_virtual_time
async def test_an_answer_that_does_not_speak_of_what_was_sent_is_no_answer() -> None:
    team = Team()
    team.note("anna", "erste")
    await team.sync("anna")
    answers: list[Any] = []

    def stale(method: str, answer: Any) -> Any:
        if method != "push":
            return answer
        answers.append(answer)
        return answers[0]

    team.wire("anna").after = stale
    team.note("anna", "zweite")
    await team.sync("anna")
    team.note("anna", "dritte")
    assert (await team.sync("anna")).trouble == "strange_answer"
    assert team.anna.local.counts().waiting == 1


@in_virtual_time
async def test_a_pull_answered_with_an_older_page_moves_nothing_back() -> None:
    team = Team()
    await team.sync("bela")
    pages: list[Any] = []

    def keep(method: str, answer: Any) -> Any:
        if method == "pull":
            pages.append(answer)
        return answer

    team.wire("bela").after = keep
    for text in ("eins", "zwei"):
        team.note("anna", text)
        await team.sync("anna", "bela")
    cursor = team.bela.local.cursor()
    team.wire("bela").after = lambda method, answer: pages[0] if method == "pull" else answer
    team.note("anna", "drei")
    await team.sync("anna")
    assert (await team.sync("bela")).trouble == "strange_answer"
    assert team.bela.local.cursor() == cursor
    team.wire("bela").after = None
    await team.sync("bela")
    assert team.notes("bela") == ["drei", "eins", "zwei"]


@in_virtual_time
async def test_a_session_that_ends_in_the_middle_is_opened_again() -> None:
    team = Team()
    await team.sync("anna")
    team.server.sessions.clear()
    team.note("anna", "weiter")
    outcome = await team.sync("anna")
    assert (outcome.trouble, outcome.pushed) == ("", 2)


@pytest.mark.parametrize(
    "claimed",
    [
        lambda stranger: {"server_sign": stranger.public.sign, "server_id": stranger.principal},
        lambda stranger: {"server_sign": stranger.public.sign},
        lambda stranger: {"server_id": stranger.principal},  # our key, shown by whoever passes the challenge on
    ],
    ids=["another", "key", "id"],
)
@in_virtual_time
async def test_another_server_at_the_same_address_gets_nothing(claimed: Callable[[KeyPair], dict[str, bytes]]) -> None:
    team = Team()
    team.note("anna", "nur für unseren Server")
    stranger = KeyPair.from_seed(b"stranger" * 4)

    def pretend(method: str, answer: Any) -> Any:
        return answer.model_copy(update=claimed(stranger)) if method == "hello" else answer

    team.wire("anna").after = pretend
    assert (await team.sync("anna")).trouble == "foreign_server"
    assert team.wire("anna").asked == ["hello"]
    assert team.state("anna").phase == "trouble"


@in_virtual_time
async def test_a_revoked_device_stops_and_says_so() -> None:
    team = Team()
    await team.sync("anna")
    team.note("anna", "zu spät")

    async def refuse(method: str, sent: bytes) -> None:
        raise problem("revoked")

    team.wire("anna").before = refuse
    assert (await team.sync("anna")).trouble == "revoked"
    asked = len(team.wire("anna").asked)
    assert (await team.sync("anna")).pause_ms is None
    assert len(team.wire("anna").asked) == asked
    assert (team.state("anna").phase, team.state("anna").trouble) == ("trouble", "revoked")
    assert team.anna.local.counts().waiting == 1


@in_virtual_time
async def test_too_old_never_blocks_a_push() -> None:
    team = Team()
    await team.everyone_syncs()
    team.note("anna", "alte Version")

    async def refuse(method: str, sent: bytes) -> None:
        if method in ("pull", "backfill", "streams", "open_session"):
            raise problem("too_old")

    team.wire("anna").before = refuse
    team.reopen("anna")
    outcome = await team.sync("anna")
    assert (outcome.trouble, team.anna.local.counts().waiting) == ("too_old", 0)
    await team.sync("sina")
    assert team.notes("sina") == ["alte Version"]


@in_virtual_time
async def test_a_locked_device_delivers_with_its_token_and_reads_the_control_log_alone() -> None:
    team = Team()
    await team.everyone_syncs()
    team.note("anna", "gesperrt gespeichert")
    team.note("bela", "von bela")
    await team.sync("bela")
    team.reopen("anna")
    team.lock("anna")
    outcome = await team.sync("anna")
    assert (outcome.trouble, outcome.pushed, team.anna.local.counts().waiting) == ("", 2, 0)
    assert team.wire("anna").asked[-2:] == ["push", "backfill"]
    assert "von bela" not in team.notes("anna")
    await team.sync("sina")
    assert team.notes("sina") == ["gesperrt gespeichert", "von bela"]


@in_virtual_time
async def test_a_locked_device_without_token_waits_for_its_person() -> None:
    team = Team()
    team.note("anna", "wartet")
    team.anna.local.settings.set("delivery_token", "")
    team.lock("anna")
    outcome = await team.sync("anna")
    assert (outcome.trouble, outcome.pause_ms, team.state("anna").phase) == ("locked", None, "idle")
    assert team.wire("anna").asked == []


@in_virtual_time
async def test_a_device_of_a_new_member_gets_what_was_written_before() -> None:
    team = Team()
    team.note("anna", "vor Noras Zeit")
    await team.everyone_syncs()
    await welcome(team.ada, team.newcomer("nora"))  # an administrator is no reader: she has only a new key to give
    assert team.notes("nora") == []
    await team.sync("sina")
    assert team.sina.local.complete_newcomers() > 0
    await team.everyone_syncs()
    assert team.notes("nora") == ["vor Noras Zeit"]


@in_virtual_time
async def test_the_next_page_is_fetched_while_one_is_verified() -> None:
    team = Team()
    for number in range(40):
        team.note("anna", f"Notiz {number}")
    await team.everyone_syncs()
    for number in range(40):
        team.note("anna", f"später {number}")
    await team.sync("anna")
    team.engine("bela").pace.pull_limit = 4
    team.engine("bela").pace.pull_worked = lambda: None

    async def slow(method: str, sent: bytes) -> None:
        await asyncio.sleep(1)

    async def busy(function: Any, *arguments: Any) -> Any:
        if function.__name__ == "apply":
            await asyncio.sleep(1)
        return function(*arguments)

    assert team.bela.rounds is not None
    team.bela.rounds._ask = busy
    team.wire("bela").before = slow
    begun = asyncio.get_running_loop().time()
    assert (await team.sync("bela")).pulled == 40
    assert (
        asyncio.get_running_loop().time() - begun < 14
    )  # ten pages, a second for the network and one for the disk each


@in_virtual_time
async def test_receipts_are_kept_while_the_next_batch_is_at_the_server() -> None:
    team = Team()
    await team.everyone_syncs()
    for number in range(39):
        team.note("anna", f"Notiz {number}")
    team.engine("anna").pace.push_entries = 4
    team.engine("anna").pace.push_worked = lambda: None

    async def slow(method: str, sent: bytes) -> None:
        if method == "push":
            await asyncio.sleep(1)

    async def busy(function: Any, *arguments: Any) -> Any:
        if function.__name__ in ("apply", "read"):
            await asyncio.sleep(0.4)
        return function(*arguments)

    assert team.anna.rounds is not None
    team.anna.rounds._ask = busy
    team.wire("anna").before = slow
    begun = asyncio.get_running_loop().time()
    assert (await team.sync("anna", wish=Wish(pull=False))).pushed == 40
    assert asyncio.get_running_loop().time() - begun < 13


@in_virtual_time
async def test_a_full_disk_is_told_and_costs_nothing_that_was_there() -> None:
    team = Team()
    team.note("bela", "kommt noch")
    await team.sync("bela")
    receive = team.anna.local.receive

    def full(*_: Any) -> Any:
        raise CannotWrite("disk_full")

    team.anna.local.receive = full  # type: ignore[method-assign]
    outcome = await team.sync("anna")
    assert (outcome.trouble, team.state("anna").phase) == ("disk_full", "trouble")
    team.anna.local.receive = receive  # type: ignore[method-assign]
    await team.sync("anna")
    assert team.notes("anna") == ["kommt noch"]


@in_virtual_time
async def test_an_older_server_takes_after_its_update_what_it_could_not_read_before() -> None:
    """Nothing is put aside, nothing is sealed again, and others' work is not held up."""
    team = Team()
    await team.everyone_syncs()
    team.note("anna", "in einem neueren Format")

    def older(raw: bytes) -> Entry:
        entry = decode(raw)
        if entry.suite == SEALED:
            raise Malformed("unknown_format", format=2)
        return entry

    with pytest.MonkeyPatch.context() as before_the_update:
        before_the_update.setattr("tests.fakes.server.decode", older)
        for _ in range(2):
            outcome = await team.sync("anna")
            assert (outcome.trouble, outcome.reached) == ("server_too_old", True)
            assert (team.state("anna").phase, team.state("anna").waiting, team.state("anna").held) == ("trouble", 1, 0)
    outcome = await team.sync("anna")
    assert (outcome.trouble, team.state("anna").waiting) == ("", 0)
    await team.sync("bela")
    assert team.notes("bela") == ["in einem neueren Format"]


@in_virtual_time
async def test_a_clock_ten_years_ahead_is_noticed_and_undoes_nothing() -> None:
    team = Team()
    record = team.note("bela", "erste Fassung")
    await team.everyone_syncs()
    team.anna.skew_ms = 10 * 365 * 24 * 3_600_000
    team.note("anna", "aus der Zukunft", record=record)
    await team.everyone_syncs()
    assert abs(team.state("anna").clock_offset_ms + team.anna.skew_ms) < 1000
    team.note("bela", "danach berichtigt", record=record)
    await team.everyone_syncs()
    assert team.notes("sina") == team.notes("anna") == ["danach berichtigt"]


@in_virtual_time
async def test_a_round_cut_short_leaves_nothing_running() -> None:
    team = Team()
    team.note("anna", "bleibt")

    async def for_ever(method: str, sent: bytes) -> None:
        if method == "push":
            await asyncio.sleep(1e6)

    team.wire("anna").before = for_ever
    task = asyncio.ensure_future(team.sync("anna"))
    await asyncio.sleep(5)
    task.cancel()
    await asyncio.wait({task})
    assert asyncio.all_tasks() == {asyncio.current_task()}
    team.wire("anna").before = None
    await team.sync("anna", "sina")
    assert team.notes("sina") == ["bleibt"]


# -- a server that went back in time -------------------------------------------------------------------------------


@in_virtual_time
async def test_a_restored_server_gets_back_what_it_lacks_administrator_first() -> None:
    team = Team()
    team.note("anna", "vor der Sicherung")
    await team.everyone_syncs()
    backup = team.server.snapshot()
    team.note("anna", "nach der Sicherung")
    team.note("bela", "auch danach")
    await team.everyone_syncs()
    team.server.restore(backup)
    outcome = await team.sync("anna")
    assert (outcome.trouble, team.state("anna").phase) == ("waits_for_administrator", "trouble")
    assert (await team.sync("ada")).trouble == ""
    await team.everyone_syncs()
    assert team.notes("sina") == ["auch danach", "nach der Sicherung", "vor der Sicherung"]
    assert [team.devices[name].local.counts().waiting for name in team.devices] == [0] * 5


@in_virtual_time
async def test_others_send_what_a_lost_tablet_had_delivered() -> None:
    """anna's tablet is gone; her entry, lost by the server's restore, comes back from a colleague's device."""
    team = Team()
    await team.everyone_syncs()
    backup = team.server.snapshot()
    team.note("anna", "nur noch bei den anderen")
    await team.everyone_syncs()
    team.devices.pop("anna").crash()
    team.server.restore(backup)
    await team.sync("ada")
    await team.everyone_syncs()
    at_server = {stored.entry.hash for stored in team.server.feed.log}
    assert all(row.entry.hash in at_server for row in team.bela.local.disk.rows)


@in_virtual_time
async def test_only_what_lies_beyond_the_restored_heads_is_sent_again() -> None:
    team = Team()
    for number in range(30):
        team.note("anna", f"alt {number}")
    await team.everyone_syncs()
    backup = team.server.snapshot()
    team.note("anna", "neu")
    await team.everyone_syncs()
    team.server.restore(backup)
    await team.sync("ada")
    assert (await team.sync("anna")).pushed == 1


@in_virtual_time
async def test_a_database_copied_back_in_silence_is_noticed_by_its_broken_promise() -> None:
    """Nobody's cursor lies beyond the old state: only the receipts know that there was more."""
    team = Team()
    await team.everyone_syncs()
    backup = team.server.snapshot()
    team.note("anna", "schon bestätigt")
    assert (await team.sync("anna", wish=Wish(pull=False))).pushed == 2
    team.server.roll_back(backup)
    await team.sync("anna")
    await team.everyone_syncs()
    assert "receipt_broken" in team.state("anna").findings
    assert team.notes("sina") == ["schon bestätigt"]


@in_virtual_time
async def test_a_broken_promise_is_noticed_although_others_have_filled_the_numbers() -> None:
    team = Team()
    await team.everyone_syncs()
    backup = team.server.snapshot()
    team.note("anna", "schon bestätigt")
    await team.sync("anna", wish=Wish(pull=False))
    team.server.roll_back(backup)
    for number in range(4):
        team.note("olaf", f"aus dem anderen Haus {number}")
    await team.sync("olaf")
    team.note("anna", "danach")
    await team.sync("anna", wish=Wish(pull=False))
    await team.everyone_syncs()
    await team.everyone_syncs()
    assert team.notes("sina") == [
        *(f"aus dem anderen Haus {number}" for number in range(4)), "danach", "schon bestätigt",
    ]  # fmt: skip


@in_virtual_time
async def test_a_second_restore_while_the_first_is_not_over_is_noticed() -> None:
    team = Team()
    await team.everyone_syncs()
    backup = team.server.snapshot()
    team.note("anna", "zweimal verloren")
    await team.everyone_syncs()
    team.server.restore(backup)
    await team.sync("anna")  # sends again, and waits for the administrator
    team.server.restore(backup)
    await team.sync("ada")
    await team.everyone_syncs()
    assert team.notes("sina") == ["zweimal verloren"]


# -- entries that the server refuses -------------------------------------------------------------------------------


@in_virtual_time
async def test_a_profile_from_an_old_copy_goes_on_in_a_new_chain() -> None:
    """The tablet's storage was set back; what it writes now forks its own chain and is sealed again."""
    team = Team()
    team.note("anna", "eins")
    await team.sync("anna")
    copy = team.anna.local.disk.copy()
    team.note("anna", "zwei")
    await team.sync("anna")
    team.anna.crash()
    team.anna.open(copy)
    team.note("anna", "drei")
    await team.everyone_syncs()
    assert team.notes("sina") == team.notes("anna") == ["drei", "eins", "zwei"]
    assert team.anna.local.counts().waiting == 0


@in_virtual_time
async def test_an_entry_that_the_server_cannot_read_does_not_hold_up_the_others() -> None:
    """Its bytes are hashed by the server, because it has no other name for them."""
    team = Team()
    await team.everyone_syncs()
    team.note("anna", "heil")
    team.note("anna", "auch heil")
    whole = team.anna.local.waiting

    def flipped(*arguments: Any) -> Any:
        return [w if w.seq != broken else type(w)(w.seq, w.hash, w.raw[:-1]) for w in whole(*arguments)]

    broken = whole()[-1].seq
    team.anna.local.waiting = flipped  # type: ignore[method-assign]
    await team.sync("anna")
    team.anna.local.waiting = whole  # type: ignore[method-assign]
    await team.everyone_syncs()
    assert team.notes("sina") == ["auch heil", "heil"]


@in_virtual_time
async def test_a_gap_at_the_server_is_filled_from_here() -> None:
    team = Team()
    await team.everyone_syncs()
    team.note("anna", "eins")
    team.note("anna", "zwei")
    for row in team.anna.local.disk.rows[-2:]:
        del team.anna.local.disk.outbox[row.seq]  # as if they had been confirmed
    team.note("anna", "drei")
    await team.sync("anna", "sina")
    assert team.notes("sina") == ["drei", "eins", "zwei"]
