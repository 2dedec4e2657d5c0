"""Outcomes: where somebody is at the exit, 28 days and six months after."""

from datetime import date

from goes_mobile.records.base import EVERY_PURPOSE, HELP, Code, Record, Ref, record, shown
from goes_mobile.records.roles import STAFF
from goes_mobile.records.subject import by_subject


@record("outcome", de="Verbleib", en="Outcome", icon="FLAG", stream=by_subject, writers=STAFF, dated="on",
        titled=("moment", "destination"), general=True)  # fmt: skip
class Outcome(Record, table=True):
    person: Ref = shown("Junger Mensch", "young person", ref="young_person", in_form=False, index=True)
    case: Ref | None = shown("Begleitung", "case", ref="case")
    moment: Code = shown("Wann", "when", codes="outcome_moment", listed=True, counted=True, purposes=EVERY_PURPOSE)
    on: date = shown("Stand vom", "as of", listed=True, expected="past", begins="today", purposes=EVERY_PURPOSE)
    destination: Code = shown("Wo", "where", codes="destination", listed=True, counted=True, purposes=EVERY_PURPOSE)
    qualification: Code | None = shown(
        "Abschluss", "certificate", codes="certificate", counted=True, purposes=EVERY_PURPOSE
    )
    how_known: Code | None = shown(
        "Woher bekannt", "how known", codes="how_known", counted=True, purposes=EVERY_PURPOSE
    )
    note: str = shown("Notiz", "note", default="", sensitive=True, multiline=True, searchable=True, purposes=HELP)
