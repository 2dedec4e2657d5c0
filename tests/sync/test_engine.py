"""The engine's decisions, without anything around them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goes_mobile.protocol import wire
from goes_mobile.protocol.keys import principal_id
from goes_mobile.protocol.problems import NotReachable, Refused, problem
from goes_mobile.sync import answers, checks
from goes_mobile.sync.engine import Engine
from goes_mobile.sync.failures import failed
from goes_mobile.sync.pace import FIRST_PAUSE_MS, LONGEST_PAUSE_MS, Pace, pause_ms
from goes_mobile.sync.plan import Plan
from goes_mobile.sync.round import EVERYTHING
from goes_mobile.sync.steps import (
    Backfill,
    Batch,
    CompareHeads,
    Facts,
    Finish,
    Look,
    OpenSession,
    Pull,
    Push,
    PutToken,
    Restart,
    SayHello,
    Wish,
)
from tests.simulation.local import Counts, Waiting

HERE = wire.Cursor(incarnation=b"i" * 16, number=7, hash=b"h")
FACTS = Facts(
    organisation=b"o" * 16, device=b"d" * 16, server_sign=b"s" * 32, administrator=False, ended=False, unlocked=True,
    delivery_token=f"delivery.{'00' * 16}.{'11' * 32}", token_known_to=HERE.incarnation.hex(),
    feed_known=HERE.incarnation.hex(), unseen=(), groups="g", groups_checked="g", control_stream=b"c" * 16,
    control_position=3, cursor=HERE, missing=(), outgoing=True, blobs=(), counts=Counts(1, 5, 0, 0, None, 0),
)  # fmt: skip
SESSION = wire.Session(token="t", expires_ms=1, time_ms=1)
WAITING = tuple(Waiting(seq, bytes([seq]) * 32, b"raw") for seq in range(1, 41))


def begun(engine: Engine, facts: Facts = FACTS, wish: Wish = EVERYTHING) -> Plan:
    plan = engine.begin(wish)
    assert engine.next(plan) == Look()
    engine.looked(plan, facts)
    return plan


def test_a_round_looks_opens_sends_and_fetches() -> None:
    engine = Engine()
    plan = begun(engine)
    assert engine.next(plan) == engine.next(plan) == SayHello()
    hello = wire.Hello(
        server_id=principal_id(FACTS.server_sign), server_sign=FACTS.server_sign, time_ms=5, challenge=b"c"
    )
    assert len(answers.said_hello(engine, plan, hello, 3)) == 1
    assert engine.next(plan) == OpenSession(hello.server_id, b"c")
    answers.session_opened(engine, plan, SESSION)
    push = engine.next(plan)
    assert isinstance(push, Push)
    answers.read_on(plan, push, Batch((), 0, exhausted=True))
    assert engine.next(plan) == Pull(HERE, wire.MAX_PULL_ENTRIES)
    nothing = wire.PullAnswer(entries=(), heads=(), cursor=HERE, more=False, time_ms=9)
    assert answers.pulled(engine, plan, Pull(HERE, 1000), nothing, 1) == []
    assert engine.next(plan) == Finish()
    engine.contact(plan, 100)
    assert engine.finish(plan, 100, 0.5).trouble == ""
    assert engine.state().phase == "idle"


def test_while_nothing_is_written_the_servers_time_is_kept_once_a_minute() -> None:
    engine, quiet = Engine(session=SESSION), replace(FACTS, outgoing=False)

    def kept(server_ms: int, facts: Facts = quiet) -> int:
        nothing = wire.PullAnswer(entries=(), heads=(), cursor=HERE, more=False, time_ms=server_ms)
        return len(answers.pulled(engine, begun(engine, facts), Pull(HERE, 1000), nothing, 1))

    start = 1_800_000_000_000
    assert [kept(start), kept(start + 59_000), kept(start + 60_000), kept(start + 61_000)] == [1, 0, 1, 0]
    assert kept(start + 62_000, FACTS) == 1  # what was written may carry a wrong clock's time
    assert kept(start + 63_000, replace(quiet, unlocked=False)) == 1
    assert kept(start + 63_000 - 3_600_000) == 1


def test_what_is_missing_is_filled_and_asked_for_once() -> None:
    engine = Engine(session=SESSION)
    plan = begun(engine, replace(FACTS, missing=((b"m" * 16, 4),), outgoing=False))
    plan.pull_open = False
    step = engine.next(plan)
    assert step == Backfill(b"m" * 16, 4, wire.MAX_PULL_ENTRIES)
    head = wire.Head(stream=b"m" * 16, position=4, running=b"")
    answers.backfilled(engine, plan, step, wire.BackfillAnswer(entries=(), head=head, more=False, time_ms=1), 1)
    engine.looked(plan, replace(FACTS, missing=((b"m" * 16, 4),)))
    plan.push_open = False
    assert engine.next(plan) == Finish()


def test_entries_that_the_server_has_and_does_not_give_are_told() -> None:
    engine = Engine(session=SESSION)
    plan = begun(engine)
    head = wire.Head(stream=b"m" * 16, position=9, running=b"r")
    step = Backfill(b"m" * 16, 4, 10)
    answers.backfilled(engine, plan, step, wire.BackfillAnswer(entries=(), head=head, more=False, time_ms=1), 1)
    assert engine.state().findings == ("entries_withheld",)


def test_new_groups_are_a_reason_to_compare_heads_and_a_new_feed_to_put_the_token() -> None:
    engine = Engine(session=SESSION)
    plan = begun(engine, replace(FACTS, groups="more", token_known_to="other", outgoing=False))
    plan.pull_open = False
    step = engine.next(plan)
    assert isinstance(step, PutToken)
    answers.token_put(plan)
    assert engine.next(plan) == CompareHeads()


@pytest.mark.parametrize("administrator", [True, False])
def test_after_a_restart_heads_are_compared_and_an_administrator_sends_the_control_log_first(
    administrator: bool,
) -> None:
    engine = Engine(session=SESSION)
    facts = replace(FACTS, administrator=administrator, outgoing=False)
    plan = begun(engine, facts)
    refusal = problem("feed_restarted", incarnation="ab" * 16, awaiting_control=True)
    assert failed(engine, plan, engine.next(plan), None, refusal) == []
    step = engine.next(plan)
    assert step == CompareHeads(restart=True, incarnation="ab" * 16)
    effects = answers.compared(engine, plan, step, wire.StreamsAnswer(heads=(), time_ms=1), 1)
    assert any(isinstance(effect, Restart) for effect in effects)
    assert engine.next(plan) == Look()
    engine.looked(plan, replace(facts, cursor=wire.Cursor(), feed_known="ab" * 16))
    push = engine.next(plan)
    assert isinstance(push, Push)
    assert push.control is administrator
    answers.read_on(plan, push, Batch((), 0, exhausted=True))
    if not administrator:
        pull = engine.next(plan)
        assert pull == Pull(wire.Cursor(), wire.MAX_PULL_ENTRIES)
        assert failed(engine, plan, pull, None, refusal) == []
        assert engine.finish(plan, 0, 0).trouble == "waits_for_administrator"


def test_one_entry_that_breaks_the_server_does_not_hold_up_the_others() -> None:
    """The server fails on any push that holds entry 23; all others get through."""
    engine = Engine(session=SESSION)
    plan = begun(engine, wish=Wish(pull=False))
    sent: set[int] = set()
    requests = 0
    while isinstance(step := engine.next(plan), Push):
        requests += 1
        part = [waiting for waiting in WAITING if waiting.seq > step.after][: step.max_entries]
        batch = Batch(part, part[-1].seq if part else step.after, exhausted=not part or part[-1].seq == 40)
        if any(waiting.seq == 23 for waiting in part):
            failed(engine, plan, step, batch, NotReachable("server_error", status=500))
            continue
        sent |= {waiting.seq for waiting in part}
        plan.narrow = min(plan.narrow * 8, 500) if plan.narrow else 0
        answers.read_on(plan, step, batch)
    assert sent == set(range(1, 41)) - {23}
    assert requests <= 20
    assert engine.finish(plan, 0, 0).trouble == "server_error"


def test_a_server_that_always_fails_is_not_asked_for_ever() -> None:
    engine = Engine(session=SESSION)
    plan = begun(engine, wish=Wish(pull=False))
    requests = 0
    while isinstance(step := engine.next(plan), Push):
        requests += 1
        part = [waiting for waiting in WAITING if waiting.seq > step.after][: step.max_entries]
        batch = Batch(part, part[-1].seq, exhausted=False)
        failed(engine, plan, step, batch, NotReachable("server_error", status=500))
    assert requests < 10


def test_bad_lines_get_smaller_pages_and_good_ones_larger_again() -> None:
    engine = Engine(session=SESSION)
    for _ in range(3):
        plan = begun(engine)
        failed(engine, plan, engine.next(plan), Batch(WAITING, 40, exhausted=True), NotReachable("timeout"))
    assert engine.pace.push_entries < 100
    for _ in range(10):
        engine.pace.push_worked()
        engine.pace.pull_worked()
    assert engine.pace == Pace()


def test_too_large_for_a_proxy_is_tried_smaller_until_a_single_entry_waits() -> None:
    engine = Engine(session=SESSION)
    plan = begun(engine, wish=Wish(pull=False))
    sizes = []
    for _ in range(8):
        step = engine.next(plan)
        assert isinstance(step, Push)
        part = WAITING[: step.max_entries]
        sizes.append(len(part))
        failed(engine, plan, step, Batch(part, part[-1].seq, exhausted=False), Refused("too_large", status=413))
        if len(part) == 1:
            break
    assert sizes == [40, 20, 10, 5, 2, 1]
    assert not plan.over


def test_a_reseal_that_is_refused_again_and_again_ends() -> None:
    plan = begun(Engine(session=SESSION))
    refusal = wire.Refusal(hash=WAITING[0].hash, code="signature")
    worth = [answers._worth_resealing(plan, refusal, Batch(WAITING[:1], last, exhausted=False)) for last in range(6)]
    assert worth == [True, True, True, False, False, False]
    assert plan.trouble == "entries_refused"


def test_a_suspended_device_is_told_so_and_nothing_else() -> None:
    engine = Engine(session=SESSION)
    plan = begun(engine, replace(FACTS, delivery_token=""))
    plan.bearer = engine.bearer(plan)
    failed(engine, plan, engine.next(plan), None, problem("not_allowed"))
    while isinstance(step := engine.next(plan), SayHello | OpenSession):
        if isinstance(step, SayHello):
            plan.hello = (b"x" * 16, b"c")
        else:
            failed(engine, plan, step, None, problem("not_allowed"))
    assert engine.next(plan) == Finish()
    assert engine.finish(plan, 0, 0).trouble == "not_allowed"


@given(st.integers(1, 60), st.floats(0, 1, exclude_max=True))
def test_pauses_double_up_to_a_limit_and_spread(failures: int, jitter: float) -> None:
    pause = pause_ms(failures, jitter)
    assert FIRST_PAUSE_MS // 2 <= pause <= LONGEST_PAUSE_MS
    assert pause_ms(failures, 0) <= pause <= 2 * pause_ms(failures, 0)


def test_pauses_never_get_shorter_with_more_failures() -> None:
    assert all(a <= b for a, b in pairwise(pause_ms(n, 0.3) for n in range(1, 40)))


def test_a_server_that_asks_for_patience_gets_it() -> None:
    engine = Engine(session=SESSION)
    plan = begun(engine)
    failed(engine, plan, engine.next(plan), None, NotReachable("server_down", retry_after_s=90))
    assert engine.finish(plan, 1000, 0.1).pause_ms == 90_000
    assert engine.state().next_try_ms == 91_000
    assert engine.state().phase == "offline"


PULL = Pull(HERE, 10)


def page(*numbers: int, upto: int = 9, more: bool = False, incarnation: bytes = HERE.incarnation) -> wire.PullAnswer:
    entries = tuple((number, 1, 1, b"raw") for number in numbers)
    return wire.PullAnswer(
        entries=entries, heads=(), cursor=wire.Cursor(incarnation=incarnation, number=upto), more=more, time_ms=1
    )


@pytest.mark.parametrize(
    "answer",
    [
        page(6), page(7), page(9, 8), page(8, 8), page(10), page(upto=6), page(upto=7, more=True),
        page(8, incarnation=b"j" * 16),
    ],
)  # fmt: skip
def test_a_page_that_does_not_follow_the_cursor_is_no_answer(answer: wire.PullAnswer) -> None:
    with pytest.raises(NotReachable, match="strange_answer"):
        checks.pulled(PULL, answer)


def test_pages_that_follow_are_fine() -> None:
    for answer in (page(), page(8), page(8, 9), page(9), page(upto=7), page(9, more=True)):
        checks.pulled(PULL, answer)


@pytest.mark.parametrize("positions", [(4,), (6,), (5, 7), (5, 5)])
def test_a_backfill_has_no_holes(positions: tuple[int, ...]) -> None:
    entries = tuple((9, position, 1, b"raw") for position in positions)
    head = wire.Head(stream=b"m" * 16, position=9, running=b"")
    with pytest.raises(NotReachable, match="strange_answer"):
        checks.backfilled(
            Backfill(b"m" * 16, 4, 10), wire.BackfillAnswer(entries=entries, head=head, more=True, time_ms=1)
        )


def test_a_feed_that_ends_before_a_receipt_has_gone_back_in_time() -> None:
    assert checks.receipts_kept((), PULL, page())
    assert checks.receipts_kept(((12, b"h"),), PULL, page(more=True))
    assert not checks.receipts_kept(((12, b"h"),), PULL, page())
    assert not checks.receipts_kept(((8, b"h"),), PULL, page(9))
    assert not checks.receipts_kept(((8, b"h"),), PULL, page(8))
    assert not checks.receipts_kept(((8, b"h"), (8, b"i")), PULL, page(8))
    assert checks.receipts_kept(((3, b"h"),), PULL, page(8))
