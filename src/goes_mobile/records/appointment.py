"""Appointments: when somebody is expected, where, with whom."""

from datetime import datetime

from goes_mobile.records.base import HELP, Record, Ref, record, shown
from goes_mobile.records.roles import STAFF
from goes_mobile.records.subject import by_subject


@record("appointment", de="Termin", en="Appointment", icon="EVENT", stream=by_subject, writers=STAFF, dated="at",
        titled=("what",), general=True)  # fmt: skip
class Appointment(Record, table=True):
    person: Ref | None = shown("Junger Mensch", "young person", ref="young_person", in_form=False, index=True)
    at: datetime = shown("Wann", "when", listed=True, index=True, begins="today")
    minutes: int | None = shown("Minuten", "minutes", ge=5, le=1440)
    what: str = shown("Was", "what", listed=True, sensitive=True, searchable=True, limit=300, purposes=HELP)
    place: str = shown("Wo", "where", default="", listed=True, sensitive=True, limit=300)
    member: Ref | None = shown("Wer", "who", ref="member", listed=True, begins="me")
    partner: Ref | None = shown("Bei", "at", ref="partner")
    kept: bool | None = shown("Wahrgenommen", "kept", in_form=False)
