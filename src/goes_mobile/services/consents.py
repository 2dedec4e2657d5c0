"""Consents: what a young person allows. Without one the file holds the alias alone; a withdrawal counts at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from sqlmodel import col, select

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records import registry, strokes
from goes_mobile.records.consent import Consent, open_categories
from goes_mobile.records.partner import Partner
from goes_mobile.records.young_person import YoungPerson
from goes_mobile.services import ages, consent_texts
from goes_mobile.services.consent_texts import OUR_OWN, ConsentText, Recipient, Terms
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.names import name_of, named
from goes_mobile.store.change import Change

ConsentState = Literal["valid", "expired", "revoked", "not_yet"]
SUPPORT = "support"
SIGNED_HERE = "signed_here"


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
    recipients: list[Recipient] = field(repr=False)
    language: str | None
    signed: bool
    state: ConsentState
    by: Named | None


@dataclass(slots=True)
class ConsentForm:
    """What the consent screen holds. ``categories`` are codes of ``data_category``; ``language`` the one the text was
    read in, ``signature`` what :mod:`goes_mobile.records.strokes` keeps."""

    purpose: str = SUPPORT
    categories: list[str] = field(default_factory=lambda: ["identity", "contact"])
    recipients: list[Recipient] = field(default_factory=list, repr=False)
    given_on: date | None = None
    valid_until: date | None = None
    form: str = "on_paper"
    language: str = ""
    signature: str = field(default="", repr=False)
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
        consent.form, consent.guardian, consent.note, recipients_of(consent), consent.language, bool(consent.signature),
        state_of(consent, desk.today), named(desk, "member", consent.created_by),
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
    values = _values(desk, found, form)
    refuse_unfit(desk, found, values)
    return [Change("consent", desk.new_id(), values)]


def _values(desk: Desk, person: YoungPerson, form: ConsentForm) -> dict[str, Any]:
    values = {
        "person": person.id, "site": person.site, "purpose": form.purpose, "data_categories": form.categories,
        "recipients": [r for r in form.recipients if r.get("name", "").strip()],
        "given_on": form.given_on or desk.today, "valid_until": form.valid_until, "form": form.form,
        "guardian": form.guardian, "note": form.note,
    }  # fmt: skip
    if form.form == SIGNED_HERE:
        values |= {"signature": form.signature, "language": form.language}
        values["text_version"] = consent_texts.newest(form.language) if form.language else ""
    return values


def refuse_unfit(desk: Desk, person: YoungPerson, values: Mapping[str, Any]) -> None:
    """What makes no consent: data nobody named, a signature without ink, a child without a guardian, an office at large
    instead of somebody in it."""
    if not values.get("data_categories"):
        raise InputRefused("required", field="data_categories")
    if values.get("purpose") not in OUR_OWN and not values.get("recipients"):
        raise InputRefused("needs_recipient", field="recipients")
    age = ages.age_of(desk, person)
    if age is not None and age < desk.preset.guardian_under and not str(values.get("guardian") or "").strip():
        raise InputRefused("needs_guardian", field="guardian", under=desk.preset.guardian_under)
    given, until = values.get("given_on"), values.get("valid_until")
    if given and until and str(until) < str(given):  # days or their ISO texts
        raise InputRefused("ends_before_start", field="valid_until")
    if values.get("form") == SIGNED_HERE and not strokes.read(str(values.get("signature") or "")):
        raise InputRefused("needs_signature", field="signature")


def withdraw(desk: Desk, consent: str) -> list[Change]:
    """Takes back a consent: what it opened is closed at once, and identifying fields nobody else allows are cleared.

    The history keeps who knew what until then; erasing it is an order of its own.
    """
    found = desk.read.get(Consent, consent)
    if found is None:
        raise InputRefused("unknown_record", field="consent")
    left = open_categories((c for c in of_person(desk, found.person) if c.id != found.id), desk.today)
    return [Change("consent", found.id, {"revoked_on": desk.today}), *_cleared(desk, found.person, left)]


def late(desk: Desk, person: str) -> list[str]:
    """Closed fields that hold something all the same after a withdrawal: a device that had not heard of it wrote them.
    They stay closed; :func:`clear_late` empties them."""
    given = of_person(desk, person)
    if not any(consent.revoked_on for consent in given):
        return []
    return [name for change in _cleared(desk, person, open_categories(given, desk.today)) for name in change.set]


def clear_late(desk: Desk, person: str) -> list[Change]:
    return _cleared(desk, person, allowed(desk, person))


def _cleared(desk: Desk, person: str, categories: frozenset[str]) -> list[Change]:
    found = desk.read.get(YoungPerson, person)
    filled = {name: None for name in closed_fields(categories) if found and getattr(found, name) not in (None, "", [])}
    return [Change("young_person", person, filled)] if filled else []


# -- as it was read ---------------------------------------------------------------------------------------------------


def recipients_of(consent: Consent) -> list[Recipient]:
    """In the order they were named."""
    return [
        Recipient(name=part.name, office=part.office, partner=part.partner)
        for _, part in sorted(consent.recipients.items())
    ]


def known_recipients(desk: Desk) -> list[Recipient]:
    """People of the partners, by name."""
    found = [
        Recipient(name=person.name, office=partner.name, partner=partner.id)
        for partner in desk.read.exec(select(Partner).where(col(Partner.deleted).is_(False)))
        for person in partner.people.values()
        if person.name.strip()
    ]
    return sorted(found, key=lambda one: (one["name"].casefold(), one["office"].casefold()))


def terms(desk: Desk, person: str, form: ConsentForm) -> Terms:
    """What somebody is about to be asked; refused as it would be when they have said yes."""
    found = desk.read.get(YoungPerson, person)
    if found is None:
        raise InputRefused("unknown_record", field="person")
    values = _values(desk, found, form)
    refuse_unfit(desk, found, {**values, "form": None})
    return Terms(
        form.purpose, form.categories, values["recipients"], form.valid_until,
        name_of(desk, "site", found.site or desk.me.site), form.guardian,
    )  # fmt: skip


def text_of(desk: Desk, consent: Consent, language: str) -> ConsentText:
    """A consent's text; in its own language in the version that was read."""
    own = language == consent.language
    told = Terms(
        consent.purpose, consent.data_categories, recipients_of(consent), consent.valid_until,
        name_of(desk, "site", consent.site or desk.me.site), consent.guardian,
    )  # fmt: skip
    return consent_texts.compose(told, language, consent.text_version if own else "")
