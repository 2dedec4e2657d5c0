"""Stops: the places the mobile site comes to."""

from datetime import time

from goes_mobile.records.base import Part, Parts, Record, record, shown
from goes_mobile.records.roles import STAFF
from goes_mobile.records.subject import of_org


class StopTime(Part):
    """A weekly time; ``weekday`` 1 Monday … 7 Sunday."""

    weekday: int | None = shown("Wochentag", "weekday", ge=1, le=7)
    starts: time | None = shown("von", "from")
    ends: time | None = shown("bis", "until")


@record("stop", de="Haltepunkt", en="Stop", icon="PLACE", stream=of_org, writers=STAFF)
class Stop(Record, table=True):
    name: str = shown("Name", "name", listed=True, searchable=True, limit=200)
    municipality: str = shown("Gemeinde", "municipality", listed=True, default="", limit=100)
    times: Parts[StopTime] = shown("Zeiten", "times")
    active: bool = shown("Wird angefahren", "active", default=True)
