"""Consents: what a young person allows, for what, and until when."""

from collections.abc import Iterable
from datetime import date

from goes_mobile.records.base import Code, Record, Ref, record, shown
from goes_mobile.records.roles import STAFF
from goes_mobile.records.subject import by_subject


@record(
    "consent", de="Einwilligung", en="Consent", icon="VERIFIED_USER", stream=by_subject, writers=STAFF, dated="given_on"
)
class Consent(Record, table=True):
    person: Ref = shown("Junger Mensch", "young person", ref="young_person")
    purpose: Code = shown("Zweck", "purpose", codes="purpose", listed=True)
    data_categories: list[Code] = shown("Angaben", "data", codes="data_category", listed=True)
    given_on: date = shown("Erteilt am", "given on", listed=True, expected="past")
    valid_until: date | None = shown("Gültig bis", "valid until", listed=True)
    revoked_on: date | None = shown("Zurückgezogen am", "withdrawn on", listed=True)
    form: Code | None = shown("Form", "form", codes="consent_form")
    guardian: str = shown("Sorgeberechtigte", "guardian", default="", sensitive=True, limit=200)
    note: str = shown("Notiz", "note", default="", sensitive=True, multiline=True)

    def holds(self, day: date) -> bool:
        """Given, not run out, not withdrawn: a withdrawal counts at once."""
        over = (self.valid_until is not None and self.valid_until < day) or self.revoked_on is not None
        return self.given_on <= day and not over and not self.deleted


def open_categories(consents: Iterable[Consent], day: date, purpose: str = "support") -> frozenset[str]:
    """The categories of data that may be noted (or passed on) for a purpose on that day."""
    return frozenset(
        category
        for consent in consents
        if consent.purpose == purpose and consent.holds(day)
        for category in consent.data_categories
    )
