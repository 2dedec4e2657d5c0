"""Services: what was done for somebody, and how long it took."""

from datetime import date

from goes_mobile.records.base import EVERY_PURPOSE, HELP, Code, Record, Ref, record, shown
from goes_mobile.records.roles import STAFF
from goes_mobile.records.subject import by_subject


@record("service", de="Leistung", en="Service", icon="HANDSHAKE", stream=by_subject, writers=STAFF, dated="on",
        titled=("what", "result"), general=True)  # fmt: skip
class Service(Record, table=True):
    person: Ref = shown("Junger Mensch", "young person", ref="young_person", in_form=False, index=True)
    on: date = shown("Am", "on", listed=True, expected="past", begins="today", purposes=EVERY_PURPOSE)
    what: Code = shown("Was", "what", codes="service", listed=True, counted=True, purposes=EVERY_PURPOSE)
    minutes: int | None = shown("Minuten", "minutes", ge=0, le=1440, counted=True, purposes=EVERY_PURPOSE)
    result: str = shown(
        "Ergebnis", "result", default="", sensitive=True, multiline=True, searchable=True, purposes=HELP
    )
