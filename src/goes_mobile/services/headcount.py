"""How many people an encounter was with, and in which bands they count."""

from __future__ import annotations

from goes_mobile.records.encounter import Encounter
from goes_mobile.records.fields import Tally

Cells = dict[tuple[str, str], int]
UNKNOWN = ("unknown", "no_answer")


def tally(counts: Tally) -> int:
    return sum(sum(row.values()) for row in counts.values())


def present(encounter: Encounter) -> int:
    """Known people or the tally, whichever is more; a single talk is with at least one."""
    least = 1 if encounter.setting in (None, "single") else 0
    return max(least, len(encounter.people), tally(encounter.head_counts))


def cells(encounter: Encounter, known: tuple[str, str] | None = None) -> Cells:
    """The people by age band and gender. ``known``: band and gender of the one known person it is with."""
    counted: Cells = {
        (age, gender): count for age, row in encounter.head_counts.items() for gender, count in row.items() if count
    }
    missing = present(encounter) - sum(counted.values())
    if missing > 0:
        cell = known or UNKNOWN
        counted[cell] = counted.get(cell, 0) + missing
    return counted
