"""Zusammenführen: files that turned out to be one young person's. Each keeps what lies in it; they are shown as one.

That two files are one person's is an element of the set ``same_as``; who belongs together follows from all of them on
this device, so devices that hold the same operations show the same, in whatever order people merged apart from each
other. Nothing is moved: taking the element out again leaves both files as if they had never been merged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import col, select

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records import registry
from goes_mobile.records.young_person import YoungPerson
from goes_mobile.services import consents
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.names import named, say
from goes_mobile.store.change import Change

FIELD = "same_as"
Pair = tuple[str, str]
"""The file that holds the element, and the one it names."""


@dataclass(frozen=True, slots=True)
class Classes:
    """Who is one person: the oldest file stands for all of them in lists."""

    of: Mapping[str, tuple[str, ...]]

    def ids(self, person: str) -> tuple[str, ...]:
        """The files of somebody, the oldest first."""
        return self.of.get(person, (person,))

    def shown(self, person: str) -> str:
        return self.ids(person)[0]


@dataclass(frozen=True, slots=True)
class Facts:
    """What one file says of its young person, in words; what lacks a consent there is left out."""

    id: str
    alias: str = field(repr=False)
    words: dict[str, str] = field(repr=False)
    refusal: str
    """Why it cannot be merged; empty if it can."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A file that is shown as part of another one."""

    facts: Facts
    since: date | None
    by: Named | None


def classes(desk: Desk) -> Classes:
    """All files that are not alone."""
    root: dict[str, str] = {}

    def find(one: str) -> str:
        while root.setdefault(one, one) != one:
            one = root[one]
        return one

    for pair in _edges(desk):
        older, younger = sorted(map(find, pair))
        root[younger] = older
    if not root:  # mostly; and one file asks this many times over
        return Classes({})
    grouped: dict[str, list[str]] = {}
    for person in sorted(_alive(desk, root)):
        grouped.setdefault(find(person), []).append(person)
    return Classes({person: tuple(group) for group in grouped.values() for person in group})


def ids(desk: Desk, person: str) -> tuple[str, ...]:
    """The files of somebody, the oldest first; mostly the one."""
    return classes(desk).ids(person)


def _edges(desk: Desk) -> list[Pair]:
    # Written as JSON every set with an element sorts before the empty one, so the index finds the few that have any.
    query = select(YoungPerson.id, YoungPerson.same_as).where(col(YoungPerson.same_as) < [])
    return [(person, other) for person, others in desk.read.exec(query) for other in others]


def _alive(desk: Desk, people: Iterable[str]) -> list[str]:
    query = select(YoungPerson.id).where(col(YoungPerson.id).in_(list(people)), col(YoungPerson.deleted).is_(False))
    return list(desk.read.exec(query))


def pairs(desk: Desk, one: str, other: str) -> list[Pair]:
    """What merging two people says: that each file of the one is each file of the other's person."""
    known = classes(desk)
    if other in known.ids(one):
        raise InputRefused("same_already")
    return [(max(a, b), min(a, b)) for a in known.ids(one) for b in known.ids(other)]


def edges(desk: Desk, person: str) -> list[Pair]:
    """What was said of this file, by whomever: without it the file stands alone."""
    return [pair for pair in _edges(desk) if person in pair]


def join(desk: Desk, wanted: Sequence[Pair]) -> list[Change]:
    for person in sorted({person for pair in wanted for person in pair}):
        if refusal := why_not(desk, person):
            raise InputRefused(refusal, field=FIELD)
    return [_said(pair, together=True) for pair in wanted]


def part(desk: Desk, wanted: Sequence[Pair]) -> list[Change]:
    """Each file has its own records again, also those that were written while they were shown as one."""
    for holder, _ in wanted:
        if desk.archive.closed(holder):
            raise InputRefused("file_closed", field=FIELD)
    return [_said(pair, together=False) for pair in wanted]


def _said(pair: Pair, *, together: bool) -> Change:
    return Change("young_person", pair[0], {f"{FIELD}/{pair[1]}": together})


def why_not(desk: Desk, person: str) -> str:
    """Why this file cannot be merged: only who may write a file says whose it is, and no other site is surprised."""
    if not _alive(desk, [person]):
        return "unknown_record"
    if desk.archive.closed(person):
        return "file_closed"
    reading = {reader.site for reader in desk.archive.readers(person) if reader.group == "site"}
    if reading and reading.isdisjoint(desk.me.sites):
        return "not_your_site"
    return "file_is_shared" if len(reading) > 1 else ""


def check(desk: Desk, person: str, others: Iterable[str]) -> None:
    """The same rules where somebody sets the field itself."""
    for other in others:
        if other == person:
            raise InputRefused("same_file", field=FIELD)
        for refusal in filter(None, (why_not(desk, person) if person else "", why_not(desk, other))):
            raise InputRefused(refusal, field=FIELD)


def refuse_merged(desk: Desk, person: str) -> None:
    if len(ids(desk, person)) > 1:
        raise InputRefused("file_is_merged")


def facts(desk: Desk, person: str) -> Facts:
    found = desk.read.get(YoungPerson, person)
    if found is None:
        raise InputRefused("unknown_record", field="person")
    closed = consents.closed_fields(consents.allowed(desk, person))
    told = [info for info in registry.kind("young_person").form if info.name not in ("alias", *closed)]
    words = {info.name: say(desk, "young_person", info.name, getattr(found, info.name)) for info in told}
    return Facts(person, found.alias, {name: said for name, said in words.items() if said}, why_not(desk, person))


def merged(desk: Desk, person: str) -> list[Merged]:
    """The other files that are shown with this one, each with its own facts."""
    said = _edges(desk)
    return [_merged(desk, other, said) for other in ids(desk, person) if other != person]


def _merged(desk: Desk, person: str, said: Sequence[Pair]) -> Merged:
    """Since when: the last time somebody said so of this file."""
    wanted = {(holder, f"{FIELD}/{other}") for holder, other in said if person in (holder, other)}
    items = [
        item
        for holder in {holder for holder, _ in wanted}
        for item in desk.archive.history("young_person", holder)
        if (holder, item.path) in wanted and item.new
    ]
    last = max(items, key=lambda item: item.at, default=None)
    return Merged(
        facts(desk, person), desk.day_of(last.at) if last else None,
        named(desk, "member", last.member or None) if last else None,
    )  # fmt: skip
