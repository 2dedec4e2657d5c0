"""Reviews: a supervisor's verdict on the version of a record that was on the screen."""

from goes_mobile.records.base import Code, Record, Ref, record, shown
from goes_mobile.records.roles import SUPERVISORS
from goes_mobile.records.subject import by_subject


@record("review", de="Prüfung", en="Review", icon="FACT_CHECK", stream=by_subject, writers=SUPERVISORS)
class Review(Record, table=True):
    record_kind: Code = shown("Geprüft (Art)", "reviewed (kind)", codes="kind", in_form=False)
    record: Ref = shown("Geprüft", "reviewed", ref="*", in_form=False, index=True)
    person: Ref | None = shown("Junger Mensch", "young person", ref="young_person", in_form=False)
    verdict: Code = shown("Urteil", "verdict", codes="verdict", listed=True, counted=True)
    comment: str = shown("Kommentar", "comment", default="", sensitive=True, multiline=True, searchable=True)
    seen: str = shown("Gesehene Fassung", "version seen", default="", in_form=False, limit=64)
    """The digest of the field versions shown; approved holds only while it matches."""
