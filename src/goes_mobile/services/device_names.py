"""What a device is called: „Android-Gerät Workmobil“ instead of the beginning of its id."""

from __future__ import annotations

import itertools

from sqlmodel import select

from goes_mobile.protocol.ids import device_id
from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records.device import Device
from goes_mobile.records.roles import ADMINS
from goes_mobile.services.desk import Desk
from goes_mobile.services.names import name_of
from goes_mobile.store.change import Change

_WORDS = {"android": "Android-Gerät", "ios": "Apple-Gerät", "darwin": "Mac", "win32": "Windows-Rechner",
          "linux": "Rechner"}  # fmt: skip


def called(desk: Desk, device: str) -> str:
    """The name of the device with this hexadecimal id; empty while nobody has named it."""
    found = desk.read.get(Device, device_id(bytes.fromhex(device))) if device else None
    return found.name if found else ""


def first(desk: Desk, platform: str) -> list[Change]:
    """A name for this device, unless it has one: its sort, and the member's site (or, of several, their own name)."""
    record = device_id(bytes.fromhex(desk.me.device))
    if desk.read.get(Device, record) is not None:
        return []
    of = name_of(desk, "site", desk.me.site) if len(desk.me.sites) == 1 else desk.me.name
    plain = f"{_WORDS.get(platform, 'Gerät')} {of}".strip()[:55]
    taken = set(desk.read.exec(select(Device.name)))
    names = (plain if number == 1 else f"{plain} {number}" for number in itertools.count(1))
    return [Change("device", record, {"name": next(name for name in names if name not in taken)})]


def may_rename(desk: Desk, member: str) -> bool:
    """Its holder, and administrators; every reader of the name checks it again."""
    return member == desk.me.member or desk.me.role in ADMINS


def rename(desk: Desk, device: str, name: str) -> list[Change]:
    """Call a device something else."""
    if not may_rename(desk, desk.archive.member_of(bytes.fromhex(device))):
        raise InputRefused("not_your_device")
    if not name.strip():
        raise InputRefused("required", field="name")
    return [Change("device", device_id(bytes.fromhex(device)), {"name": name.strip()})]
