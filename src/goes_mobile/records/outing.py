"""Outings: a day on the road, stop by stop."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from goes_mobile.records.base import EVERY_PURPOSE, Code, Count, Part, Parts, Record, Ref, Tally, record, shown
from goes_mobile.records.refusals import FieldRefused
from goes_mobile.records.roles import STAFF
from goes_mobile.records.subject import of_site


class StopVisit(Part):
    """One stop of the tour."""

    stop: Ref | None = shown("Haltepunkt", "stop", ref="stop")
    place_name: str = shown("Ort", "place", default="", searchable=True, limit=200)
    arrived: datetime | None = shown("Ankunft", "arrived")
    left: datetime | None = shown("Abfahrt", "left")
    head_count: Count = shown("Junge Menschen", "young people", counted=True)
    weather: Code | None = shown("Wetter", "weather", codes="weather")
    observation: str = shown("Beobachtung", "observation", default="", sensitive=True, multiline=True, searchable=True)


@record("outing", de="Einsatz", en="Outing", icon="AIRPORT_SHUTTLE", stream=of_site, writers=STAFF, dated="day")
class Outing(Record, table=True):
    day: date = shown("Tag", "day", listed=True, index=True, purposes=EVERY_PURPOSE)
    starts: datetime | None = shown("Beginn", "starts", listed=True)
    ends: datetime | None = shown("Ende", "ends", listed=True)
    team: list[Ref] = shown("Team", "team", ref="member", listed=True)
    vehicle: str = shown("Fahrzeug", "vehicle", default="", limit=100)
    stops: Parts[StopVisit] = shown("Haltepunkte", "stops")
    programme: str = shown("Gruppenangebot", "group programme", default="", searchable=True, limit=200)
    programme_at: datetime | None = shown("Gruppenangebot um", "group programme at", in_form=False)
    attendance: Tally = shown("Beim Gruppenangebot dabei", "attended the group programme", cells=("age_band", "gender"))
    note: str = shown("Notiz", "note", default="", sensitive=True, multiline=True, searchable=True)

    @classmethod
    def check(cls, values: Mapping[str, Any]) -> None:
        if values["starts"] and values["ends"] and values["ends"] < values["starts"]:
            raise FieldRefused("ends", "ends_before_start")
        for visit in values["stops"].values():
            if visit.arrived and visit.left and visit.left < visit.arrived:
                raise FieldRefused("stops/left", "ends_before_start")
