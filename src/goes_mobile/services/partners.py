"""Netzwerkpartner: who helps with what, where, in which language, and what is missing here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlmodel import col, select

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records.partner import Partner
from goes_mobile.services.desk import Desk
from goes_mobile.services.likeness import fold
from goes_mobile.services.names import say
from goes_mobile.store.change import Change

CHECK_AFTER = timedelta(days=365)
"""Addresses and hours that nobody has looked at for so long are said to be old."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is narrowed to; empty means all. Codes of the lists of the same names."""

    text: str = ""
    topic: str | None = None
    municipality: str | None = None
    language: str | None = None
    rechtskreis: str | None = None
    needs: bool = False
    """Those alone where somebody has noted what is missing here."""


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """``stale``: not checked for a year, or never."""

    id: str
    name: str
    kind: str | None
    municipality: str
    topics: list[str]
    open_needs: str
    checked_on: date | None
    stale: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to ask for."""

    name: str
    role: str
    phone: str
    mail: str


@dataclass(frozen=True, slots=True)
class PartnerView:
    line: PartnerLine
    phone: str
    mail: str
    web: str
    address: str
    people: list[Person]
    facts: dict[str, str] = field(repr=False)
    """The filled fields in words, by name, without what can be called, written to or gone to."""
    deleted: bool


@dataclass(frozen=True, slots=True)
class PartnerPage:
    """``municipalities``, ``languages``, ``topics``: what there is to narrow by."""

    lines: list[PartnerLine]
    municipalities: list[str]
    languages: list[str]
    topics: list[str]
    needs: int


def page(desk: Desk, narrowed: Filter = Filter()) -> PartnerPage:
    """By name. Every word of the text must be found somewhere, however it is spelt."""
    everybody = alive(desk)
    words = fold(narrowed.text).split()
    found = [one for one in everybody if _fits(one, narrowed) and all(word in _haystack(desk, one) for word in words)]
    return PartnerPage(
        [line(desk, one) for one in found],
        sorted({one.municipality for one in everybody if one.municipality}, key=fold),
        sorted({code for one in everybody for code in one.languages}),
        sorted({code for one in everybody for code in one.topics}),
        sum(bool(one.open_needs) for one in everybody),
    )


def alive(desk: Desk) -> list[Partner]:
    found = desk.read.exec(select(Partner).where(col(Partner.deleted).is_(False)))
    return sorted(found, key=lambda one: fold(one.name))


def _fits(one: Partner, narrowed: Filter) -> bool:
    return (
        (narrowed.topic is None or narrowed.topic in one.topics)
        and (narrowed.municipality is None or narrowed.municipality == one.municipality)
        and (narrowed.language is None or narrowed.language in one.languages)
        and (narrowed.rechtskreis is None or narrowed.rechtskreis in one.rechtskreis)
        and (not narrowed.needs or bool(one.open_needs))
    )


def _haystack(desk: Desk, one: Partner) -> str:
    said = (say(desk, "partner", name, getattr(one, name)) for name in ("kind", "rechtskreis", "topics", "languages"))
    people = (f"{person.name} {person.role}" for person in one.people.values())
    return fold(" ".join([one.name, one.municipality, one.address, one.offers, one.open_needs, *said, *people]))


def line(desk: Desk, one: Partner) -> PartnerLine:
    stale = one.checked_on is None or one.checked_on < desk.today - CHECK_AFTER
    return PartnerLine(one.id, one.name, one.kind, one.municipality, one.topics, one.open_needs, one.checked_on, stale)


def get(desk: Desk, partner: str) -> Partner:
    found = desk.read.get(Partner, partner)
    if found is None:
        raise InputRefused("unknown_record", field="partner")
    return found


FACTS = ("kind", "rechtskreis", "topics", "languages", "hours", "threshold", "offers", "open_needs", "checked_on")


def detail(desk: Desk, partner: str) -> PartnerView:
    one = get(desk, partner)
    said = {name: say(desk, "partner", name, getattr(one, name)) for name in FACTS}
    people = [Person(p.name, p.role, p.phone, p.mail) for p in one.people.values()]
    return PartnerView(
        line(desk, one), one.phone, one.mail, one.web, ", ".join(filter(None, (one.address, one.municipality))),
        people, {name: words for name, words in said.items() if words}, one.deleted,
    )  # fmt: skip


def checked(desk: Desk, partner: str) -> list[Change]:
    """Somebody has called or looked: it is right as it stands."""
    get(desk, partner)
    return [Change("partner", partner, {"checked_on": desk.today})]
