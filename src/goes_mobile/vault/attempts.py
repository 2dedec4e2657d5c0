"""Wrong attempts back off, and turning the clock back or restarting gains nothing."""

from __future__ import annotations

from dataclasses import dataclass

FREE = 5
FIRST_PAUSE_MS = 60_000
LONGEST_PAUSE_MS = 60 * 60_000


@dataclass(frozen=True, slots=True)
class Attempts:
    """Persisted in clear: how often it failed, until when to wait, and the highest time ever seen."""

    failed: int = 0
    not_before_ms: int = 0
    highest_ms: int = 0

    def now(self, clock_ms: int) -> int:
        """Time that never runs back."""
        return max(clock_ms, self.highest_ms)

    def wait_ms(self, clock_ms: int) -> int:
        """How long to wait before the next try."""
        return max(0, self.not_before_ms - self.now(clock_ms))

    def left(self) -> int:
        """Tries left before the next pause."""
        return FREE - self.failed if self.failed < FREE else 1

    def begun(self, clock_ms: int) -> Attempts:
        """Counted *before* the PIN is checked, so that pulling the plug does not give a free try.

        While pausing, time passes by the clock only forward of what was seen; a clock set far ahead ends a pause, and
        from then on counts as seen.
        """
        now = self.now(clock_ms)
        failed = self.failed + 1
        pause = 0 if failed < FREE else min(FIRST_PAUSE_MS * 2 ** (failed - FREE), LONGEST_PAUSE_MS)
        return Attempts(failed, now + pause, now)

    def succeeded(self, clock_ms: int) -> Attempts:
        return Attempts(0, 0, self.now(clock_ms))
