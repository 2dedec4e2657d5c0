"""The states a person understands: what the sync chip and the Synchronisation screen show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Phase = Literal["idle", "sending", "receiving", "offline", "trouble"]


@dataclass(frozen=True, slots=True)
class SyncState:
    """``trouble`` and ``findings`` are stable codes with a text each; times are ms since 1970 on this device's clock.

    ``offline``: no answer, or somebody else's (``trouble`` says which: ``captive_portal``, ``timeout``, …); it heals by
    itself. ``trouble``: the server answered, and something has to be understood (``revoked``, ``foreign_server``,
    ``waits_for_administrator``, ``too_old``, ``cannot_write``, …). What is saved stays saved in every one of them.
    """

    phase: Phase = "idle"
    waiting: int = 0
    confirmed: int = 0
    held: int = 0
    conflicts: int = 0
    last_contact_ms: int | None = None
    next_try_ms: int | None = None
    trouble: str = ""
    clock_offset_ms: int = 0
    findings: tuple[str, ...] = ()

    @property
    def saved(self) -> int:
        return self.waiting + self.confirmed
