"""Who and what is invented: staff, young people, and what an encounter with them might have been about."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count as numbers

from faker import Faker

from goes_mobile.cli.demo import phrases
from goes_mobile.records.presets import Preset, Site
from goes_mobile.services import capture
from goes_mobile.services.desk import Desk
from goes_mobile.store.change import Change

TOPICS = {
    "school": 16, "training": 15, "application": 12, "family": 11, "leisure": 10, "benefits": 8, "housing": 7,
    "work": 7, "mental_health": 6, "absenteeism": 5, "debts": 4, "partnership": 4, "digital_media": 3, "addiction": 3,
    "health": 3, "mobility": 2, "offending": 2, "residence_status": 2, "violence": 1, "other": 1,
}  # fmt: skip
ACTIONS = {
    "listened": 30, "informed": 20, "advised": 18, "application_help": 9, "phone_call": 6, "appointment_made": 6,
    "accompanied": 4, "material_handed_out": 4, "referred": 2, "crisis_help": 1,
}  # fmt: skip
GENDERS = {"male": 52, "female": 42, "diverse": 2, "no_answer": 4}
AGES = {"under_14": 4, "age_14_17": 44, "age_18_20": 30, "age_21_24": 16, "age_25_27": 5, "over_27": 1}


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of the invented team. ``shown``: has a device that the demo opens in the browser."""

    key: str
    name: str = field(repr=False)
    role: str
    sites: tuple[str, ...]
    device: str = ""

    @property
    def folder(self) -> str:
        """Of the profile: a locked device knows no other name."""
        return f"{self.name} {self.device}".strip().replace(" ", "-")

    @property
    def shown(self) -> bool:
        return bool(self.device)


@dataclass(slots=True)
class Youth:
    """An invented young person; ``id`` once there is a file."""

    alias: str = field(repr=False)
    given_name: str = field(repr=False)
    family_name: str = field(repr=False)
    birth_year: int
    gender: str
    municipality: str
    phone: str = field(repr=False)
    weight: float
    first_day: int
    consents: bool
    mobile: bool
    id: str = ""


def places(county: Preset) -> tuple[Site, Site]:
    """The site that goes out, and an office."""
    with_stops = {stop.site for stop in county.stops}
    mobile = next((s for s in county.sites if s.kind == "mobile" or s.short in with_stops), county.sites[0])
    offices = [s for s in county.sites if s.short != mobile.short and "nuertingen" in s.short]
    office = next(iter(offices), next((s for s in county.sites if s.short != mobile.short), mobile))
    return mobile, office


def staff(county: Preset) -> list[Staff]:
    mobile, office = places(county)
    both = tuple(dict.fromkeys((mobile.short, office.short)))
    return [
        Staff("admin", "Ada Amann", "admin", ()),
        Staff("outreach", "Jana Keller", "outreach", (mobile.short,), f"Tablet {mobile.name}"),
        Staff("colleague", "Aylin Yıldız", "outreach", (mobile.short,)),
        Staff("office", "Tom Brandt", "office", (office.short,), f"Handy {office.municipality}"),
        Staff("supervisor", "Sabine Wolf", "supervisor", both, "Rechner Fachaufsicht"),
    ]


def young_people(county: Preset, count: int, days: int, today: date, dice: random.Random) -> list[Youth]:
    """Aliases first; what identifies is written later, and only with a consent."""
    names = Faker("de_DE")
    names.seed_instance(dice.randrange(2**31))
    mobile, office = places(county)
    stops = [stop.municipality for stop in county.stops if stop.site == mobile.short] or list(county.municipalities)
    nicknames = dice.sample(phrases.ALIASES, min(len(phrases.ALIASES), max(1, count // 3)))
    aliases: set[str] = set()
    found = []
    for _ in range(count):
        gender = pick(GENDERS, dice)
        given = names.first_name_female() if gender == "female" else names.first_name_male()
        family = names.last_name()
        alias = nicknames.pop() if nicknames and dice.random() < 0.4 else _short(given, family, aliases)
        aliases.add(alias)
        at_mobile = dice.random() < 0.58
        age = min(29, max(12, round(dice.gauss(18.2, 3.1))))
        found.append(Youth(
            alias, given, family, today.year - age, gender,
            dice.choice(stops) if at_mobile else office.municipality,
            f"01{dice.choice('567')}{dice.randrange(10)} 000{dice.randrange(10**4):04}", dice.paretovariate(1.3),
            int(days * 0.85 * dice.random() ** 1.6), dice.random() < 0.55, at_mobile,
        ))  # fmt: skip
    return found


def _short(given: str, family: str, known: set[str]) -> str:
    """The own given name and as much of the family name as tells them apart; all different."""
    for letters in range(1, len(family)):
        if (alias := f"{given} {family[:letters]}.") not in known:
            return alias
    return next(alias for n in numbers(2) if (alias := f"{given} {family} {n}") not in known)


def pick(weighted: dict[str, int], dice: random.Random) -> str:
    return dice.choices(list(weighted), list(weighted.values()))[0]


def fill_single(draft: capture.CaptureDraft, dice: random.Random, who: Youth | None, today: date) -> None:
    """An encounter with one person, known or not."""
    draft.topics = _some(TOPICS, dice, 1, 3)
    draft.actions = _some(ACTIONS, dice, 1, 2)
    draft.minutes = dice.choice([5, 10, 10, 15, 20, 20, 30, 45, 60])
    draft.contact_type = pick({"repeat": 60, "first": 18, "chance": 19, "crisis": 3}, dice) if who else "chance"
    if dice.random() < 0.55:
        draft.mood = min(5, max(1, round(dice.gauss(3.2, 1.1))))
    draft.note = note(draft, dice)
    if who is None:
        draft.age, draft.gender = pick(AGES, dice), pick(GENDERS, dice)
    if dice.random() < (0.34 if who else 0.06):
        draft.next_step = dice.choice(phrases.STEPS)
        draft.next_step_on = _workday(today + timedelta(days=dice.choice([1, 2, 3, 5, 7, 7, 10, 14])))


def fill_group(draft: capture.CaptureDraft, dice: random.Random) -> None:
    draft.setting, draft.work_form = (
        "group",
        pick({"street_work": 6, "other_group_offer": 2, "intensive_group_work": 1}, dice),
    )
    draft.topics = _some(TOPICS, dice, 1, 3)
    draft.actions = _some(ACTIONS, dice, 1, 2)
    draft.minutes = dice.choice([15, 20, 30, 45, 60, 90])
    draft.contact_type = pick({"chance": 6, "repeat": 4}, dice)
    for _ in range(dice.randint(3, 12)):
        capture.tap(draft, pick(AGES, dice), pick(GENDERS, dice))
    draft.note = dice.choice(phrases.GROUPS)


def note(draft: capture.CaptureDraft, dice: random.Random) -> str:
    """One to five sentences that fit what was chosen."""
    said = [dice.choice(phrases.OPENINGS)] if dice.random() < 0.6 else []
    for topic in draft.topics:
        known = phrases.BY_TOPIC.get(topic)
        if known and dice.random() < 0.85:
            said.append(dice.choice(known))
    for action in draft.actions:
        if dice.random() < 0.35:
            said.append(dice.choice(phrases.BY_ACTION[action]))
    return " ".join(said)


def _some(weighted: dict[str, int], dice: random.Random, least: int, most: int) -> list[str]:
    return list(dict.fromkeys(pick(weighted, dice) for _ in range(dice.randint(least, most))))


def _workday(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def saved(desk: Desk, drafts: Sequence[capture.CaptureDraft]) -> list[Change]:
    """Several drafts as one plan."""
    return [change for draft in drafts for change in capture.save(desk, draft)]
