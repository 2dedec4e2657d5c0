"""Requests to delete: who asks for what, and why. The order itself is in the control log and says a code alone."""

from goes_mobile.records.base import Code, Record, Ref, record, shown
from goes_mobile.records.roles import STAFF
from goes_mobile.records.subject import by_subject


@record("deletion_request", de="Löschantrag", en="Deletion request", icon="DELETE_FOREVER", stream=by_subject,
        writers=STAFF)  # fmt: skip
class DeletionRequest(Record, table=True):
    person: Ref | None = shown("Junger Mensch", "young person", ref="young_person", in_form=False)
    record_kind: Code = shown("Betrifft (Art)", "about (kind)", codes="kind", in_form=False)
    record: Ref = shown("Betrifft", "about", ref="*", in_form=False, index=True)
    reason: Code = shown("Grund", "reason", codes="deletion_reason", listed=True)
    declined: str = shown(
        "Abgelehnt, weil", "declined because", default="", sensitive=True, multiline=True, limit=500, in_form=False
    )
    text: str = shown("In Worten", "in words", default="", sensitive=True, multiline=True, limit=500)
