"""Members: the people of the staff."""

from goes_mobile.records.base import Code, Record, Ref, record, shown
from goes_mobile.records.roles import LEADS
from goes_mobile.records.subject import of_org


@record("member", de="Mitarbeitende", en="Member of staff", icon="BADGE", stream=of_org, writers=LEADS)
class Member(Record, table=True):
    name: str = shown("Name", "name", listed=True, searchable=True, limit=200)
    role: Code | None = shown("Rolle", "role", codes="role", listed=True)
    sites: list[Ref] = shown("Einrichtungen", "sites", ref="site", listed=True)
    active: bool = shown("Aktiv", "active", default=True)
