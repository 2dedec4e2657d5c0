"""Partners: offices and organisations of the network, what they offer and what is missing here."""

from datetime import date

from goes_mobile.records.base import Code, Part, Parts, Record, record, shown
from goes_mobile.records.roles import STAFF
from goes_mobile.records.subject import of_org


class ContactPerson(Part):
    """Somebody to ask for."""

    name: str = shown("Name", "name", default="", searchable=True, limit=200)
    role: str = shown("Aufgabe", "role", default="", searchable=True, limit=200)
    phone: str = shown("Telefon", "phone", default="", limit=100)
    mail: str = shown("E-Mail", "mail", default="", limit=320)


@record(
    "partner",
    de="Netzwerkpartner",
    en="Partner",
    icon="HUB",
    stream=of_org,
    writers=STAFF,
    titled=("name",),
    general=True,
)
class Partner(Record, table=True):
    name: str = shown("Name", "name", listed=True, searchable=True, limit=200)
    kind: Code | None = shown("Art", "kind", codes="partner_kind", listed=True, counted=True)
    rechtskreis: list[Code] = shown("Rechtskreis", "legal domain", codes="rechtskreis", counted=True)
    topics: list[Code] = shown("Hilft bei", "helps with", codes="topic", listed=True, counted=True)
    offers: str = shown("Angebote", "offers", default="", multiline=True, searchable=True)
    threshold: str = shown("Zugang", "how to get in", default="", multiline=True, limit=500)
    open_needs: str = shown("Was hier fehlt", "what is missing here", default="", multiline=True, searchable=True)
    phone: str = shown("Telefon", "phone", default="", limit=100)
    mail: str = shown("E-Mail", "mail", default="", limit=320)
    web: str = shown("Internet", "web", default="", limit=500)
    address: str = shown("Adresse", "address", default="", searchable=True, limit=300)
    municipality: str = shown(
        "Gemeinde", "municipality", default="", listed=True, counted=True, searchable=True, limit=100
    )
    hours: str = shown("Öffnungszeiten", "hours", default="", multiline=True, limit=500)
    languages: list[Code] = shown("Sprachen", "languages", codes="language")
    people: Parts[ContactPerson] = shown("Wen man fragt", "whom to ask")
    checked_on: date | None = shown("Zuletzt geprüft", "last checked", listed=True, expected="past", begins="today")
