"""What a failure means. Nothing is lost by any of them: what was not confirmed still waits."""

from __future__ import annotations

from goes_mobile.protocol.problems import NotReachable, Refused
from goes_mobile.sync import answers, blobs
from goes_mobile.sync.engine import MOST_SESSIONS, Engine
from goes_mobile.sync.local import FEED_KNOWN
from goes_mobile.sync.plan import Plan
from goes_mobile.sync.steps import (
    Backfill,
    Batch,
    BlobStep,
    CompareHeads,
    Effect,
    GetChunks,
    OpenSession,
    Pull,
    Push,
    PutChunks,
    Remember,
    Step,
)

LATER = ("busy", "stopping")
MOST_SKIPPED = 3


def failed(engine: Engine, plan: Plan, step: Step, batch: Batch | None, error: NotReachable | Refused) -> list[Effect]:
    """Decide what goes on after an error; rarely an effect follows."""
    if isinstance(error, NotReachable):
        return _not_reached(engine, plan, step, batch, error)
    match error.code:
        case code if isinstance(step, BlobStep) and code in blobs.ABOUT_ONE:
            blobs.refused(engine, plan, step, code)
        case "not_allowed" if isinstance(step, Backfill):
            answers.move_backfill(plan, step, None)
        case "session_expired" | "unauthorised" | "not_allowed":
            plan.doubt = plan.doubt or ("not_allowed" if error.code == "not_allowed" else "unauthorised")
            _session_ended(engine, plan, step)
        case "revoked":
            _accused(engine, plan)
        case "too_old":
            _too_old(engine, plan, step)
        case "feed_restarted":
            return _restarted(engine, plan, step, error)
        case "too_large" if isinstance(step, Push):
            _too_large(engine, plan, step, batch)
        case "malformed" if isinstance(step, Push) and batch is not None:
            _find_poison(engine, plan, step, batch, "malformed")
        case code:
            _stop(plan, code, later=code in LATER)
    plan.retry_after_ms = max(plan.retry_after_ms, int(error.facts.get("retry_after_s", 0) * 1000))
    return []


def _not_reached(engine: Engine, plan: Plan, step: Step, batch: Batch | None, error: NotReachable) -> list[Effect]:
    if error.code == "server_error" and isinstance(step, Push) and batch is not None and plan.skipped < MOST_SKIPPED:
        _find_poison(engine, plan, step, batch, error.code)
        return []
    if error.facts.get("reason") == "positions" and isinstance(step, Backfill):
        _left_out(engine, plan, step)
        return []
    if error.code == "timeout":
        if isinstance(step, Push | PutChunks | GetChunks):
            engine.pace.push_too_much()
        elif isinstance(step, Pull | Backfill):
            engine.pace.pull_too_much()
    _stop(plan, error.code, later=True)
    plan.retry_after_ms = max(plan.retry_after_ms, int(error.facts.get("retry_after_s", 0) * 1000))
    return []


def _accused(engine: Engine, plan: Plan) -> None:
    """The server says so; the control log has the proof, for which the delivery token is still good. If that is refused
    as well, nothing is asked any more."""
    engine.session = None
    if plan.farewell:
        plan.ended = True
    elif plan.accused or plan.bearer == plan.need().delivery_token:
        engine.find("revocation_unproven")
        engine.stopped = plan.trouble = "revoked"
        plan.over = True
    plan.accused = True


def _left_out(engine: Engine, plan: Plan, step: Backfill) -> None:
    """An answer with a hole. Other streams need not wait for this one; said twice, it was no stray answer."""
    gap = (step.stream, step.after)
    if gap in engine.withholding:
        engine.find("entries_withheld")
    engine.withholding.add(gap)
    answers.move_backfill(plan, step, None)


def _stop(plan: Plan, code: str, *, later: bool) -> None:
    plan.over = True
    plan.trouble = code
    plan.failed = later


def _session_ended(engine: Engine, plan: Plan, step: Step) -> None:
    """A new session, twice at most in a round; a delivery token that is unknown is put again later.

    ``not_allowed`` too: a doubled answer on a kept connection can have left us with somebody else's session.
    """
    plan.hello = None
    if isinstance(step, OpenSession):
        plan.sessions_tried += 1
        return
    if engine.session is not None:
        if engine.session.token == plan.bearer:  # else another round has opened a new one meanwhile
            engine.session = None
            plan.sessions_tried += 1
        return
    plan.token_refused = True
    plan.token_only = False


def _too_old(engine: Engine, plan: Plan, step: Step) -> None:
    """This version must be renewed before it may read; what waits is still taken."""
    plan.trouble = "too_old"
    plan.pull_open = plan.put_token = plan.compare_heads = False
    plan.backfills = []
    plan.wish = type(plan.wish)(push=plan.wish.push, pull=False)
    if isinstance(step, OpenSession):
        plan.sessions_tried = MOST_SESSIONS
        if not plan.need().delivery_token:
            plan.over = True
    elif isinstance(step, Push):
        plan.over = True


def _restarted(engine: Engine, plan: Plan, step: Step, error: Refused) -> list[Effect]:
    if isinstance(step, CompareHeads) and step.restart:
        return answers.compared(engine, plan, step, None, 0)
    incarnation = str(error.facts.get("incarnation", ""))
    if isinstance(step, Pull):
        known = plan.need().feed_known
        if not plan.restarted and (step.cursor.incarnation or (known and known != incarnation)):
            answers.feed_is_new(plan, incarnation)
        else:
            answers.wants_control(plan)
            if not known and incarnation:
                return [Remember(FEED_KNOWN, incarnation)]
    elif isinstance(step, Backfill):
        answers.move_backfill(plan, step, None)
    else:
        plan.blob_steps.clear()
        answers.wants_control(plan)
    return []


def _too_large(engine: Engine, plan: Plan, step: Push, batch: Batch | None) -> None:
    """A proxy with a smaller limit than the server's: smaller requests; a single entry that does not pass waits."""
    if batch is not None and len(batch.entries) > 1:
        engine.pace.push_too_much()
        plan.narrow = max(1, len(batch.entries) // 2)
        return
    _skip(engine, plan, step, batch, "too_large")


def _find_poison(engine: Engine, plan: Plan, step: Push, batch: Batch, code: str) -> None:
    """One entry that breaks a push must not hold up the others: narrow down to it, pass it by."""
    if len(batch.entries) > 1:
        plan.narrow = max(1, len(batch.entries) // 8)
        return
    _skip(engine, plan, step, batch, code)


def _skip(engine: Engine, plan: Plan, step: Push, batch: Batch | None, code: str) -> None:
    plan.skipped += 1
    plan.trouble = code
    if batch is None or plan.skipped >= MOST_SKIPPED:
        _stop(plan, code, later=code == "server_error")
        return
    answers.read_on(plan, step, batch)
