"""How fast is too fast: a bucket for each caller that fills again over time."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from goes_mobile.protocol.problems import problem

_REMEMBERED = 10_000


class Pace:
    """``per_s`` over time, ``at_once`` in a burst; beyond that *busy*, which a device answers with patience."""

    def __init__(self, per_s: float, at_once: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_s = per_s
        self._at_once = at_once
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def step(self, caller: str) -> None:
        now = self._clock()
        left, last = self._buckets.pop(caller, (self._at_once, now))
        left = min(self._at_once, left + (now - last) * self._per_s)
        if left < 1:
            self._buckets[caller] = (left, now)
            raise problem("busy")
        self._buckets[caller] = (left - 1, now)
        if len(self._buckets) > _REMEMBERED:
            self._buckets.popitem(last=False)
