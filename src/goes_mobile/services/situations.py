"""Situations: the newest one counts; what the older ones said otherwise is the story of each field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from goes_mobile.records import registry
from goes_mobile.records.situation import Situation
from goes_mobile.services import filed
from goes_mobile.services.desk import Desk
from goes_mobile.services.names import say


class Turn(NamedTuple):
    """From this day on it was so; empty where nothing was said any more."""

    day: date
    words: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One field as it stands. ``story``: every turn, the newest (what is now) first."""

    name: str
    words: str = field(repr=False)
    story: list[Turn] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SituationView:
    """``earlier``: how many older snapshots there are."""

    id: str
    day: date
    standings: list[Standing]
    earlier: int


def of_person(desk: Desk, person: str) -> SituationView | None:
    """What counts now, and how it came to that; ``None`` if nothing was ever noted."""
    found: list[Situation] = sorted(filed.records(desk, "situation", person), key=lambda s: (s.on, s.id))
    if not found:
        return None
    names = [info.name for info in registry.kind("situation").form if info.name not in ("on", "note")]
    standings = [standing for name in names if (standing := _standing(desk, name, found)) is not None]
    return SituationView(found[-1].id, found[-1].on, standings, len(found) - 1)


def _standing(desk: Desk, name: str, found: Sequence[Situation]) -> Standing | None:
    said = [Turn(one.on, say(desk, "situation", name, getattr(one, name))) for one in found]
    turns = [there for here, there in pairwise([Turn(found[0].on, ""), *said]) if here.words != there.words]
    if not turns:
        return None
    return Standing(name, turns[-1].words, turns[::-1])


def begins(desk: Desk, person: str) -> dict[str, Any]:
    """What a new snapshot begins with: all that still counts, so that only what changed needs to be said."""
    found: list[Situation] = sorted(filed.records(desk, "situation", person), key=lambda s: (s.on, s.id))
    if not found:
        return {}
    values = found[-1].model_dump()
    return {
        info.name: values[info.name]
        for info in registry.kind("situation").form
        if info.name not in ("on", "note") and values[info.name] not in (None, "", [])
    }
