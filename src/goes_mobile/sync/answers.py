"""What an answer of the server means: how the plan goes on, and which effects follow in the store."""

from __future__ import annotations

from goes_mobile.protocol import wire
from goes_mobile.sync import checks
from goes_mobile.sync.engine import Engine
from goes_mobile.sync.local import FEED_KNOWN, GROUPS_CHECKED, TOKEN_KNOWN_TO
from goes_mobile.sync.plan import Plan
from goes_mobile.sync.steps import (
    Backfill,
    Batch,
    CompareHeads,
    Confirm,
    Effect,
    FillGaps,
    KeepReceipt,
    LearnTime,
    Pull,
    Push,
    PutAside,
    ReceiptsSeen,
    Receive,
    Remember,
    Restart,
)

TIME_KEPT_MS = 60_000
MOST_REFUSALS = 3  # answers in one round that refuse entries of the same stream: resealing does not help there


def said_hello(engine: Engine, plan: Plan, hello: wire.Hello, took_ms: int) -> list[Effect]:
    if not checks.is_ours(hello, plan.need().server_sign):
        plan.over = True
        plan.trouble = "foreign_server"
        return []
    plan.hello = (hello.server_id, hello.challenge)
    return _time(engine, plan, hello.time_ms, took_ms)


def session_opened(engine: Engine, plan: Plan, session: wire.Session) -> list[Effect]:
    engine.session = session
    plan.hello = None
    return []


# -- push ----------------------------------------------------------------------------------------------------------


def pushed(engine: Engine, plan: Plan, step: Push, batch: Batch, answer: wire.PushAnswer, took_ms: int) -> list[Effect]:
    """Receipts confirm, refusals are put aside, gaps are filled; what waits for something else stays waiting."""
    facts = plan.need()
    receipts = checks.receipts(facts.organisation, facts.server_sign, answer.receipts)
    refused = checks.refusals(batch.entries, answer)
    unread = checks.unread(batch.entries, answer)
    checks.pushed(batch.entries, receipts, refused, unread, answer)
    if unread:
        plan.trouble = "server_too_old"
    effects = _time(engine, plan, answer.time_ms, took_ms)
    if receipts.items:
        effects.append(Confirm(receipts, answer.receipts))
        plan.newest = max(plan.newest, *((number, entry_hash) for entry_hash, number, _, _ in receipts.items))
    if batch.exhausted and plan.newest[0]:
        effects.append(KeepReceipt(*plan.newest))
        plan.newest = (0, b"")
    sent = {waiting.hash for waiting in batch.entries}
    confirmed = sum(1 for item in receipts.items if item[0] in sent)
    plan.pushed += 0 if step.control else confirmed
    plan.confirmed_in_pass += confirmed
    plan.unknown_in_pass += len(answer.unknown)
    refusals = tuple(refusal for refusal in refused if _worth_resealing(plan, refusal, batch))
    if refusals:
        effects.append(PutAside(refusals))
    gaps = tuple(g for g in answer.gaps if (g.stream, g.device, g.run, g.n) not in plan.gaps_tried)
    if gaps:
        plan.gaps_tried.update((g.stream, g.device, g.run, g.n) for g in gaps)
        effects.append(FillGaps(gaps))
    plan.push_again = plan.push_again or bool(refusals or gaps)
    plan.dirty = plan.dirty or bool(receipts.items or refusals or gaps)
    plan.narrow = min(plan.narrow * 8, wire.MAX_PUSH_ENTRIES) if plan.narrow else 0
    engine.pace.push_worked()
    read_on(plan, step, batch)
    return effects


def read_on(plan: Plan, step: Push, batch: Batch) -> None:
    """Move past what was sent; at the end of a pass begin another one only if something has changed for it."""
    plan.push_after = batch.last
    if not batch.exhausted:
        return
    again = plan.push_again or (plan.unknown_in_pass > 0 and plan.confirmed_in_pass > 0)
    plan.push_after = plan.confirmed_in_pass = plan.unknown_in_pass = 0
    plan.push_again = False
    if step.control:  # it was sent whole: a second pass would tell the server nothing new
        plan.control_open = False
        plan.control_wanted = True
    else:
        plan.push_open = again


def _worth_resealing(plan: Plan, refusal: wire.Refusal, batch: Batch) -> bool:
    """A reseal that is refused again and again would fill the journal: that stream's work waits for a person."""
    chain = next((checks.chain(w)[:2] for w in batch.entries if w.hash == refusal.hash), ())
    answers = plan.refusals.setdefault(chain, set())
    answers.add(batch.last)
    if len(answers) <= MOST_REFUSALS:
        return True
    plan.trouble = "entries_refused"
    return False


# -- a restored server ---------------------------------------------------------------------------------------------


def feed_is_new(plan: Plan, incarnation: str) -> None:
    """The server was restored: compare heads, once for each incarnation."""
    plan.restart = True
    plan.restart_to = incarnation


def wants_control(plan: Plan) -> None:
    """The restarted feed serves nothing until an administrator's device has sent the control log again."""
    if plan.need().administrator and not plan.control_sent:
        plan.control_open = True
        plan.push_after = 0
    else:
        plan.pull_open = False
        plan.trouble = "waits_for_administrator"


def control_completed(plan: Plan) -> list[Effect]:
    plan.control_wanted = False
    plan.control_sent = True
    return []


def compared(engine: Engine, plan: Plan, step: CompareHeads, answer: wire.StreamsAnswer | None,
             took_ms: int) -> list[Effect]:  # fmt: skip
    """``None``: a restored server that does not even tell its heads; then everything is sent again."""
    effects = _time(engine, plan, answer.time_ms, took_ms) if answer else []
    heads = answer.heads if answer else ()
    if not step.restart:
        plan.groups_compared = plan.need().groups
        plan.compare_heads = False
        plan.dirty = True
        return [*effects, Receive((), heads, None), Remember(GROUPS_CHECKED, plan.groups_compared)]
    plan.restart = False
    if engine.doubt == "open":
        engine.doubt = "settled"
    plan.restarted = plan.restarted_now = plan.look = True
    plan.push_after = 0
    plan.push_open = True
    plan.control_open = plan.need().administrator
    plan.gaps_tried.clear()
    return [*effects, Restart(heads), Remember(FEED_KNOWN, step.incarnation)]


# -- what is new and what is missing -------------------------------------------------------------------------------


def pulled(engine: Engine, plan: Plan, step: Pull, answer: wire.PullAnswer, took_ms: int) -> list[Effect]:
    checks.pulled(step, answer)
    known, incarnation = plan.need().feed_known, answer.cursor.incarnation.hex()
    if known and known != incarnation:  # restored while this device had no place in the feed
        feed_is_new(plan, incarnation)
        return []
    unseen = plan.need().unseen
    if not checks.receipts_kept(
        unseen, step, answer
    ):  # the server went back in time and does not know it: what it signed for is no longer there
        engine.find("receipt_broken")
        feed_is_new(plan, incarnation)
        return []
    plan.pull_waited = True
    plan.pull_open = answer.more
    plan.pulled += len(answer.entries)
    plan.cursor = answer.cursor
    effects = [] if step.wait_s else _time(engine, plan, answer.time_ms, took_ms)
    if any(number <= answer.cursor.number for number, _ in unseen):
        effects.append(ReceiptsSeen(answer.cursor.number))
    if not known:
        effects.append(Remember(FEED_KNOWN, incarnation))
    if answer.entries or answer.cursor != step.cursor:
        effects.append(Receive(answer.entries, answer.heads, answer.cursor))
    plan.dirty = plan.dirty or bool(answer.entries) or not step.cursor.incarnation
    engine.pace.pull_worked()
    return effects


def backfilled(engine: Engine, plan: Plan, step: Backfill, answer: wire.BackfillAnswer, took_ms: int) -> list[Effect]:
    checks.backfilled(step, answer)
    effects = _time(engine, plan, answer.time_ms, took_ms)
    reached = answer.entries[-1][1] if answer.entries else step.after
    if reached < answer.head.position and not answer.more:
        engine.find("entries_withheld")
    plan.pulled += len(answer.entries)
    move_backfill(plan, step, reached if answer.more else None)
    if answer.entries:
        effects.append(Receive(answer.entries, (answer.head,), None))
        plan.dirty = True
    return effects


def move_backfill(plan: Plan, step: Backfill, after: int | None) -> None:
    """Go on with this stream after that position, or be done with it."""
    if plan.token_only or not plan.need().unlocked:
        plan.control_read = after is None
        plan.control_after = step.after if after is None else after
        return
    plan.backfills_tried.add((step.stream, step.after))
    plan.backfills = [gap for gap in plan.backfills if gap[0] != step.stream]
    if after is not None:
        plan.backfills.insert(0, (step.stream, after))


def token_put(plan: Plan) -> list[Effect]:
    plan.put_token = False
    return [Remember(TOKEN_KNOWN_TO, plan.need().cursor.incarnation.hex())]


def _time(engine: Engine, plan: Plan, server_ms: int, took_ms: int) -> list[Effect]:
    """Once a round, from an answer that did not wait for anything; while nothing new was written, once a minute."""
    if plan.time_learnt:
        return []
    plan.time_learnt = True
    facts, (kept_ms, unlocked) = plan.need(), engine.time_learnt
    if not facts.outgoing and facts.unlocked == unlocked and 0 <= server_ms - kept_ms < TIME_KEPT_MS:
        return []
    engine.time_learnt = (server_ms, facts.unlocked)
    return [LearnTime(server_ms, took_ms)]
