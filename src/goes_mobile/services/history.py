"""The history of a record in words: who, when, which field, from what to what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Literal

from goes_mobile.protocol.operation import DELETED, Scalar
from goes_mobile.records import registry
from goes_mobile.services import device_names, values
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.names import named
from goes_mobile.store.model import HistoryItem

Sort = Literal["made", "changed", "deleted", "restored"]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field. ``stands``: this is (one of) the values now; ``contested``: another version stands beside it.
    ``beside``: what else it replaced, if somebody decided between several versions."""

    path: str
    label: str
    old: str = field(repr=False)
    new: str = field(repr=False)
    stands: bool
    contested: bool
    beside: list[str] = field(default_factory=list, repr=False)


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One operation: what somebody saved at once."""

    op: str
    at: datetime
    who: Named | None
    device: str
    called: str
    """What the team calls the device; empty while nobody has named it."""
    here: bool
    """Done on this device."""
    sort: Sort
    changes: list[FieldChange]


def rows(desk: Desk, kind: str, record: str) -> list[HistoryRow]:
    """Everything that was done to a record, newest first."""
    items = desk.archive.history(kind, record)
    grouped = [list(group) for _, group in groupby(items, key=lambda item: item.op)]
    return [_row(desk, kind, group, first=n == len(grouped) - 1) for n, group in enumerate(grouped)]


def _row(desk: Desk, kind: str, items: Sequence[HistoryItem], *, first: bool) -> HistoryRow:
    top = items[0]
    untold = {DELETED, *(info.name for info in registry.kind(kind).blobs)}
    deletions = [item for item in items if item.path == DELETED]
    sort: Sort = "made" if first else "changed"
    if deletions:
        sort = "deleted" if deletions[0].new else "restored"
    return HistoryRow(
        top.op.hex(), top.at, named(desk, "member", top.member or None), top.device.hex(),
        device_names.called(desk, top.device.hex()),
        top.device.hex() == desk.me.device, sort,
        [_change(desk, kind, item) for item in sorted(items, key=lambda i: i.path) if item.path not in untold],
    )  # fmt: skip


def _change(desk: Desk, kind: str, item: HistoryItem) -> FieldChange:
    listed = values.element(desk, kind, item.path)

    def words(value: Scalar) -> str:
        if listed:  # "Getan: begleitet", not "Getan · begleitet: ja"
            return listed if value else ""
        return values.words(desk, kind, item.path, value)

    path = item.path.partition("/")[0] if listed else item.path
    return FieldChange(
        item.path, values.label(desk, kind, path), words(item.old), words(item.new), item.candidate, item.conflict,
        [words(other) for other in item.beside],
    )  # fmt: skip
