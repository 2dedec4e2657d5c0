"""An attacker on published tables: every way in which the hidden numbers could be, found by trying."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from goes_mobile.services.suppression import Hidden, Key, Sum

Seen = dict[Key, range]


def possible(
    key: Key, values: Mapping[Key, int], sums: Sequence[Sum], state: Mapping[Key, Hidden], threshold: int, most: int
) -> set[int]:
    """Two different values that ``key`` may have for somebody who sees only what is shown (or the only one)."""
    ranges = {k: _range(values[k], state[k], threshold, most) for k in values}
    found: set[int] = set()
    for wanted in ranges[key]:
        if next(_solutions({**ranges, key: range(wanted, wanted + 1)}, sums), None) is not None:
            found.add(wanted)
        if len(found) > 1:
            break
    return found


def _range(value: int, hidden: Hidden, threshold: int, most: int) -> range:
    if hidden == "small":
        return range(1, threshold)
    return range(1, most + 1) if hidden else range(value, value + 1)


def _solutions(ranges: Seen, sums: Sequence[Sum]) -> Iterator[Seen]:
    """Depth first, with bounds: what remains possible after fixing one number after the other."""
    narrowed = _narrow(dict(ranges), sums)
    if narrowed is None:
        return
    open_keys = [key for key, numbers in narrowed.items() if len(numbers) > 1]
    if not open_keys:
        yield narrowed
        return
    key = min(open_keys, key=lambda k: (len(narrowed[k]), repr(k)))
    for number in narrowed[key]:
        yield from _solutions({**narrowed, key: range(number, number + 1)}, sums)


def _narrow(ranges: Seen, sums: Sequence[Sum]) -> Seen | None:
    changed = True
    while changed:
        changed = False
        for equation in sums:
            for key, low, high in _bounds(ranges, equation):
                old = ranges[key]
                new = range(max(old.start, low), min(old.stop, high + 1))
                if len(new) == 0:
                    return None
                if new != old:
                    ranges[key] = new
                    changed = True
    return ranges


def _bounds(ranges: Seen, equation: Sum) -> Iterator[tuple[Key, int, int]]:
    lows = sum(ranges[part].start for part in equation.parts)
    highs = sum(ranges[part].stop - 1 for part in equation.parts)
    total = ranges[equation.total]
    yield equation.total, lows, highs
    for part in equation.parts:
        others_low, others_high = lows - ranges[part].start, highs - (ranges[part].stop - 1)
        yield part, total.start - others_high, total.stop - 1 - others_low
