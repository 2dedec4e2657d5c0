"""The decisions of synchronisation, without network, disk, clock or chance of their own.

A round asks :meth:`Engine.next` for a step and carries it out; what came of it is judged by :mod:`answers` and
:mod:`failures`, which answer with effects for the store. What must survive a restart lies in the store or is answered
by the server again, so the engine may be forgotten at any moment.

Order of a round: access, the control log if a restored server wants it, what waits, what is new, what is missing, and
then photos and documents.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Literal

from goes_mobile.protocol import wire
from goes_mobile.protocol.service import read_delivery_bearer
from goes_mobile.sync import blobs
from goes_mobile.sync.pace import TROUBLE_PAUSE_MS, Pace, pause_ms
from goes_mobile.sync.plan import Plan
from goes_mobile.sync.state import Phase, SyncState
from goes_mobile.sync.steps import (
    Backfill,
    CompareHeads,
    ControlComplete,
    Facts,
    Finish,
    LastWord,
    Look,
    OpenSession,
    Pull,
    Push,
    PutToken,
    SayHello,
    Step,
    Wish,
)

MOST_FINDINGS = 20
MOST_SESSIONS = 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a round came to. ``trouble`` is a code, empty if all went well; ``pause_ms``: when to try again alone;
    ``ended``: this device is revoked, has offered what waited, and is to erase itself."""

    pushed: int
    pulled: int
    reached: bool
    trouble: str
    pause_ms: int | None
    ended: bool = False


@dataclass
class Engine:
    """One profile's synchronisation: its session, its pace, what it found."""

    session: wire.Session | None = field(default=None, repr=False)
    pace: Pace = field(default_factory=Pace)
    failures: int = 0
    stopped: str = ""
    findings: tuple[str, ...] = ()
    untold: list[str] = field(default_factory=list)
    """Of these, what the store has yet to keep."""
    withholding: set[tuple[bytes, int]] = field(default_factory=set)
    """(stream, position) after which an answer to a back-fill left something out; once may be an old answer."""
    doubt: Literal["none", "open", "settled"] = "none"
    last_contact_ms: int | None = None
    time_learnt: tuple[int, bool] = (0, False)
    """The server's time when it was last kept, and whether this device was unlocked then."""
    next_try_ms: int | None = None
    facts: Facts | None = None
    phase: Phase = "idle"
    trouble: str = ""

    def begin(self, wish: Wish) -> Plan:
        return Plan(wish)

    # -- what to do next -----------------------------------------------------------------------------------------

    def next(self, plan: Plan) -> Step:
        """The next step; the same one until an answer, a failure or a look at the store has moved the plan on."""
        if plan.over or self.stopped:
            return self._last_look(plan)
        if plan.look:
            return Look()
        facts = plan.need()
        if facts.ended:
            return self._farewell(plan, facts)
        if plan.accused:
            return self._learn_why(plan, facts)
        return (
            self._access(plan, facts)
            or self._send(plan)
            or self._fetch(plan, facts)
            or blobs.next_step(self, plan, facts)
            or self._last_look(plan)
        )

    def _last_look(self, plan: Plan) -> Step:
        if plan.dirty:
            plan.dirty = False
            plan.look = True
        return Look() if plan.look and plan.facts is not None else Finish()

    def _learn_why(self, plan: Plan, facts: Facts) -> Step:
        """A device ends its work on a certified order alone: what the control log says."""
        if not self._may_speak(plan, facts):
            return self._unproven(plan)
        if (step := self._introduce(plan, facts)) is not None:
            return step
        plan.token_only = True
        if not plan.control_read:
            return Backfill(facts.control_stream, plan.control_after, self.pace.pull_limit)
        if plan.dirty:
            plan.dirty = False
            plan.look = True
            return Look()
        return self._unproven(plan)

    def _unproven(self, plan: Plan) -> Step:
        plan.over = True
        plan.trouble = "revocation_unproven"
        self.find("revocation_unproven")
        return self._last_look(plan)

    def _farewell(self, plan: Plan, facts: Facts) -> Step:
        """Proven: what waits is offered once, as late. An answer that refuses it is an answer too."""
        if not plan.farewell:
            plan.farewell = plan.token_only = plan.push_open = True
            plan.control_open = plan.control_wanted = plan.restart = False
            plan.push_after = 0
            if _token(plan, facts):
                self.session = None
        plan.trouble = "revoked"
        if not plan.ended and self._may_speak(plan, facts):
            if (step := self._introduce(plan, facts)) is not None:
                return step
            if plan.push_open:
                most = min(plan.narrow or self.pace.push_entries, self.pace.push_entries)
                return Push(plan.push_after, most, self.pace.push_bytes)
            return LastWord()
        plan.over = plan.ended = True
        return Finish()

    def _may_speak(self, plan: Plan, facts: Facts) -> bool:
        """Whether a device that is said to be revoked has a way to the server left: its delivery token, or, while it is
        open, its certificate."""
        opens = facts.unlocked and plan.sessions_tried < MOST_SESSIONS
        return _token(plan, facts) or self.session is not None or opens

    def _introduce(self, plan: Plan, facts: Facts) -> Step | None:
        """A session, if there is no token that is good."""
        if _token(plan, facts) or self.session is not None:
            return None
        return OpenSession(*plan.hello) if plan.hello else SayHello()

    def _access(self, plan: Plan, facts: Facts) -> Step | None:
        """A session; or, while locked or too old, the delivery token."""
        if self.session is not None:
            return None
        if facts.unlocked and not plan.token_only and plan.sessions_tried < MOST_SESSIONS:
            return OpenSession(*plan.hello) if plan.hello else SayHello()
        if _token(plan, facts):
            plan.token_only = True
            if facts.unlocked:  # what waits still goes out, but nothing comes in: that has to be told
                plan.trouble = plan.trouble or plan.doubt
            return None
        plan.over = True
        plan.trouble = plan.trouble or (plan.doubt or "unauthorised" if facts.unlocked else "locked")
        return self._last_look(plan)

    def bearer(self, plan: Plan) -> str:
        """Whose word the next request carries."""
        return self.session.token if self.session else plan.need().delivery_token

    def _send(self, plan: Plan) -> Step | None:
        if plan.restart:
            return CompareHeads(restart=True, incarnation=plan.restart_to)
        if plan.control_open:
            return Push(plan.push_after, self.pace.push_entries, self.pace.push_bytes, control=True)
        if plan.control_wanted:
            return ControlComplete()
        if plan.push_open and not self._reads_first(plan):
            most = min(plan.narrow or self.pace.push_entries, self.pace.push_entries)
            return Push(plan.push_after, most, self.pace.push_bytes)
        return None

    def _reads_first(self, plan: Plan) -> bool:
        """A device that has never read this feed reads before it sends: a receipt is worth something only from a feed
        whose restart would be noticed."""
        return plan.pull_open and not plan.need().feed_known and self.may_read(plan)

    def may_read(self, plan: Plan) -> bool:
        return plan.need().unlocked and not plan.token_only

    def _fetch(self, plan: Plan, facts: Facts) -> Step | None:
        if not plan.wish.pull:
            return None
        if not self.may_read(plan):  # locked: signed orders alone, by the control log
            return (
                None if plan.control_read else Backfill(facts.control_stream, plan.control_after, self.pace.pull_limit)
            )
        if plan.pull_open:
            return Pull(plan.cursor, self.pace.pull_limit, 0.0 if plan.pull_waited else plan.wish.wait_s)
        if plan.dirty:
            plan.dirty = False
            plan.look = True
            return Look()
        if plan.put_token:
            _, secret = read_delivery_bearer(facts.delivery_token) or (b"", b"")
            return PutToken(hashlib.sha256(secret).digest())
        if plan.compare_heads:
            return CompareHeads()
        if plan.backfills:
            stream, after = plan.backfills[0]
            return Backfill(stream, after, self.pace.pull_limit)
        return None

    # -- what the store said -------------------------------------------------------------------------------------

    def looked(self, plan: Plan, facts: Facts) -> None:
        """The facts, first and whenever something has changed."""
        first = plan.facts is None
        plan.facts = self.facts = facts
        plan.look = False
        if first:
            plan.push_open = plan.wish.push and facts.outgoing
            plan.pull_open = plan.wish.pull
            plan.control_after = facts.control_position
            if self.doubt == "open" and facts.unlocked:
                self.compare_again(plan)
        if first or plan.restarted_now:
            plan.restarted_now = False
            plan.cursor = facts.cursor
        incarnation = facts.cursor.incarnation.hex()
        plan.put_token = bool(facts.delivery_token and incarnation) and facts.token_known_to != incarnation
        plan.compare_heads = facts.groups not in (facts.groups_checked, plan.groups_compared)
        plan.backfills = [gap for gap in facts.missing if gap not in plan.backfills_tried]

    def find(self, code: str) -> None:
        """Remember what the server did, for the Synchronisation screen and as evidence."""
        self.untold.append(code)
        self._show(code)

    def _show(self, code: str) -> None:
        if code not in self.findings:
            self.findings = (*self.findings, code)[-MOST_FINDINGS:]

    def doubts(self, plan: Plan, code: str) -> None:
        """The store found that the server tells something else than before. If it is about a stream's history, what
        both have is compared, once: an old database brought back heals by that, a lying server is told of again."""
        self._show(code)
        if code == "running_mismatch" and self.doubt == "none":
            self.doubt = "open"
            self.compare_again(plan)

    def compare_again(self, plan: Plan) -> None:
        """As after a restore: whatever the server lacks is sent again, and the feed is read from its beginning."""
        plan.restart = True
        plan.restart_to = plan.need().feed_known

    def contact(self, plan: Plan, now_ms: int) -> None:
        """The server answered, be it with a refusal."""
        plan.reached = True
        self.last_contact_ms = now_ms

    # -- how it ends ---------------------------------------------------------------------------------------------

    def finish(self, plan: Plan, now_ms: int, jitter: float) -> Outcome:
        """The end of a round: how it went, and when to try again by itself."""
        locked = plan.trouble == "locked"
        self.trouble = self.stopped or ("" if locked else plan.trouble)
        self.phase = "offline" if plan.failed else "trouble" if self.trouble else "idle"
        pause: int | None = None
        if not self.trouble:
            self.failures = 0 if plan.reached else self.failures
        elif not self.stopped:
            self.failures += 1
            longest = {} if plan.failed else {"longest_ms": TROUBLE_PAUSE_MS}
            pause = max(pause_ms(self.failures, jitter, **longest), plan.retry_after_ms)
        self.next_try_ms = None if pause is None else now_ms + pause
        return Outcome(plan.pushed, plan.pulled, plan.reached, self.trouble or plan.trouble, pause, plan.ended)

    def state(self) -> SyncState:
        """What people see."""
        if self.facts is None:
            return SyncState(self.phase, trouble=self.trouble, next_try_ms=self.next_try_ms)
        counts = self.facts.counts
        contacts = [moment for moment in (counts.last_contact_ms, self.last_contact_ms) if moment is not None]
        return SyncState(
            self.phase, counts.waiting, counts.confirmed, counts.held, counts.conflicts, max(contacts, default=None),
            self.next_try_ms, self.trouble, counts.clock_offset_ms, self.findings,
        )  # fmt: skip


def _token(plan: Plan, facts: Facts) -> bool:
    return bool(facts.delivery_token) and not plan.token_refused
