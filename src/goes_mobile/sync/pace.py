"""How much at once, and how soon again: sizes that shrink on bad lines, pauses that grow with failures."""

from __future__ import annotations

from dataclasses import dataclass

from goes_mobile.protocol import wire

FIRST_PAUSE_MS = 2_000
LONGEST_PAUSE_MS = 5 * 60_000
TROUBLE_PAUSE_MS = 15 * 60_000
LEAST_ENTRIES = 8
LEAST_BYTES = 16 * 1024


def pause_ms(failures: int, jitter: float, longest_ms: int = LONGEST_PAUSE_MS) -> int:
    """The pause after so many failures in a row: doubles, capped, its upper half spread by ``jitter`` in [0, 1)."""
    full: int = min(longest_ms, FIRST_PAUSE_MS << min(max(failures - 1, 0), 20))
    return full // 2 + int(full // 2 * jitter)


@dataclass
class Pace:
    """Request sizes. A timeout halves them (a page must get through the line there is), success doubles them again."""

    push_entries: int = wire.MAX_PUSH_ENTRIES
    push_bytes: int = wire.MAX_PUSH_BYTES
    pull_limit: int = wire.MAX_PULL_ENTRIES

    def push_worked(self) -> None:
        self.push_entries = min(wire.MAX_PUSH_ENTRIES, self.push_entries * 2)
        self.push_bytes = min(wire.MAX_PUSH_BYTES, self.push_bytes * 2)

    def push_too_much(self) -> None:
        self.push_entries = max(LEAST_ENTRIES, self.push_entries // 2)
        self.push_bytes = max(LEAST_BYTES, self.push_bytes // 2)

    def pull_worked(self) -> None:
        self.pull_limit = min(wire.MAX_PULL_ENTRIES, self.pull_limit * 2)

    def pull_too_much(self) -> None:
        self.pull_limit = max(LEAST_ENTRIES, self.pull_limit // 2)
