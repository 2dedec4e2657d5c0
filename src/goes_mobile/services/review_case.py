"""A record on the supervisor's desk: its facts, what the program noticed by itself, the talk so far."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import col, select

from goes_mobile.records import ages as bands
from goes_mobile.records.encounter import Encounter
from goes_mobile.records.hints import hints
from goes_mobile.records.young_person import YoungPerson
from goes_mobile.services import encounters, headcount, review
from goes_mobile.services.desk import Desk
from goes_mobile.services.encounters import EncounterView
from goes_mobile.services.review import READY, Said

NEEDED = ("work_form", "contact_type", "minutes", "municipality", "topics")
"""What the funders' figures need."""
SHORT = 3
"""Names shorter than this are words as well."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the program noticed; ``ok`` is good news. The screens say it under ``check.<code>``."""

    code: str
    ok: bool
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReviewCase:
    """``seen`` goes back with the verdict, so that it counts for exactly this version."""

    encounter: EncounterView
    checks: list[Check]
    seen: str
    talk: list[Said]
    questions: tuple[str, ...] = READY


def case(desk: Desk, encounter: str) -> ReviewCase:
    record = encounters.get(desk, encounter)
    return ReviewCase(
        encounters.detail(desk, encounter), checks(desk, record), review.seen(desk, "encounter", encounter),
        review.talk(desk, encounter),
    )  # fmt: skip


def checks(desk: Desk, record: Encounter) -> list[Check]:
    """Good news first, then what deserves a look; none of it forbids anything."""
    missing = [name for name in NEEDED if getattr(record, name) in (None, "", [])]
    names = names_in(desk, " ".join((record.note, record.outcome, record.next_step)))
    found = [
        Check("incomplete" if missing else "complete", not missing, {"fields": missing} if missing else {}),
        Check("names" if names else "no_names", not names, {"n": names} if names else {}),
    ]
    for band in ("under_14", "over_27"):
        if people := headcount.tally({band: record.head_counts.get(band, {})}) if bands.band_outside(band) else 0:
            found.append(Check(band, False, {"n": people}))
    found += [
        Check(hint.code, False, {"field": hint.field})
        for hint in hints("encounter", record.model_dump(), desk.now)
        if hint.code != "outside_age"
    ]
    if record.conflicts:
        found.append(Check("two_versions", False, {"n": len(encounters.conflict_paths(record.conflicts))}))
    return sorted(found, key=lambda check: not check.ok)


def names_in(desk: Desk, text: str) -> int:
    """How many real names of known young people stand in a text. An alias is no name."""
    words = {word.casefold() for word in re.findall(r"[^\W\d_]+", text)}
    if not words:
        return 0
    query = select(YoungPerson.given_name, YoungPerson.family_name).where(col(YoungPerson.deleted).is_(False))
    known = {name.casefold() for row in desk.read.exec(query) for whole in row for name in whole.split()}
    return len({name for name in known if len(name) >= SHORT} & words)
