"""Hiding small numbers so that nobody can be recognised, and so that nothing hidden can be computed back.

All published numbers and the sums that tie them together are one system of equations (a total is the sum of its parts;
a headline figure is one of the numbers). First every count from 1 to below the threshold is hidden and said to be
small. Then an attacker is played who knows the equations, what is shown and what is said to be small: as long as they
can pin down a small number exactly, one more number is hidden beside it, without saying whether it is small.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Key = Hashable
Hidden = Literal["", "small", "beside"]
Ranges = dict[Key, tuple[int, int]]
_NO_LIMIT = 10**9
_PATIENCE = 3000
"""Steps of the attacker; who gives up counts as successful, so that one more number is hidden."""


@dataclass(frozen=True, slots=True)
class Sum:
    """``total`` is the sum of ``parts``; everybody knows that."""

    total: Key
    parts: tuple[Key, ...]

    @property
    def members(self) -> tuple[Key, ...]:
        return (self.total, *self.parts)


def hide(values: Mapping[Key, int], sums: Sequence[Sum], threshold: int) -> dict[Key, Hidden]:
    """For every number whether it is shown (``""``), small, or hidden beside a small one."""
    state: dict[Key, Hidden] = {key: "small" if 0 < value < threshold else "" for key, value in values.items()}
    for key in [key for key, hidden in state.items() if hidden]:
        # Hiding more never tells more, so a number that is safe stays safe.
        while state[key] == "small" and _pinned(key, values, sums, threshold, state):
            neighbour = _neighbour(key, values, sums, state) or _telling(key, sums, state)
            if neighbour is None:
                break
            state[neighbour] = "beside"
    return state


def _neighbour(pinned: Key, values: Mapping[Key, int], sums: Sequence[Sum], state: Mapping[Key, Hidden]) -> Key | None:
    """The number that costs least to hide: the smallest shown part beside it, then any shown number tied to it."""
    parts = [key for equation in sums if pinned in equation.parts for key in equation.parts]
    for group in (parts, _tied(pinned, sums, state), values):
        shown = [key for key in group if state[key] == "" and values[key] > 0]
        if shown:
            return min(shown, key=lambda key: (values[key], repr(key)))
    return None


def _telling(pinned: Key, sums: Sequence[Sum], state: Mapping[Key, Hidden]) -> Key | None:
    """Where all is hidden, a total that is said to be small still tells about its parts: it is no longer said."""
    totals = [equation.total for equation in sums if state[equation.total] == "small" and equation.total != pinned]
    return totals[-1] if totals else None


def _tied(start: Key, sums: Sequence[Sum], state: Mapping[Key, Hidden]) -> list[Key]:
    """Shown numbers in equations that reach ``start`` through hidden numbers."""
    return [key for equation in _around(start, sums, state) for key in equation.members if not state[key]]


def _around(start: Key, sums: Sequence[Sum], state: Mapping[Key, Hidden]) -> list[Sum]:
    """The equations that can tell something about a number."""
    reached, chosen = {start}, []
    waiting = list(sums)
    grew = True
    while grew:
        grew = False
        for equation in list(waiting):
            if not reached.isdisjoint(equation.members):
                waiting.remove(equation)
                chosen.append(equation)
                reached.update(key for key in equation.members if state[key])
                grew = True
    return chosen


# -- the attacker --------------------------------------------------------------------------------------------------


def _pinned(
    key: Key, values: Mapping[Key, int], sums: Sequence[Sum], threshold: int, state: Mapping[Key, Hidden]
) -> bool:
    """Whether no other value of this number agrees with all that is known."""
    if threshold <= 2:
        return False  # „<2“ says 1 by itself
    around = _around(key, sums, state)
    ranges = {k: _range(values[k], state[k], threshold) for equation in around for k in equation.members}
    ranges.setdefault(key, _range(values[key], state[key], threshold))
    steps = iter(range(_PATIENCE))
    for other in sorted(range(1, threshold), key=lambda number: abs(number - values[key])):
        if other != values[key] and _agrees({**ranges, key: (other, other)}, around, values, steps):
            return False
    return True


def _range(value: int, hidden: Hidden, threshold: int) -> tuple[int, int]:
    if not hidden:
        return (value, value)
    return (1, threshold - 1 if hidden == "small" else _NO_LIMIT)


def _agrees(ranges: Ranges, sums: Sequence[Sum], values: Mapping[Key, int], steps: Iterator[int]) -> bool:
    """Whether numbers within these ranges satisfy all equations: tries those next to the truth first."""
    if next(steps, None) is None or not _narrow(ranges, sums):
        return False
    unknown = [key for key, (low, high) in ranges.items() if low < high]
    if not unknown:
        return True
    key = min(unknown, key=lambda k: ranges[k][1] - ranges[k][0])
    low, high = ranges[key]
    near = min(max(values[key], low), high)
    for distance in range(max(high - near, near - low) + 1):
        for number in dict.fromkeys((near + distance, near - distance)):
            if low <= number <= high and _agrees({**ranges, key: (number, number)}, sums, values, steps):
                return True
        if distance > _PATIENCE:
            break
    return False


def _narrow(ranges: Ranges, sums: Sequence[Sum]) -> bool:
    """Interval arithmetic in place until nothing changes; ``False`` if nothing is possible."""
    changed = True
    while changed:
        changed = False
        for equation in sums:
            lows = sum(ranges[part][0] for part in equation.parts)
            highs = sum(ranges[part][1] for part in equation.parts)
            low, high = ranges[equation.total]
            bounds = [(equation.total, lows, highs)]
            bounds += [(p, low - highs + ranges[p][1], high - lows + ranges[p][0]) for p in equation.parts]
            for key, least, most in bounds:
                old = ranges[key]
                new = (max(old[0], least), min(old[1], most))
                if new[0] > new[1]:
                    return False
                if new != old:
                    ranges[key] = new
                    changed = True
    return True
