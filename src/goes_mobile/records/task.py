"""Tasks: what somebody will do by when."""

from datetime import date, datetime

from goes_mobile.records.base import HELP, Code, Record, Ref, record, shown
from goes_mobile.records.roles import STAFF
from goes_mobile.records.subject import by_subject


@record(
    "task",
    de="Wiedervorlage",
    en="Task",
    icon="TASK_ALT",
    stream=by_subject,
    writers=STAFF,
    dated="due",
    titled=("title",),
)
class Task(Record, table=True):
    title: str = shown("Was", "what", listed=True, sensitive=True, searchable=True, purposes=HELP)
    due: date | None = shown("Fällig am", "due", listed=True, index=True, expected="future")
    assignee: Ref | None = shown("Wer", "who", ref="member", listed=True)
    person: Ref | None = shown("Junger Mensch", "young person", ref="young_person", listed=True, index=True)
    about_kind: Code | None = shown("Gehört zu (Art)", "about (kind)", codes="kind", in_form=False)
    about_id: Ref | None = shown("Gehört zu", "about", ref="*", in_form=False, index=True)
    done_at: datetime | None = shown("Erledigt am", "done at", listed=True, in_form=False)
    done_note: str = shown("Ergebnis", "result", default="", sensitive=True, multiline=True, searchable=True)
