"""Explanations: why a young person is not on *Niemand geht verloren* for a reason that holds, and until when."""

from datetime import date

from goes_mobile.records.base import HELP, Code, Record, Ref, record, shown
from goes_mobile.records.roles import STAFF
from goes_mobile.records.subject import by_subject


@record("explanation", de="Erklärung", en="Explanation", icon="EVENT_AVAILABLE", stream=by_subject, writers=STAFF,
        dated="until", titled=("reason", "because"), general=True)  # fmt: skip
class Explanation(Record, table=True):
    person: Ref = shown("Junger Mensch", "young person", ref="young_person", in_form=False, index=True)
    reason: Code = shown("Wozu", "about", codes="lost_reason", listed=True, counted=True)
    because: Code = shown("Warum", "why", codes="lost_because", listed=True, counted=True)
    words: str = shown("Genauer", "in words", default="", sensitive=True, multiline=True, limit=300, purposes=HELP)
    until: date = shown("Ruht bis", "quiet until", listed=True, expected="future")
