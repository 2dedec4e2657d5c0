"""Young people: an alias always, a name only with a consent."""

from datetime import date

from goes_mobile.records.base import EVERY_PURPOSE, Code, Record, Ref, record, shown
from goes_mobile.records.roles import STAFF
from goes_mobile.records.subject import of_person


@record("young_person", de="Junger Mensch", en="Young person", icon="PERSON", stream=of_person, writers=STAFF)
class YoungPerson(Record, table=True):
    alias: str = shown("Alias", "alias", listed=True, searchable=True, limit=200)
    given_name: str = shown("Vorname", "given name", default="", searchable=True, consent="identity", limit=200)
    family_name: str = shown("Nachname", "family name", default="", searchable=True, consent="identity", limit=200)
    birth_year: int | None = shown("Geburtsjahr", "birth year", ge=1900, le=2200, listed=True, purposes=EVERY_PURPOSE)
    birth_date: date | None = shown("Geburtsdatum", "date of birth", consent="identity", expected="past")
    gender: Code | None = shown("Geschlecht", "gender", codes="gender", counted=True, purposes=EVERY_PURPOSE)
    municipality: str = shown("Gemeinde", "municipality", default="", listed=True, counted=True, purposes=EVERY_PURPOSE)
    languages: list[Code] = shown("Sprachen", "languages", codes="language")
    phone: str = shown("Telefon", "phone", default="", searchable=True, consent="contact", limit=100)
    messenger: str = shown("Messenger", "messenger", default="", consent="contact", limit=200)
    mail: str = shown("E-Mail", "mail", default="", searchable=True, consent="contact", limit=320)
    safe_contact_note: str = shown("Sicher erreichen", "reach safely", default="", multiline=True, consent="contact")
    residence_status: str = shown("Aufenthalt", "residence status", default="", consent="residence", limit=200)
    same_as: list[Ref] = shown("Dieselbe Person wie", "same person as", ref="young_person", index=True, in_form=False)
