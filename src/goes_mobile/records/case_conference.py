"""Case conferences: everybody who helps plans one young person's way together."""

from datetime import date, datetime

from goes_mobile.records.base import HELP, Code, Part, Parts, Record, Ref, record, shown
from goes_mobile.records.roles import STAFF
from goes_mobile.records.subject import by_subject


class Participant(Part):
    """Somebody who takes part."""

    name: str = shown("Name", "name", default="", sensitive=True, limit=200)
    role: str = shown("Rolle", "role", default="", limit=200)
    partner: Ref | None = shown("Netzwerkpartner", "partner", ref="partner")


class Agreement(Part):
    """What was agreed; it becomes a task."""

    what: str = shown("Was", "what", default="", sensitive=True, searchable=True, limit=500, purposes=HELP)
    responsible: str = shown("Wer", "who", default="", sensitive=True, limit=200)
    due: date | None = shown("Bis", "until")


@record("case_conference", de="Fallkonferenz", en="Case conference", icon="GROUPS", stream=by_subject, writers=STAFF,
        dated="at", titled=("occasion",), general=True)  # fmt: skip
class CaseConference(Record, table=True):
    person: Ref = shown("Junger Mensch", "young person", ref="young_person", in_form=False, index=True)
    at: datetime = shown("Wann", "when", listed=True, begins="today")
    place: str = shown("Ort", "place", default="", listed=True, limit=200)
    occasion: str = shown("Anlass", "occasion", default="", sensitive=True, searchable=True, limit=300, purposes=HELP)
    participants: Parts[Participant] = shown("Dabei", "taking part")
    consent: Ref | None = shown("Einwilligung", "consent", ref="consent")
    agenda: str = shown("Tagesordnung", "agenda", default="", sensitive=True, multiline=True, purposes=HELP)
    facts_shared: list[Code] = shown("Weitergegebene Angaben", "data shared", codes="data_category")
    agreements: Parts[Agreement] = shown("Vereinbarungen", "agreements")
    minutes_text: str = shown(
        "Protokoll", "minutes", default="", sensitive=True, multiline=True, searchable=True, purposes=HELP
    )
    next_on: date | None = shown("Nächste am", "next on", listed=True, expected="future")
