"""Sites: the Jugendbüros, the Workmobil, the youth offices."""

from goes_mobile.records.base import Code, Record, record, shown
from goes_mobile.records.roles import ADMINS
from goes_mobile.records.subject import of_org


@record("site", de="Einrichtung", en="Site", icon="APARTMENT", stream=of_org, writers=ADMINS)
class Site(Record, table=True):
    name: str = shown("Name", "name", listed=True, searchable=True, limit=200)
    short_name: str = shown("Kurzname", "short name", limit=60)
    kind: Code | None = shown("Art", "kind", codes="site_kind", listed=True)
    municipality: str = shown("Gemeinde", "municipality", listed=True, default="", limit=100)
    hours: str = shown("Öffnungszeiten", "hours", multiline=True, default="", limit=2_000)
    active: bool = shown("In Betrieb", "active", default=True)
