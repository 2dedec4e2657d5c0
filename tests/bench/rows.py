"""One measured figure, its comparison in the same run, and the table they make."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """``ratio`` is how many times better than ``against`` (higher is better), or value over goal where it says so."""

    name: str
    value: float
    unit: str
    against: str = ""
    ratio: float | None = None
    goal: str = ""
    met: bool | None = None

    def dump(self) -> dict[str, Any]:
        return asdict(self)


def turns(first: Callable[[], Any], second: Callable[[], Any], times: int) -> tuple[float, float]:
    """Two things measured in turns, so that noise hits both alike; the medians."""
    gc.collect()
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(times):
        for run, taken in ((first, ours), (second, theirs)):
            start = time.perf_counter()
            run()
            taken.append(time.perf_counter() - start)
    return statistics.median(ours), statistics.median(theirs)


def at_least(name: str, ours: float, theirs: float, against: str, goal: float) -> Figure:
    """Our seconds against theirs."""
    ratio = theirs / ours
    return Figure(name, ours * 1000, "ms", against, ratio, f"≥ {goal:g}×", ratio >= goal)


def beside(name: str, ours: float, theirs: float, against: str) -> Figure:
    """The same for what nothing was promised about."""
    return Figure(name, ours * 1000, "ms", against, theirs / ours)


def at_most(name: str, value: float, unit: str, goal: float, against: str = "") -> Figure:
    return Figure(name, value, unit, against, value / goal, f"≤ {goal:g}", value <= goal)


def table(figures: list[Figure]) -> str:
    rows = [("what", "value", "unit", "ratio", "goal", ""), *map(_cells, figures)]
    widths = [max(len(row[i]) for row in rows) for i in range(6)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def _cells(figure: Figure) -> tuple[str, ...]:
    value = f"{figure.value:,.3f}".rstrip("0").rstrip(".")
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    return figure.name, value, figure.unit, ratio, figure.goal, {True: "met", False: "MISSED", None: ""}[figure.met]
