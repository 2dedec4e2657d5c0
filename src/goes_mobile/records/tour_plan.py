"""Tour plans: which stops the mobile site comes to on a weekday, and when."""

from datetime import time

from goes_mobile.records.base import Code, Part, Parts, Record, Ref, record, shown
from goes_mobile.records.roles import STAFF
from goes_mobile.records.subject import of_site


class PlannedStop(Part):
    """One stop of the tour."""

    stop: Ref | None = shown("Haltepunkt", "stop", ref="stop")
    arrives: time | None = shown("Ankunft", "arrives")
    leaves: time | None = shown("Abfahrt", "leaves")


@record(
    "tour_plan",
    de="Tourplan",
    en="Tour plan",
    icon="ROUTE",
    stream=of_site,
    writers=STAFF,
    titled=("name",),
    general=True,
)
class TourPlan(Record, table=True):
    name: str = shown("Name", "name", listed=True, searchable=True, limit=100)
    weekdays: list[Code] = shown("Wochentage", "weekdays", codes="weekday", listed=True)
    starts: time | None = shown("Beginn", "starts", listed=True)
    team: list[Ref] = shown("Team", "team", ref="member", listed=True)
    vehicle: str = shown("Fahrzeug", "vehicle", default="", limit=100)
    stops: Parts[PlannedStop] = shown("Haltepunkte", "stops")
    active: bool = shown("Wird gefahren", "active", default=True)
