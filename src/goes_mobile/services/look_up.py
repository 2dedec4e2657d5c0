"""One search over everything this device may see."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from goes_mobile.records import registry
from goes_mobile.records.base import Record
from goes_mobile.records.young_person import YoungPerson
from goes_mobile.services import consents, encounters, people
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.names import named, title

TEXT_FIELDS = ("note", "text", "comment", "done_note", "outcome", "observation")


@dataclass(frozen=True, slots=True)
class Found:
    kind: str
    id: str
    title: str = field(repr=False)
    snippet: str = field(repr=False)
    at: datetime | None
    by: Named | None


def everything(desk: Desk, text: str, limit: int = 30) -> list[Found]:
    """Young people who sound like it first, then every record that holds the words."""
    if not text.strip():
        return []
    found = [
        Found("young_person", line.id, line.alias, line.municipality, line.last_contact, None)
        for line in people.find(desk, text, limit=5)
    ]
    known = {item.id for item in found}
    for hit in desk.archive.search(text, None, limit):
        if hit.id not in known:
            record = desk.read.get(registry.kind(hit.kind).cls, hit.id)
            if record is not None and not record.deleted and not _closed(desk, record):
                found.append(_found(desk, hit.kind, record))
    return found[:limit]


def _closed(desk: Desk, record: Record) -> bool:
    """A file in which the words may stand where nobody may read them now; its alias and open names are found anyway."""
    if not isinstance(record, YoungPerson):
        return False
    return any(getattr(record, name) for name in consents.closed_fields(consents.allowed(desk, record.id)))


def _found(desk: Desk, kind: str, record: object) -> Found:
    text = next((getattr(record, name) for name in TEXT_FIELDS if getattr(record, name, "")), "")
    at = getattr(record, "at", None) or getattr(record, "created_at", None)
    record_id = str(getattr(record, "id", ""))
    return Found(
        kind, record_id, title(desk, kind, record_id), encounters.snippet(text), at,
        named(desk, "member", getattr(record, "created_by", "") or None),
    )  # fmt: skip
