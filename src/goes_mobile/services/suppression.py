"""Hiding small numbers so that nobody can be recognised, and so that nothing hidden can be computed back.

All published numbers and the sums that tie them together are one system of equations (a total is the sum of its parts;
a headline figure is one of the numbers). First every count from 1 to below the threshold is hidden. Then an attacker is
played who knows the equations, which numbers are small and which were only hidden beside them: as long as they can pin
down a small number exactly, one more neighbour is hidden.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Key = Hashable
Hidden = Literal["", "small", "beside"]
_NO_LIMIT = 10**9


@dataclass(frozen=True, slots=True)
class Sum:
    """``total`` is the sum of ``parts``; everybody knows that."""

    total: Key
    parts: tuple[Key, ...]


def hide(values: Mapping[Key, int], sums: Sequence[Sum], threshold: int) -> dict[Key, Hidden]:
    """For every number whether it is shown (``""``), small, or hidden beside a small one."""
    state: dict[Key, Hidden] = {key: "small" if 0 < value < threshold else "" for key, value in values.items()}
    while pinned := _pinned(values, sums, threshold, state):
        neighbour = _neighbour(pinned, values, sums, state)
        if neighbour is None:
            break
        state[neighbour] = "beside"
    return state


def _pinned(values: Mapping[Key, int], sums: Sequence[Sum], threshold: int, state: Mapping[Key, Hidden]) -> Key | None:
    """A small number that an attacker could compute."""
    small = [key for key, hidden in state.items() if hidden == "small"]
    if not small:
        return None
    exact = _solvable(sums, state)
    low, high = _bounds(values, sums, threshold, state)
    return next((key for key in small if key in exact or (low[key] == high[key] and threshold > 2)), None)


def _neighbour(pinned: Key, values: Mapping[Key, int], sums: Sequence[Sum], state: Mapping[Key, Hidden]) -> Key | None:
    """The number that costs least to hide: the smallest shown part beside it, then any shown number tied to it."""
    near = _tied({pinned}, sums, state)
    parts = [key for equation in sums if pinned in equation.parts for key in equation.parts]
    for group in (parts, near, [key for key in values if state[key] == ""]):
        shown = [key for key in group if key in values and state[key] == "" and values[key] > 0]
        if shown:
            return min(shown, key=lambda key: (values[key], repr(key)))
    return None


def _tied(start: set[Key], sums: Sequence[Sum], state: Mapping[Key, Hidden]) -> list[Key]:
    """Shown numbers in equations that reach ``start`` through hidden numbers."""
    reached, found = set(start), []
    grew = True
    while grew:
        grew = False
        for equation in sums:
            members = (equation.total, *equation.parts)
            if reached.isdisjoint(members):
                continue
            for key in members:
                if state[key] == "":
                    found.append(key)
                elif key not in reached:
                    reached.add(key)
                    grew = True
    return found


def _solvable(sums: Sequence[Sum], state: Mapping[Key, Hidden]) -> set[Key]:
    """Hidden numbers that the equations alone determine (Gaussian elimination, exact)."""
    unknown = sorted((key for key, hidden in state.items() if hidden), key=repr)
    column = {key: n for n, key in enumerate(unknown)}
    rows: list[list[Fraction]] = []
    for equation in sums:
        row = [Fraction(0)] * len(unknown)
        for key, sign in ((equation.total, -1), *((part, 1) for part in equation.parts)):
            if key in column:
                row[column[key]] += sign
        if any(row):
            rows.append(row)
    _reduce(rows, len(unknown))
    return {unknown[places[0]] for row in rows if len(places := [n for n, factor in enumerate(row) if factor]) == 1}


def _reduce(rows: list[list[Fraction]], columns: int) -> None:
    """Reduced row echelon form, in place."""
    top = 0
    for column in range(columns):
        pivot = next((r for r in range(top, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[top], rows[pivot] = rows[pivot], rows[top]
        head = rows[top]
        factor = head[column]
        rows[top] = head = [value / factor for value in head]
        for r, row in enumerate(rows):
            if r != top and row[column]:
                by = row[column]
                rows[r] = [value - by * other for value, other in zip(row, head, strict=True)]
        top += 1


def _bounds(
    values: Mapping[Key, int], sums: Sequence[Sum], threshold: int, state: Mapping[Key, Hidden]
) -> tuple[dict[Key, int], dict[Key, int]]:
    """Between what and what each number must lie, for somebody who sees only what is shown."""
    low: dict[Key, int] = {}
    high: dict[Key, int] = {}
    for key, value in values.items():
        hidden = state[key]
        low[key] = value if not hidden else 1 if hidden == "small" else threshold
        high[key] = value if not hidden else threshold - 1 if hidden == "small" else _NO_LIMIT
    for _ in range(100):
        narrowed = [_narrow(equation, low, high) for equation in sums]
        if not any(narrowed):
            break
    return low, high


def _narrow(equation: Sum, low: dict[Key, int], high: dict[Key, int]) -> bool:
    """Interval arithmetic on one equation; whether anything became narrower."""
    before = [(low[key], high[key]) for key in (equation.total, *equation.parts)]
    lows, highs = sum(low[key] for key in equation.parts), sum(high[key] for key in equation.parts)
    total = equation.total
    low[total], high[total] = max(low[total], lows), min(high[total], highs)
    for part in equation.parts:
        others_low, others_high = lows - low[part], highs - high[part]
        low[part] = max(low[part], low[total] - others_high)
        high[part] = min(high[part], high[total] - others_low)
    return before != [(low[key], high[key]) for key in (equation.total, *equation.parts)]


def check(values: Mapping[Key, int], sums: Iterable[Sum]) -> bool:
    """Whether the equations hold at all; a report that says otherwise would be wrong."""
    return all(values[equation.total] == sum(values[part] for part in equation.parts) for equation in sums)
