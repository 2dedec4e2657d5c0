"""Answers: the author's reply to a supervisor's question."""

from goes_mobile.records.base import Record, Ref, record, shown
from goes_mobile.records.roles import STAFF
from goes_mobile.records.subject import by_subject


@record("review_answer", de="Antwort", en="Answer", icon="REPLY", stream=by_subject, writers=STAFF)
class ReviewAnswer(Record, table=True):
    review: Ref = shown("Prüfung", "review", ref="review", in_form=False, index=True)
    person: Ref | None = shown("Junger Mensch", "young person", ref="young_person", in_form=False)
    text: str = shown("Antwort", "answer", listed=True, sensitive=True, multiline=True, searchable=True)
