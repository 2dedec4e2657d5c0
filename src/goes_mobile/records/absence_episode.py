"""Absence episodes: a time away from school, what was done, and the return."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from goes_mobile.records.base import EVERY_PURPOSE, HELP, Code, Record, Ref, record, shown
from goes_mobile.records.refusals import FieldRefused
from goes_mobile.records.roles import STAFF
from goes_mobile.records.subject import by_subject


@record("absence_episode", de="Fehlzeit", en="Absence", icon="EVENT_BUSY", stream=by_subject, writers=STAFF,
        dated="since", titled=("school", "form"), general=True)  # fmt: skip
class AbsenceEpisode(Record, table=True):
    person: Ref = shown("Junger Mensch", "young person", ref="young_person", in_form=False, index=True)
    school: str = shown("Schule", "school", default="", sensitive=True, searchable=True, limit=200, purposes=HELP)
    since: date = shown("Von", "from", listed=True, expected="past", begins="today", purposes=EVERY_PURPOSE)
    until: date | None = shown("Bis", "until", listed=True, purposes=EVERY_PURPOSE)
    days: int | None = shown("Fehltage", "days", ge=0, le=400, listed=True, counted=True, purposes=EVERY_PURPOSE)
    unexcused_days: int | None = shown(
        "davon unentschuldigt", "of these unexcused", ge=0, le=400, counted=True, purposes=EVERY_PURPOSE
    )
    form: Code | None = shown("Art", "form", codes="absence_form", listed=True, counted=True, purposes=EVERY_PURPOSE)
    measures: list[Code] = shown(
        "Was getan wurde", "what was done", codes="absence_measure", counted=True, purposes=EVERY_PURPOSE
    )
    returned_on: date | None = shown(
        "Wieder in der Schule seit", "back at school since", listed=True, purposes=EVERY_PURPOSE
    )
    note: str = shown("Notiz", "note", default="", sensitive=True, multiline=True, searchable=True, purposes=HELP)

    @classmethod
    def check(cls, values: Mapping[str, Any]) -> None:
        for field in ("until", "returned_on"):
            if values[field] and values[field] < values["since"]:
                raise FieldRefused(field, "ends_before_start")
        if (values["unexcused_days"] or 0) > (values["days"] or 0):
            raise FieldRefused("unexcused_days", "more_than_all")
