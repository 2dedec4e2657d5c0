"""One round of synchronisation: carries out the engine's steps against the store and the server.

Where it helps, two things go on at once: while one page is verified and appended in the store's lane, the next is
already on its way; while one push is at the server, the next is read and the last one's receipts are kept. At most one
page waits to be applied, and what was not applied is asked for again, so an interruption anywhere costs nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from goes_mobile.protocol import wire
from goes_mobile.protocol.problems import GoesError, NotReachable, Refused
from goes_mobile.protocol.service import Service
from goes_mobile.sync import answers, blobs, checks
from goes_mobile.sync.engine import Engine, Outcome
from goes_mobile.sync.failures import failed
from goes_mobile.sync.lane import apply, look, read, session_request
from goes_mobile.sync.local import Lane, Local
from goes_mobile.sync.plan import Plan
from goes_mobile.sync.remote import Remote
from goes_mobile.sync.state import SyncState
from goes_mobile.sync.steps import (
    AskBlobs,
    Backfill,
    Batch,
    BlobStep,
    CompareHeads,
    ControlComplete,
    Effect,
    Finish,
    GetChunks,
    LastWord,
    Look,
    OpenSession,
    Pull,
    Push,
    PutChunks,
    PutToken,
    SayHello,
    Step,
    Wish,
)


@dataclass(frozen=True, slots=True)
class Outside:
    """What a round takes from the world: the device's clock (ms since 1970; it may be wrong), a clock that never jumps
    (ms), and chance in [0, 1)."""

    now_ms: Callable[[], int]
    ticks_ms: Callable[[], int]
    chance: Callable[[], float]


EVERYTHING = Wish()


class Round:
    """Runs rounds of one profile with one server. ``watch`` is told every new state that people see."""

    def __init__(self, engine: Engine, local: Local, remote: Remote, ask: Lane, outside: Outside,
                 watch: Callable[[SyncState], None] | None = None) -> None:  # fmt: skip
        self.engine = engine
        self._local = local
        self._remote = remote
        self._ask = ask
        self._outside = outside
        self._watch = watch
        self._shown: SyncState | None = None

    async def run(self, wish: Wish = EVERYTHING) -> Outcome:
        """One round; never raises for the network or the server. Disk errors end it and are told in the outcome."""
        engine = self.engine
        plan = engine.begin(wish)
        work = _Work(self, plan)
        try:
            while not isinstance(step := engine.next(plan), Finish):
                if not _follows(step, work.last):
                    await work.settle()
                    step = engine.next(plan)
                self._show(step, plan)
                await work.do(step)
            await work.settle()
            while engine.untold:
                await self._ask(self._local.noticed, engine.untold[0])
                engine.untold.pop(0)
        except GoesError as error:  # the store's: full disk, locked meanwhile
            plan.over = True
            plan.trouble = error.code
            with contextlib.suppress(GoesError):
                engine.looked(plan, await self._ask(look, self._local))
        finally:
            await work.stop()
        outcome = engine.finish(plan, self._outside.now_ms(), self._outside.chance())
        self._show(Finish(), plan)
        return outcome

    async def recount(self) -> None:
        """Something was saved: how much waits is told at once, however far away the next try is."""
        counts = await self._ask(self._local.counts)
        if self.engine.facts is not None:
            self.engine.facts = replace(self.engine.facts, counts=counts)
            self._tell()

    async def service(self) -> Service:
        """The server with this device's session, for what is no part of a round; raises what the network raises."""
        if self.engine.session is None:
            hello = await self._remote.hello()
            if not checks.is_ours(hello, self._local.identity.server_sign):
                raise NotReachable("foreign_server")
            request = await self._ask(session_request, self._local, hello.server_id, hello.challenge)
            self.engine.session = await self._remote.open_session(request)
        return self._remote.session(self.engine.session.token)

    def _show(self, step: Step, plan: Plan) -> None:
        if isinstance(step, Push | PutChunks):
            self.engine.phase = "sending"
        elif isinstance(step, GetChunks) or (isinstance(step, Pull | Backfill) and plan.pulled):
            self.engine.phase = "receiving"
        self._tell()

    def _tell(self) -> None:
        state = self.engine.state()
        if self._watch is not None and state != self._shown:
            self._shown = state
            self._watch(state)


class _Work:
    """What is under way in one round: at most one application of effects, and one batch read ahead."""

    def __init__(self, around: Round, plan: Plan) -> None:
        self._round = around
        self._engine = around.engine
        self._local = around._local
        self._remote = around._remote
        self._ask = around._ask
        self._outside = around._outside
        self._plan = plan
        self._applying: asyncio.Task[None] | None = None
        self._ahead: tuple[int, asyncio.Task[Batch]] | None = None
        self.last: Step | None = None

    async def do(self, step: Step) -> None:
        """One step: ask, hear, and begin to apply what follows from it."""
        batch = None
        self.last = step
        if isinstance(step, Look):
            self._engine.looked(self._plan, await self._ask(look, self._local))
            return
        if isinstance(step, Push):
            batch = await self._read(step)
            if not batch.entries:
                answers.read_on(self._plan, step, batch)
                return
        begun = self._outside.ticks_ms()
        try:
            effects = await self._converse(step, batch, begun)
            self._engine.contact(self._plan, self._outside.now_ms())
        except (NotReachable, Refused) as error:
            if isinstance(error, Refused):
                self._engine.contact(self._plan, self._outside.now_ms())
            effects = failed(self._engine, self._plan, step, batch, error)
        await self.settle()
        if effects:
            self._applying = asyncio.ensure_future(self._apply(effects))

    async def _converse(self, step: Step, batch: Batch | None, begun: int) -> list[Effect]:
        """One request and what its answer means."""
        engine, plan, remote = self._engine, self._plan, self._remote

        def took() -> int:
            return self._outside.ticks_ms() - begun

        match step:
            case SayHello():
                return answers.said_hello(engine, plan, await remote.hello(), took())
            case OpenSession():
                request = await self._ask(session_request, self._local, step.server_id, step.challenge)
                return answers.session_opened(engine, plan, await remote.open_session(request))
        plan.bearer = engine.bearer(plan)
        service = remote.session(plan.bearer)
        match step:
            case Push() if batch is not None:
                self._read_ahead(step, batch)
                sent = wire.PushRequest(entries=tuple(waiting.raw for waiting in batch.entries))
                return answers.pushed(engine, plan, step, batch, await service.push(sent), took())
            case ControlComplete():
                await service.push(wire.PushRequest(entries=(), control_complete=True))
                return answers.control_completed(plan)
            case Pull():
                pull = wire.PullRequest(cursor=step.cursor, limit=step.limit, wait_s=step.wait_s)
                return answers.pulled(engine, plan, step, await service.pull(pull), took())
            case Backfill():
                fill = wire.BackfillRequest(stream=step.stream, after=step.after, limit=step.limit)
                return answers.backfilled(engine, plan, step, await service.backfill(fill), took())
            case CompareHeads():
                return answers.compared(engine, plan, step, await service.streams(), took())
            case LastWord():
                await service.push(wire.PushRequest(entries=()))
                plan.ended = True
                return []
            case AskBlobs() | PutChunks() | GetChunks():
                return await self._carry(step, service)
            case PutToken():
                await service.put_delivery_token(wire.DeliveryToken(hash=step.hash))
                return answers.token_put(plan)
        raise AssertionError(f"no step of a conversation: {type(step).__name__}")

    async def _carry(self, step: BlobStep, service: Service) -> list[Effect]:
        """Photos and documents: what is there, chunks out, chunks in."""
        plan = self._plan
        match step:
            case AskBlobs():
                return blobs.told(self._engine, plan, step, await service.ask_blobs(blobs.question(step)))
            case PutChunks():
                chunks = await self._ask(self._local.blobs.chunks, step.blob.id, step.numbers)
                parcel = blobs.parcel(step, chunks)
                await service.put_chunks(parcel)
                return blobs.put(plan, step, parcel)
            case GetChunks():
                wanted = wire.ChunksGet(stream=step.blob.stream, blob=step.blob.id, chunks=step.numbers)
                return blobs.got(plan, step, await service.get_chunks(wanted))

    # -- reading ahead ---------------------------------------------------------------------------------------------

    async def _read(self, step: Push) -> Batch:
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            after, task = ahead
            if after == step.after and not step.control:
                return await task
            await _drop(task)
        await self.settle()
        return await self._ask(read, self._local, step)

    def _read_ahead(self, step: Push, batch: Batch) -> None:
        if batch.exhausted or step.control or self._plan.narrow:
            return
        following = Push(batch.last, step.max_entries, step.max_bytes)
        self._ahead = (batch.last, asyncio.ensure_future(self._ask(read, self._local, following)))

    # -- applying --------------------------------------------------------------------------------------------------

    async def _apply(self, effects: Sequence[Effect]) -> None:
        for received in await self._ask(apply, self._local, effects):
            for finding in received.findings:
                self._engine.doubts(self._plan, finding.code)

    async def settle(self) -> None:
        """Wait for what is being applied; its error is the round's."""
        if self._applying is not None:
            task, self._applying = self._applying, None
            await task

    async def stop(self) -> None:
        """Nothing goes on after the round, however it ended."""
        for task in (self._applying, self._ahead[1] if self._ahead else None):
            if task is not None:
                await _drop(task)
        self._applying = self._ahead = None


def _follows(step: Step, last: Step | None) -> bool:
    """Whether a step can be begun before the last one's effects are applied: the next page, the next batch."""
    if isinstance(step, Push) and isinstance(last, Push):
        return step.after > last.after and not step.control
    if isinstance(step, Pull):
        return isinstance(last, Pull) and bool(last.cursor.incarnation)
    return isinstance(step, Backfill) and isinstance(last, Backfill) and step.stream == last.stream


async def _drop(task: asyncio.Task[Any]) -> None:
    """Cancel and wait; whatever it came to is asked for again."""
    task.cancel()
    await asyncio.wait({task})
    if not task.cancelled():
        task.exception()
