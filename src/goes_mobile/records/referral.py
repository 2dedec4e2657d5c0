"""Referrals: somebody sent on to a partner, or their file offered to another site, to be shared or handed over."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from goes_mobile.records.base import EVERY_PURPOSE, HELP, Code, Record, Ref, record, shown
from goes_mobile.records.refusals import FieldRefused
from goes_mobile.records.roles import STAFF
from goes_mobile.records.subject import by_subject


@record("referral", de="Vermittlung", en="Referral", icon="CALL_SPLIT", stream=by_subject, writers=STAFF,
        dated="sent_on", titled=("partner", "to"), general=True)  # fmt: skip
class Referral(Record, table=True):
    person: Ref = shown("Junger Mensch", "young person", ref="young_person", in_form=False)
    partner: Ref | None = shown("An", "to", ref="partner", listed=True, counted=True)
    to: Ref = shown("An die Einrichtung", "to the site", ref="site", default="", listed=True, counted=True,
                    in_form=False)  # fmt: skip
    mode: Code | None = shown("Wie", "how", codes="referral_mode", listed=True, in_form=False)
    reason: str = shown("Warum", "why", default="", sensitive=True, multiline=True, purposes=HELP, limit=500)
    handover: Code | None = shown("Übergabe", "handover", codes="handover")
    sent_on: date = shown("Angeboten am", "offered on", listed=True, begins="today", expected="past")
    arrived: Code | None = shown("Angekommen", "arrived", codes="arrival", listed=True, counted=True,
                                 purposes=EVERY_PURPOSE)  # fmt: skip
    arrived_on: date | None = shown("Angekommen am", "arrived on", expected="past")
    result: str = shown("Ergebnis", "result", default="", sensitive=True, multiline=True, purposes=HELP, limit=500)
    accepted_on: date | None = shown("Angenommen am", "accepted on", listed=True, in_form=False)
    declined_on: date | None = shown("Abgelehnt am", "declined on", listed=True, in_form=False)
    declined_because: str = shown("Abgelehnt, weil", "declined because", default="", sensitive=True, in_form=False,
                                  multiline=True, limit=500)  # fmt: skip
    ended_on: date | None = shown("Beendet am", "ended on", listed=True, in_form=False)
    ended_because: str = shown("Beendet, weil", "ended because", default="", sensitive=True, in_form=False,
                               multiline=True, limit=500)  # fmt: skip

    @classmethod
    def check(cls, values: Mapping[str, Any]) -> None:
        if not values["to"] and not values["partner"]:
            raise FieldRefused("partner", "required")
