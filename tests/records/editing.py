"""Devices that edit one record, each with its own view of it: the store's part, without the store."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any

from goes_mobile.protocol.merge import Dated, Registers, merge
from goes_mobile.protocol.operation import Operation, Scalar
from goes_mobile.records import assemble, diff, flatten

RECORD = "01920000-0000-7000-8000-000000000001"
SITE = "7738f8e4-375b-583d-8c96-584251abe21c"
NOW = "2026-03-01T15:30:00+01:00"

_ops = count(1)


def person(number: int = 1) -> str:
    return f"01920000-0000-7000-8000-0000000001{number:02d}"


class Device:
    """One device's copy of one record."""

    def __init__(self, name: str, kind: str = "encounter") -> None:
        self.name = name
        self.kind = kind
        self.held: list[Dated] = []

    @property
    def registers(self) -> Registers:
        return merge(self.held)

    @property
    def row(self) -> dict[str, Any]:
        return assemble(self.kind, self.registers)

    def write(self, **values: Any) -> dict[str, Scalar]:
        """Saves fields and returns the paths that the operation sets."""
        return self.put(values)

    def put(self, values: Mapping[str, Any]) -> dict[str, Scalar]:
        current = self.registers if self.held else None
        paths = flatten(self.kind, values, self.name, current, RECORD)
        self.append(paths, current.versions(paths) if current else {})
        return paths

    def save_form(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Scalar]:
        """What a form does that showed ``old`` and now says ``new``."""
        return self.put(diff(self.kind, old, new))

    def append(self, paths: Mapping[str, Scalar], seen: Mapping[str, tuple[bytes, ...]]) -> None:
        number = next(_ops)
        op = Operation(number.to_bytes(16, "big"), self.kind, RECORD, number << 16, paths, seen)
        self.held.append(Dated(op, self.name.encode(), op.hlc))

    def receive(self, *others: Device) -> None:
        for other in others:
            self.held = [*self.held, *other.held]


def together(*devices: Device) -> None:
    """Everybody gets what everybody has."""
    everything = [item for device in devices for item in device.held]
    for device in devices:
        device.held = list(everything)
