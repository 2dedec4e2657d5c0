"""Consents: what a young person allows. Without one the file holds the alias alone; a withdrawal counts at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from sqlmodel import col, select

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records import registry
from goes_mobile.records.consent import Consent, open_categories
from goes_mobile.records.young_person import YoungPerson
from goes_mobile.services import ages
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.names import named
from goes_mobile.store.change import Change

ConsentState = Literal["valid", "expired", "revoked", "not_yet"]
SUPPORT = "support"


@dataclass(frozen=True, slots=True)
class ConsentView:
    id: str
    purpose: str
    categories: list[str]
    given_on: date
    valid_until: date | None
    revoked_on: date | None
    form: str | None
    guardian: str = field(repr=False)
    note: str = field(repr=False)
    state: ConsentState
    by: Named | None


@dataclass(slots=True)
class ConsentForm:
    """What the consent screen holds. ``categories`` are codes of ``data_category``."""

    purpose: str = SUPPORT
    categories: list[str] = field(default_factory=lambda: ["identity", "contact"])
    given_on: date | None = None
    valid_until: date | None = None
    form: str = "signed_here"
    guardian: str = field(default="", repr=False)
    note: str = field(default="", repr=False)


def of_person(desk: Desk, person: str) -> list[Consent]:
    query = select(Consent).where(Consent.person == person, col(Consent.deleted).is_(False))
    return list(desk.read.exec(query.order_by(col(Consent.given_on).desc(), col(Consent.id).desc())))


def consents(desk: Desk, person: str) -> list[ConsentView]:
    """All of a person's consents, newest first, with what they are worth today."""
    return [_view(desk, consent) for consent in of_person(desk, person)]


def _view(desk: Desk, consent: Consent) -> ConsentView:
    return ConsentView(
        consent.id, consent.purpose, consent.data_categories, consent.given_on, consent.valid_until, consent.revoked_on,
        consent.form, consent.guardian, consent.note, state_of(consent, desk.today),
        named(desk, "member", consent.created_by),
    )  # fmt: skip


def state_of(consent: Consent, day: date) -> ConsentState:
    if consent.revoked_on is not None:
        return "revoked"
    if consent.holds(day):
        return "valid"
    return "not_yet" if consent.given_on > day else "expired"


def allowed(desk: Desk, person: str) -> frozenset[str]:
    """The categories of data that may be noted and shown for the help itself, today."""
    return open_categories(of_person(desk, person), desk.today)


def valid_until(desk: Desk, given: Iterable[Consent]) -> date | None:
    """Until when identity may be noted; ``date.max`` without an end, ``None`` if it may not."""
    ends = [
        consent.valid_until or date.max
        for consent in given
        if consent.purpose == SUPPORT and "identity" in consent.data_categories and consent.holds(desk.today)
    ]
    return max(ends, default=None)


def needs(field_name: str) -> str | None:
    """The category of data a consent must name before this field of a young person may be filled."""
    info = registry.kind("young_person").fields.get(field_name)
    return info.consent if info else None


def closed_fields(categories: frozenset[str]) -> list[str]:
    """The fields of a young person that stay closed with these categories allowed."""
    fields = registry.kind("young_person").fields.values()
    return [info.name for info in fields if info.consent and info.consent not in categories]


def refuse_closed(values: Mapping[str, Any], categories: frozenset[str]) -> None:
    """Identifying fields need a valid consent; clearing them never does."""
    for name, value in values.items():
        category = needs(name.partition("/")[0])
        if category and value not in (None, "", [], {}) and category not in categories:
            raise InputRefused("needs_consent", field=name, category=category)


def give(desk: Desk, person: str, form: ConsentForm) -> list[Change]:
    """Record a consent that was given. Under the county's age a guardian consents too."""
    found = desk.read.get(YoungPerson, person)
    if found is None:
        raise InputRefused("unknown_record", field="person")
    if not form.categories:
        raise InputRefused("required", field="data_categories")
    age = ages.age_of(desk, found)
    if age is not None and age < desk.preset.guardian_under and not form.guardian.strip():
        raise InputRefused("needs_guardian", field="guardian", under=desk.preset.guardian_under)
    given = form.given_on or desk.today
    if form.valid_until is not None and form.valid_until < given:
        raise InputRefused("ends_before_start", field="valid_until")
    values = {
        "person": person, "site": found.site, "purpose": form.purpose, "data_categories": form.categories,
        "given_on": given, "valid_until": form.valid_until, "form": form.form, "guardian": form.guardian,
        "note": form.note,
    }  # fmt: skip
    return [Change("consent", desk.new_id(), values)]


def withdraw(desk: Desk, consent: str) -> list[Change]:
    """Takes back a consent: what it opened is closed at once, and identifying fields nobody else allows are cleared.

    The history keeps who knew what until then; erasing it is an order of its own.
    """
    found = desk.read.get(Consent, consent)
    if found is None:
        raise InputRefused("unknown_record", field="consent")
    changes = [Change("consent", found.id, {"revoked_on": desk.today})]
    person = desk.read.get(YoungPerson, found.person)
    left = open_categories((c for c in of_person(desk, found.person) if c.id != found.id), desk.today)
    if person is not None:
        filled = {name: None for name in closed_fields(left) if getattr(person, name) not in (None, "", [])}
        if filled:
            changes.append(Change("young_person", person.id, filled))
    return changes
