"""Materials: what lies in the offline library, for young people, schools and colleagues."""

from datetime import date

from goes_mobile.records.base import Code, Record, record, shown
from goes_mobile.records.roles import STAFF
from goes_mobile.records.subject import of_org


@record(
    "material",
    de="Material",
    en="Material",
    icon="FOLDER",
    stream=of_org,
    writers=STAFF,
    titled=("title",),
    general=True,
)
class Material(Record, table=True):
    title: str = shown("Titel", "title", listed=True, searchable=True, limit=200)
    kind: Code | None = shown("Art", "kind", codes="material_kind", listed=True)
    topics: list[Code] = shown("Themen", "topics", codes="topic", listed=True, counted=True)
    text: str = shown("Text", "text", default="", multiline=True, searchable=True)
    edition: str = shown("Fassung", "version", default="", listed=True, limit=60)
    valid_until: date | None = shown("Gültig bis", "valid until", listed=True, expected="future")
    pinned: bool = shown("Oben halten", "keep on top", default=False)
    media_type: str = shown("Format", "format", default="", in_form=False)
    size: int = shown("Größe", "size", default=0, ge=0, in_form=False)
    content: str | None = shown("Inhalt", "content", blob=True, in_form=False)
