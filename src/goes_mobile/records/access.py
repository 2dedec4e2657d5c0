"""Accesses: when one device first opened, or gave out, something of a file on a day. Noted by the program itself.

One record for each month: a record's operations are merged anew with each note, so their number must have a bound.
"""

from datetime import datetime

from goes_mobile.records.base import Code, Part, Parts, Record, Ref, record, shown
from goes_mobile.records.roles import STAFF
from goes_mobile.records.subject import by_subject


class Look(Part):
    """The first of its sort on its day; its id tells both, so that a second one writes nothing."""

    what: Code | None = shown("Was", "what", codes="access")
    at: datetime | None = shown("Wann", "when")
    document: Ref | None = shown("Dokument", "document", ref="attachment")


@record("access", de="Zugriff", en="Access", icon="VISIBILITY", stream=by_subject, writers=STAFF, trace=True)
class Access(Record, table=True):
    person: Ref = shown("Junger Mensch", "young person", ref="young_person", in_form=False, index=True)
    device: str = shown("Gerät", "device", in_form=False, limit=64)
    looks: Parts[Look] = shown("Zugriffe", "accesses", in_form=False)
