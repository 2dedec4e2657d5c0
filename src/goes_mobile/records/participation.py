"""Participations: one known person's part in a group encounter; lives in that person's file."""

from goes_mobile.records.base import HELP, Record, Ref, record, shown
from goes_mobile.records.roles import STAFF
from goes_mobile.records.subject import by_subject


@record("participation", de="Teilnahme", en="Participation", icon="GROUPS", stream=by_subject, writers=STAFF)
class Participation(Record, table=True):
    person: Ref = shown("Junger Mensch", "young person", ref="young_person", listed=True)
    encounter: Ref = shown("Begegnung", "encounter", ref="encounter", listed=True, index=True)
    mood: int | None = shown("Stimmung", "mood", ge=1, le=5)
    note: str = shown("Notiz", "note", default="", sensitive=True, multiline=True, searchable=True, purposes=HELP)
    next_step: str = shown("Nächster Schritt", "next step", default="", sensitive=True, searchable=True, purposes=HELP)
