"""Goals: what somebody wants, in their own words, and the steps there."""

from datetime import date

from goes_mobile.records.base import EVERY_PURPOSE, HELP, Code, Part, Parts, Record, Ref, record, shown
from goes_mobile.records.roles import STAFF
from goes_mobile.records.subject import by_subject


class Step(Part):
    """One step: what, who, until when."""

    what: str = shown("Schritt", "step", default="", sensitive=True, searchable=True, limit=500, purposes=HELP)
    who: str = shown("Wer", "who", default="", sensitive=True, limit=200)
    due: date | None = shown("Bis", "until")
    done: date | None = shown("Geschafft am", "done on")


@record(
    "goal",
    de="Ziel",
    en="Goal",
    icon="FORMAT_QUOTE",
    stream=by_subject,
    writers=STAFF,
    titled=("wording",),
    general=True,
)
class Goal(Record, table=True):
    person: Ref = shown("Junger Mensch", "young person", ref="young_person", in_form=False, index=True)
    case: Ref | None = shown("Begleitung", "case", ref="case", in_form=False)
    wording: str = shown(
        "Ziel, in eigenen Worten",
        "goal, in their own words",
        listed=True,
        sensitive=True,
        multiline=True,
        searchable=True,
        limit=1000,
        purposes=HELP,
    )
    life_domain: Code | None = shown(
        "Lebensbereich", "life domain", codes="life_domain", listed=True, counted=True, purposes=EVERY_PURPOSE
    )
    steps: Parts[Step] = shown("Schritte", "steps")
    review_on: date | None = shown("Wieder ansehen am", "look again on", listed=True, index=True, expected="future")
    attainment: Code | None = shown(
        "Wie weit", "how far", codes="attainment", listed=True, counted=True, purposes=EVERY_PURPOSE
    )
    signed_by_person: date | None = shown(
        "Vom jungen Menschen unterschrieben am", "signed by the young person on", in_form=False
    )
    signature: str = shown("Unterschrift", "signature", default="", sensitive=True, in_form=False, limit=60_000)
