"""Consents: what a young person allows, for what, and until when."""

from collections.abc import Iterable
from datetime import date

from goes_mobile.records import strokes
from goes_mobile.records.base import Code, Part, Parts, Record, Ref, record, shown
from goes_mobile.records.roles import STAFF
from goes_mobile.records.subject import by_subject


class Recipient(Part):
    """Who gets it: a person, not an institution at large."""

    name: str = shown("Name", "name", default="", sensitive=True, limit=200)
    office: str = shown("Stelle", "office", default="", limit=200)
    partner: Ref | None = shown("Netzwerkpartner", "partner", ref="partner")


@record(
    "consent", de="Einwilligung", en="Consent", icon="VERIFIED_USER", stream=by_subject, writers=STAFF, dated="given_on"
)
class Consent(Record, table=True):
    person: Ref = shown("Junger Mensch", "young person", ref="young_person")
    purpose: Code = shown("Zweck", "purpose", codes="purpose", listed=True)
    data_categories: list[Code] = shown("Angaben", "data", codes="data_category", listed=True)
    recipients: Parts[Recipient] = shown("Wer es bekommt", "recipients")
    given_on: date = shown("Erteilt am", "given on", listed=True, expected="past")
    valid_until: date | None = shown("Gültig bis", "valid until", listed=True)
    revoked_on: date | None = shown("Zurückgezogen am", "withdrawn on", listed=True)
    form: Code | None = shown("Form", "form", codes="consent_form")
    guardian: str = shown("Sorgeberechtigte", "guardian", default="", sensitive=True, limit=200)
    text_version: str = shown("Fassung des Textes", "version of the text", default="", in_form=False, limit=60)
    language: Code | None = shown("Sprache des Textes", "language of the text", codes="language", in_form=False)
    signature: str = shown("Unterschrift", "signature", default="", sensitive=True, in_form=False, limit=strokes.LIMIT)
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
