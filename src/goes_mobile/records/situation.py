"""Situations: how somebody stands on a day. The newest one counts, the older ones are the story."""

from datetime import date

from goes_mobile.records.base import EVERY_PURPOSE, HELP, Code, Record, Ref, record, shown
from goes_mobile.records.roles import STAFF
from goes_mobile.records.subject import by_subject


@record("situation", de="Lage", en="Situation", icon="SCHOOL", stream=by_subject, writers=STAFF, dated="on",
        titled=("school_status", "training_status", "work_status"), general=True)  # fmt: skip
class Situation(Record, table=True):
    person: Ref = shown("Junger Mensch", "young person", ref="young_person", in_form=False, index=True)
    on: date = shown("Stand vom", "as of", listed=True, expected="past", begins="today")
    school_status: Code | None = shown(
        "Schule", "school", codes="school_status", counted=True, listed=True, purposes=EVERY_PURPOSE
    )
    certificate: Code | None = shown(
        "Abschluss", "certificate", codes="certificate", counted=True, listed=True, purposes=EVERY_PURPOSE
    )
    training_status: Code | None = shown(
        "Ausbildung", "training", codes="training_status", counted=True, listed=True, purposes=EVERY_PURPOSE
    )
    work_status: Code | None = shown(
        "Arbeit", "work", codes="work_status", counted=True, listed=True, purposes=EVERY_PURPOSE
    )
    rechtskreis: list[Code] = shown(
        "Rechtskreis", "legal domain", codes="rechtskreis", counted=True, purposes=EVERY_PURPOSE
    )
    housing: Code | None = shown("Wohnen", "housing", codes="housing", counted=True, purposes=EVERY_PURPOSE)
    income: str = shown("Einkommen", "income", default="", sensitive=True, purposes=HELP)
    health: str = shown("Gesundheit", "health", default="", sensitive=True, multiline=True, purposes=HELP)
    debts: str = shown("Schulden", "debts", default="", sensitive=True, purposes=HELP)
    caring_duties: str = shown("Sorgt für", "caring duties", default="", sensitive=True, purposes=HELP)
    note: str = shown("Notiz", "note", default="", sensitive=True, multiline=True, searchable=True, purposes=HELP)
