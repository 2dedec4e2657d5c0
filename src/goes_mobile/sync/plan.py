"""One round's memory: what it has still to do, and what it has tried."""

from __future__ import annotations

from dataclasses import dataclass, field

from goes_mobile.protocol import wire
from goes_mobile.sync.steps import Facts, GetChunks, PutChunks, Wish


@dataclass
class Plan:
    """Made by :meth:`Engine.begin`, forgotten after the round; everything that must last lies in the store."""

    wish: Wish
    look: bool = True
    facts: Facts | None = None

    push_open: bool = False
    push_after: int = 0
    push_again: bool = False
    confirmed_in_pass: int = 0
    unknown_in_pass: int = 0
    gaps_tried: set[tuple[bytes, bytes, bytes, int]] = field(default_factory=set)
    refusals: dict[tuple[bytes, ...], set[int]] = field(default_factory=dict)
    newest: tuple[int, bytes] = (0, b"")  # receipt of this round: number, entry hash
    narrow: int = 0  # look for the one entry that breaks a push: at most so many at once
    skipped: int = 0

    cursor: wire.Cursor = field(default_factory=wire.Cursor)
    pull_open: bool = False
    pull_waited: bool = False
    restart: bool = False  # heads have to be compared with a restored server's
    restart_to: str = ""
    restarted: bool = False
    restarted_now: bool = False
    control_open: bool = False  # the control log goes first
    control_wanted: bool = False  # … and then its completeness is told
    control_sent: bool = False
    control_read: bool = False  # locked: the control log's new entries were asked for
    control_after: int = 0
    compare_heads: bool = False
    groups_compared: str = ""
    backfills: list[tuple[bytes, int]] = field(default_factory=list)
    backfills_tried: set[tuple[bytes, int]] = field(default_factory=set)

    blobs_asked: bool = False
    blobs_moved: bool = False  # chunks went or came since the server was asked
    blob_steps: list[PutChunks | GetChunks] = field(default_factory=list)
    blobs_tried: set[tuple[bytes, bytes]] = field(default_factory=set)  # each once a round, whatever the server says

    hello: tuple[bytes, bytes] | None = None  # server id, challenge
    put_token: bool = False
    token_only: bool = False
    token_refused: bool = False
    bearer: str = field(default="", repr=False)
    sessions_tried: int = 0
    accused: bool = False  # the server says that this device was revoked; the control log has to prove it
    farewell: bool = False  # it does: what waits is offered once
    ended: bool = False  # … and that is done
    doubt: str = ""  # why a session was given up

    time_learnt: bool = False
    dirty: bool = False
    over: bool = False
    reached: bool = False
    failed: bool = False
    trouble: str = ""
    retry_after_ms: int = 0
    pushed: int = 0
    pulled: int = 0

    def need(self) -> Facts:
        """The facts; a plan looks before it does anything else."""
        if self.facts is None:
            raise RuntimeError("a plan begins with a look")
        return self.facts
