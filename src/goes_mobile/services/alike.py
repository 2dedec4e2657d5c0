"""Who could be meant: a table of spellings, sounds and phone numbers beside the projection, never on a disk."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz, process
from sqlmodel import col, select

from goes_mobile.records.young_person import YoungPerson
from goes_mobile.services.desk import Desk
from goes_mobile.services.likeness import ALIKE, Traits, digits, sound, spelled

MOST = 200
"""Of one spelling; the likeness of each is looked at closely."""
_FACTS: Any = (
    YoungPerson.id, YoungPerson.alias, YoungPerson.given_name, YoungPerson.family_name, YoungPerson.phone,
)  # fmt: skip


@dataclass(slots=True)
class Table:
    """By what somebody could be found, allowed to be shown or not: that is asked of the few who are near."""

    spellings: dict[tuple[str, int], str] = field(default_factory=dict, repr=False)
    heard: dict[str, set[str]] = field(default_factory=dict, repr=False)
    phones: dict[str, set[str]] = field(default_factory=dict, repr=False)
    places: dict[str, list[set[str]]] = field(default_factory=dict, repr=False)

    def put(self, person: str, names: list[str], phone: str) -> None:
        self.drop(person)
        places = self.places[person] = []
        for number, name in enumerate(names):
            self.spellings[person, number] = spelled(name)
            places.append(self.heard.setdefault(sound(name), set()))
        places.append(self.phones.setdefault(digits(phone), set()))
        for place in places:
            place.add(person)

    def drop(self, person: str) -> None:
        for place in self.places.pop(person, ()):
            place.discard(person)
        for number in range(4):
            self.spellings.pop((person, number), None)

    def near(self, wanted: Traits) -> set[str]:
        """Everybody whose data could be alike, and some more."""
        found = set(self.phones.get(digits(wanted.phone), ())) if digits(wanted.phone) else set()
        for name in wanted.names:
            found |= self.heard.get(sound(name), set()) if sound(name) else set()
            close = process.extract(
                spelled(name), self.spellings, scorer=fuzz.ratio, processor=None, score_cutoff=ALIKE, limit=MOST
            )
            found.update(person for _, _, (person, _) in close)
        return found


def table(desk: Desk) -> Table:
    """Made once after unlocking, then kept up with what changes."""
    followed = desk.archive.follow("young_person")
    query = select(*_FACTS).where(col(YoungPerson.deleted).is_(False))
    if followed.table is None:
        followed.table = Table()
    else:
        for person in followed.stale:
            followed.table.drop(person)
        query = query.where(col(YoungPerson.id).in_(followed.stale))
    found: Table = followed.table
    for person, alias, given, family, phone in desk.read.exec(query):
        whole = f"{given} {family}"
        names = [name.strip() for name in (alias, given, family, whole if given and family else "")]
        found.put(person, [name for name in names if name], phone)
    followed.stale.clear()
    return found
