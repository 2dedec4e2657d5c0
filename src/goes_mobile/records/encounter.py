"""Encounters: what happened when someone from the team met young people."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from goes_mobile.records.base import EVERY_PURPOSE, HELP, Code, Record, Ref, Tally, record, shown
from goes_mobile.records.refusals import FieldRefused
from goes_mobile.records.roles import STAFF
from goes_mobile.records.subject import by_subject


@record("encounter", de="Begegnung", en="Encounter", icon="FORUM", stream=by_subject, writers=STAFF, dated="at")
class Encounter(Record, table=True):
    at: datetime = shown("Beginn", "start", listed=True, index=True, expected="past", purposes=EVERY_PURPOSE)
    minutes: int | None = shown("Minuten", "minutes", ge=0, le=1440, counted=True, purposes=EVERY_PURPOSE)
    place: Code | None = shown("Ort", "place", codes="place", listed=True, counted=True, purposes=EVERY_PURPOSE)
    place_note: str = shown("Ort, genauer", "place, in words", default="", listed=True, searchable=True)
    stop: Ref | None = shown("Haltepunkt", "stop", ref="stop", counted=True)
    municipality: str = shown("Gemeinde", "municipality", default="", counted=True, limit=100, purposes=EVERY_PURPOSE)
    setting: Code | None = shown("Rahmen", "setting", codes="setting", counted=True, purposes=EVERY_PURPOSE)
    work_form: Code | None = shown("Arbeitsform", "work form", codes="work_form", counted=True, purposes=EVERY_PURPOSE)
    contact_type: Code | None = shown("Kontakt", "contact", codes="contact_type", counted=True, purposes=EVERY_PURPOSE)
    people: list[Ref] = shown("Junger Mensch", "young person", ref="young_person", listed=True)
    head_counts: Tally = shown("Gezählt", "counted", cells=("age_band", "gender"), counted=True, purposes=EVERY_PURPOSE)
    topics: list[Code] = shown("Themen", "topics", codes="topic", listed=True, counted=True, purposes=EVERY_PURPOSE)
    actions: list[Code] = shown("Getan", "done", codes="action", counted=True, purposes=EVERY_PURPOSE)
    mood: int | None = shown("Stimmung", "mood", ge=1, le=5)
    note: str = shown("Notiz", "note", default="", sensitive=True, multiline=True, searchable=True, purposes=HELP)
    outcome: str = shown(
        "Ergebnis", "result", default="", sensitive=True, multiline=True, searchable=True, purposes=HELP
    )
    next_step: str = shown("Nächster Schritt", "next step", default="", sensitive=True, searchable=True, purposes=HELP)
    next_step_on: date | None = shown("Nächster Schritt am", "next step on", expected="future", purposes=HELP)
    outing: Ref | None = shown("Einsatz", "outing", ref="outing", index=True, in_form=False)
    draft: bool = shown("Entwurf", "draft", default=False, in_form=False)

    @classmethod
    def check(cls, values: Mapping[str, Any]) -> None:
        if len(values["people"]) > 1:  # nothing in a site's stream names a young person
            raise FieldRefused("people", "several_people")


def apart(values: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """An encounter with several known people without their names, and who gets a participation of their own."""
    people = sorted(set(values.get("people") or ()))
    if len(people) < 2:
        return dict(values), []
    return {name: value for name, value in values.items() if name != "people"}, people
