"""Holds: why something must not be deleted yet, and until when."""

from datetime import date

from goes_mobile.records.base import Record, Ref, record, shown
from goes_mobile.records.roles import LEADS
from goes_mobile.records.subject import by_subject


@record("retention_hold", de="Aufbewahrung", en="Hold", icon="LOCK_CLOCK", stream=by_subject, writers=LEADS)
class RetentionHold(Record, table=True):
    person: Ref | None = shown("Junger Mensch", "young person", ref="young_person", in_form=False)
    reason: str = shown("Warum", "why", listed=True, sensitive=True, multiline=True, limit=500)
    until: date = shown("Bis", "until", listed=True, expected="future")
