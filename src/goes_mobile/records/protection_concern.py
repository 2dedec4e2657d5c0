"""Protection concerns (§ 8a SGB VIII): what was seen, who was consulted, what was decided.

Read by the author and the site's supervisors alone: it lives in their stream, not in the young person's file.
"""

from datetime import datetime

from goes_mobile.records.base import Code, Record, Ref, record, shown
from goes_mobile.records.roles import STAFF
from goes_mobile.records.subject import of_supervisors


@record("protection_concern", de="Gefährdung", en="Protection concern", icon="HEALTH_AND_SAFETY",
        stream=of_supervisors, writers=STAFF, dated="at", titled=("urgency",), general=True)  # fmt: skip
class ProtectionConcern(Record, table=True):
    person: Ref | None = shown("Junger Mensch", "young person", ref="young_person", in_form=False, index=True)
    at: datetime = shown("Wann", "when", listed=True, expected="past", begins="today")
    signs: str = shown("Anzeichen", "signs", sensitive=True, multiline=True)
    urgency: Code = shown("Wie dringend", "how urgent", codes="urgency", listed=True)
    consulted: str = shown(
        "Beraten mit (erfahrene Fachkraft)", "consulted (experienced specialist)", default="", sensitive=True, limit=500
    )
    decided: str = shown("Entschieden", "decided", default="", sensitive=True, multiline=True)
    reported_to: str = shown("Gemeldet an", "reported to", default="", sensitive=True, limit=500)
