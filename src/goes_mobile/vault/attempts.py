"""Wrong attempts back off; turning the clock back or restarting gains nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

FREE = 5
FIRST_PAUSE_MS = 60_000
LONGEST_PAUSE_MS = 60 * 60_000


@dataclass(frozen=True, slots=True)
class Attempts:
    """Persisted in clear: how often it failed, until when to wait, and the highest time seen."""

    failed: int = 0
    not_before_ms: int = 0
    highest_ms: int = 0

    def settled(self, clock_ms: int) -> Attempts:
        """The same as this clock tells it. To be kept: where the clock was set back, the whole pause begins again, and
        then passes; a clock that once stood far ahead must not lock a person out until it gets there.
        """
        if clock_ms >= self.highest_ms:
            return self
        return Attempts(self.failed, clock_ms + max(0, self.not_before_ms - self.highest_ms), clock_ms)

    def wait_ms(self, clock_ms: int) -> int:
        """How long to wait before the next try."""
        return max(0, self.settled(clock_ms).not_before_ms - clock_ms)

    def left(self) -> int:
        """Tries left before the next pause."""
        return FREE - self.failed if self.failed < FREE else 1

    def spent(self) -> Attempts:
        """No try is left that costs no pause."""
        return replace(self, failed=max(self.failed, FREE - 1))

    def begun(self, clock_ms: int) -> Attempts:
        """Counted *before* the PIN is checked, so that pulling the plug does not give a free try."""
        failed = self.failed + 1
        pause = 0 if failed < FREE else min(FIRST_PAUSE_MS * 2 ** min(failed - FREE, 16), LONGEST_PAUSE_MS)
        return Attempts(failed, clock_ms + pause, clock_ms)

    def succeeded(self, clock_ms: int) -> Attempts:
        return Attempts(0, 0, clock_ms)
