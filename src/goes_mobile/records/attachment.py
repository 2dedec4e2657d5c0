"""Attachments: photos and documents in a young person's file. The content lies sealed beside the record."""

from goes_mobile.records.base import HELP, Code, Record, Ref, record, shown
from goes_mobile.records.roles import STAFF
from goes_mobile.records.subject import by_subject


@record(
    "attachment", de="Dokument", en="Document", icon="DESCRIPTION", stream=by_subject, writers=STAFF, titled=("name",)
)
class Attachment(Record, table=True):
    person: Ref = shown("Gehört zu", "about", ref="young_person", in_form=False)
    name: str = shown("Name", "name", listed=True, sensitive=True, searchable=True, limit=200, purposes=HELP)
    kind: Code | None = shown("Art", "kind", codes="attachment_kind", listed=True)
    media_type: str = shown("Format", "format", in_form=False)
    size: int = shown("Größe", "size", ge=0, in_form=False)
    content: str = shown("Inhalt", "content", blob=True, sensitive=True, in_form=False)
    thumbnail: str | None = shown("Vorschau", "preview", blob=True, sensitive=True, in_form=False)
