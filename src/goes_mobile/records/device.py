"""Devices by name: what the team calls the tablets, phones and computers it works with."""

from goes_mobile.records.base import Record, record, shown
from goes_mobile.records.roles import STAFF
from goes_mobile.records.subject import of_org


@record("device", de="Gerät", en="Device", icon="DEVICES", stream=of_org, writers=STAFF)
class Device(Record, table=True):
    name: str = shown("Name", "name", listed=True, limit=60)
