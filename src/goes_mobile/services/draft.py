"""What the capture screen holds while somebody types: plain data, kept as a sealed row after every keystroke."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Self

Setting = Literal["single", "group", "event"]
UNKNOWN_AGE, NO_GENDER = "unknown", "no_answer"
KEY = "encounter:"


@dataclass(slots=True)
class DraftPerson:
    """A young person in a draft: known, or created on the fly with an alias."""

    id: str
    alias: str = field(repr=False)
    new: bool = False
    birth_year: int | None = None
    gender: str | None = None
    municipality: str = ""
    note: str = field(default="", repr=False)
    mood: int | None = None
    next_step: str = field(default="", repr=False)


@dataclass(slots=True)
class CaptureDraft:
    """An encounter on its way. ``id`` is the encounter's, so that saving twice makes one record."""

    id: str
    at: datetime
    site: str = ""
    minutes: int | None = None
    place: str | None = None
    place_note: str = field(default="", repr=False)
    stop: str | None = None
    municipality: str = ""
    outing: str | None = None
    work_form: str | None = None
    contact_type: str | None = None
    setting: Setting = "single"
    age: str | None = None
    """Age band of one anonymous person."""
    gender: str | None = None
    people: list[DraftPerson] = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    taps: list[tuple[str, str, int]] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    mood: int | None = None
    note: str = field(default="", repr=False)
    outcome: str = field(default="", repr=False)
    next_step: str = field(default="", repr=False)
    next_step_on: date | None = None
    next_step_for: str | None = None
    task: str = ""
    """The id of the task that the next step becomes."""
    corrects: bool = False
    before: dict[str, Any] = field(default_factory=dict, repr=False)
    """What a correction found on the screen, as the record had it."""
    base: dict[str, list[str]] = field(default_factory=dict, repr=False)
    """The versions a correction has seen, hex."""
    changed_at: datetime | None = None

    @property
    def anonymous(self) -> bool:
        return not self.people

    @property
    def counted(self) -> int:
        """People in the tally."""
        return sum(sum(row.values()) for row in self.counts.values())

    @property
    def separate(self) -> int:
        """Of these under 14 or over 27: welcome, counted separately."""
        return sum(sum(self.counts.get(band, {}).values()) for band in ("under_14", "over_27"))

    @property
    def present(self) -> int:
        """How many people this encounter is with."""
        if self.setting == "single":
            return max(1, len(self.people))
        return max(self.counted, len(self.people))

    @property
    def touched(self) -> bool:
        """Whether anything worth keeping was entered; an untouched draft may go without asking."""
        return bool(
            self.people or self.counts or self.topics or self.actions or self.mood or self.note.strip()
            or self.outcome.strip() or self.next_step.strip() or self.age or self.gender
        )  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Plain values for the sealed row."""
        plain = asdict(self)
        for name in ("at", "changed_at", "next_step_on"):
            plain[name] = plain[name].isoformat() if plain[name] else None
        plain["taps"] = [list(tap) for tap in self.taps]
        return plain

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """The draft again; fields of another version are left out."""
        known = {name: value for name, value in plain.items() if name in cls.__dataclass_fields__}
        known["people"] = [
            DraftPerson(**{name: value for name, value in person.items() if name in DraftPerson.__dataclass_fields__})
            for person in known.get("people", [])
        ]
        known["at"] = datetime.fromisoformat(known["at"])
        changed, step = known.get("changed_at"), known.get("next_step_on")
        known["changed_at"] = datetime.fromisoformat(changed) if changed else None
        known["next_step_on"] = date.fromisoformat(step) if step else None
        known["taps"] = [(tap[0], tap[1], tap[2]) for tap in known.get("taps", [])]
        return cls(**known)


def tap(draft: CaptureDraft, age: str, gender: str, by: int = 1) -> None:
    """One more (or fewer) in a cell of the tally; never below zero."""
    row = dict(draft.counts.get(age, {}))
    had = row.get(gender, 0)
    now = max(0, had + by)
    if now == had:
        return
    row[gender] = now
    draft.counts = {**draft.counts, age: {g: n for g, n in row.items() if n}}
    draft.counts = {a: r for a, r in draft.counts.items() if r}
    draft.taps = [*draft.taps, (age, gender, now - had)]


def undo_tap(draft: CaptureDraft) -> None:
    """„Letztes zurück“: for those who cannot hold a cell down."""
    if draft.taps:
        *earlier, (age, gender, by) = draft.taps
        tap(draft, age, gender, -by)
        draft.taps = earlier


def add_person(draft: CaptureDraft, person: DraftPerson) -> None:
    """Choosing somebody once is enough; a single talk is with one person, so a second makes it a group."""
    if all(known.id != person.id for known in draft.people):
        draft.people = [*draft.people, person]
    if len(draft.people) > 1 and draft.setting == "single":
        draft.setting = "group"


def remove_person(draft: CaptureDraft, person: str) -> None:
    draft.people = [known for known in draft.people if known.id != person]
