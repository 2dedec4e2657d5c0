"""Hybrid logical clock: 48-bit milliseconds and a 16-bit counter in one integer.

It orders versions for *showing*; what replaces what is told by ``seen`` (see merge.py), so a wrong clock never
undoes an edit that knew what it replaced.
"""

from __future__ import annotations

from dataclasses import dataclass

TOLERANCE_MS = 5 * 60 * 1000
_COUNTER = 0xFFFF


def join(ms: int, counter: int = 0) -> int:
    """One HLC value from milliseconds since 1970 and a counter."""
    return (max(ms, 0) << 16) | counter


def millis(hlc: int) -> int:
    """The milliseconds of an HLC value."""
    return hlc >> 16


def effective(hlc: int, received_ms: int | None) -> int:
    """The HLC, or the server's receipt time if the HLC lies more than five minutes beyond it."""
    if received_ms is not None and millis(hlc) > received_ms + TOLERANCE_MS:
        return join(received_ms)
    return hlc


@dataclass
class HybridClock:
    """One device's clock. ``last`` is persisted by the journal (it is the highest HLC it holds of its own)."""

    last: int = 0

    def tick(self, now_ms: int) -> int:
        """The next HLC: never equal to or below one given out before."""
        now = join(now_ms)
        if now > self.last:
            self.last = now
        elif self.last & _COUNTER == _COUNTER:
            self.last = join(millis(self.last) + 1)
        else:
            self.last += 1
        return self.last

    def observe(self, hlc: int, now_ms: int) -> None:
        """Move past a foreign HLC, unless it lies in an unbelievable future."""
        if millis(hlc) <= now_ms + TOLERANCE_MS and hlc > self.last:
            self.last = hlc

    def restart(self, now_ms: int) -> None:
        """The device has learnt that its clock was wrong: go on from the true time."""
        self.last = join(now_ms)
