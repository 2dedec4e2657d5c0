"""Cases: a time of accompaniment, from the way in to the way out."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from goes_mobile.records.base import EVERY_PURPOSE, Code, Record, Ref, record, shown
from goes_mobile.records.refusals import FieldRefused
from goes_mobile.records.roles import STAFF
from goes_mobile.records.subject import by_subject

OVER = ("closed", "lost")
"""States in which nobody works on it any more."""


@record("case", de="Begleitung", en="Case", icon="ROUTE", stream=by_subject, writers=STAFF, dated="starts",
        titled=("module", "state"), general=True)  # fmt: skip
class Case(Record, table=True):
    person: Ref = shown("Junger Mensch", "young person", ref="young_person", in_form=False, index=True)
    starts: date = shown("Beginn", "starts", listed=True, begins="today", purposes=EVERY_PURPOSE)
    access_route: Code | None = shown("Zugang", "way in", codes="access_route", counted=True, purposes=EVERY_PURPOSE)
    coach: Ref | None = shown("Begleitet von", "coach", ref="member", listed=True, begins="me")
    module: Code | None = shown("Baustein", "module", codes="module", counted=True, purposes=EVERY_PURPOSE)
    state: Code = shown(
        "Stand", "state", codes="case_state", default="open", listed=True, counted=True, purposes=EVERY_PURPOSE
    )
    ends: date | None = shown("Ende", "ends", listed=True, purposes=EVERY_PURPOSE)
    end_reason: Code | None = shown(
        "Warum zu Ende", "why it ended", codes="end_reason", counted=True, purposes=EVERY_PURPOSE
    )

    @classmethod
    def check(cls, values: Mapping[str, Any]) -> None:
        if values["ends"] and values["ends"] < values["starts"]:
            raise FieldRefused("ends", "ends_before_start")
        if values["state"] == "closed" and not values["ends"]:
            raise FieldRefused("ends", "closed_without_end")
