"""Referrals: a young person's file offered to another site, to be shared with it or handed over to it."""

from datetime import date

from goes_mobile.records.base import HELP, Code, Record, Ref, record, shown
from goes_mobile.records.roles import STAFF
from goes_mobile.records.subject import by_subject


@record("referral", de="Vermittlung", en="Referral", icon="CALL_SPLIT", stream=by_subject, writers=STAFF)
class Referral(Record, table=True):
    person: Ref = shown("Junger Mensch", "young person", ref="young_person", in_form=False)
    to: Ref = shown("An", "to", ref="site", listed=True, counted=True)
    mode: Code = shown("Wie", "how", codes="referral_mode", listed=True)
    reason: str = shown("Warum", "why", default="", sensitive=True, multiline=True, purposes=HELP, limit=500)
    handover: Code | None = shown("Übergabe", "handover", codes="handover")
    sent_on: date = shown("Angeboten am", "offered on", listed=True, in_form=False, expected="past")
    accepted_on: date | None = shown("Angenommen am", "accepted on", listed=True, in_form=False)
    declined_on: date | None = shown("Abgelehnt am", "declined on", listed=True, in_form=False)
    declined_because: str = shown("Abgelehnt, weil", "declined because", default="", sensitive=True, in_form=False,
                                  multiline=True, limit=500)  # fmt: skip
    ended_on: date | None = shown("Beendet am", "ended on", listed=True, in_form=False)
    ended_because: str = shown("Beendet, weil", "ended because", default="", sensitive=True, in_form=False,
                               multiline=True, limit=500)  # fmt: skip
