"""„Zwei Fassungen“: two people changed the same field without knowing of each other. Nothing is thrown away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from sqlmodel import col, select

from goes_mobile.protocol.merge import Registers, Version
from goes_mobile.protocol.operation import DELETED, Scalar
from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records import registry
from goes_mobile.services import device_names, values
from goes_mobile.services.desk import Desk, Named, Versions
from goes_mobile.services.names import named, title
from goes_mobile.store.change import Change
from goes_mobile.store.model import HistoryItem

_SENTENCE = re.compile(r"[^.!?…\n]+[.!?…]*\s*|\n+")


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A record that waits for a decision."""

    kind: str
    id: str
    title: str = field(repr=False)
    fields: int
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence of a version; ``differs`` from every other version."""

    text: str = field(repr=False)
    differs: bool


@dataclass(frozen=True, slots=True)
class VersionView:
    op: str
    value: Scalar = field(repr=False)
    words: str = field(repr=False)
    pieces: list[Piece] = field(repr=False)
    who: Named | None
    at: datetime | None
    device: str
    called: str
    here: bool
    shown: bool
    """The one that lists and forms show until somebody decides."""


@dataclass(frozen=True, slots=True)
class Contested:
    """One field with several versions. ``joinable``: free text, both can be kept one after the other."""

    path: str
    label: str
    multiline: bool
    joinable: bool
    deletion: bool
    versions: list[VersionView]
    joined: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settled:
    """A field somebody has decided already."""

    path: str
    label: str
    words: str = field(repr=False)
    versions: list[tuple[Named | None, str]] = field(repr=False)
    by: Named | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ConflictCard:
    kind: str
    id: str
    title: str = field(repr=False)
    open: list[Contested]
    settled: list[Settled]
    base: Versions
    """What this card shows; a decision names it, so a third version arriving meanwhile is not lost."""


def all_open(desk: Desk) -> list[RecordLine]:
    """Every record with an undecided field, newest first."""
    found = []
    for kind in registry.kinds():
        query = select(kind.cls).where(col(kind.cls.conflicts) != "")
        for record in desk.read.exec(query):
            fields = record.conflicts.count('"') // 2
            found.append(RecordLine(kind.name, record.id, title(desk, kind.name, record.id), fields, record.changed_at))
    return sorted(found, key=lambda line: (line.changed_at or desk.now, line.id), reverse=True)


def card(desk: Desk, kind: str, record: str) -> ConflictCard:
    registers = desk.archive.registers(kind, record)
    items = desk.archive.history(kind, record)
    paths = [path for path in registers.conflicts() if registry.can_conflict(kind, path)]
    return ConflictCard(
        kind, record, title(desk, kind, record),
        [_contested(desk, kind, path, registers, items) for path in sorted(paths)],
        _settled(desk, kind, items, set(paths)), registers.versions(paths),
    )  # fmt: skip


def _contested(desk: Desk, kind: str, path: str, registers: Registers, items: Sequence[HistoryItem]) -> Contested:
    info = values.field_of(kind, path)
    when = {(item.op, item.path): item for item in items}
    versions = _distinct(registers.candidates[path])
    texts = [str(version.value or "") for version in versions]
    views = [
        _version(desk, kind, path, version, when.get((version.op, path)), texts, shown=n == 0)
        for n, version in enumerate(versions)
    ]
    free_text = info is not None and info.shape == "plain" and info.type is str and not info.codes and not info.ref
    return Contested(
        path, values.label(desk, kind, path), bool(info and info.multiline), free_text, path == DELETED, views,
        joined(texts) if free_text else "",
    )  # fmt: skip


def _distinct(versions: Sequence[Version]) -> list[Version]:
    """One for each value: two people who wrote the same have no quarrel."""
    found: dict[tuple[str, Scalar], Version] = {}
    for version in versions:
        found.setdefault((type(version.value).__name__, version.value), version)
    return list(found.values())


def _version(
    desk: Desk, kind: str, path: str, version: Version, item: HistoryItem | None, texts: Sequence[str], *, shown: bool
) -> VersionView:
    device = version.device.hex()
    own = str(version.value or "")
    others = [text for text in texts if text != own]
    return VersionView(
        version.op.hex(), version.value, values.words(desk, kind, path, version.value), pieces(own, others),
        named(desk, "member", item.member or None) if item else None, item.at if item else None,
        device, device_names.called(desk, device), device == desk.me.device, shown,
    )  # fmt: skip


def pieces(text: str, others: Sequence[str]) -> list[Piece]:
    """A text by sentences, those marked that no other version has."""
    known = {sentence.strip() for other in others for sentence in _SENTENCE.findall(other)}
    return [Piece(s, s.strip() not in known and bool(s.strip())) for s in _SENTENCE.findall(text)]


def joined(texts: Sequence[str]) -> str:
    """All versions one after the other; sentences they share stand once."""
    kept = texts[0].rstrip() if texts else ""
    for text in texts[1:]:
        new = "".join(piece.text for piece in pieces(text, [kept]) if piece.differs).strip()
        kept = f"{kept}\n{new}" if kept and new else kept or new
    return kept


def _settled(desk: Desk, kind: str, items: Sequence[HistoryItem], still_open: set[str]) -> list[Settled]:
    """Fields that had two versions until somebody who knew both decided."""
    by_path: dict[str, list[HistoryItem]] = {}
    for item in reversed(items):
        if registry.can_conflict(kind, item.path) and item.path not in still_open:
            by_path.setdefault(item.path, []).append(item)
    found = []
    for path, told in by_path.items():
        apart = [(a, b) for a, b in pairwise(told) if b.old == a.old and a.new != b.new]  # both replaced the same
        if not apart or told[-1] is apart[-1][1]:
            continue
        decided = told[-1]
        sides = [(named(desk, "member", i.member or None), values.words(desk, kind, path, i.new)) for i in apart[-1]]
        found.append(Settled(
            path, values.label(desk, kind, path), values.words(desk, kind, path, decided.new), sides,
            named(desk, "member", decided.member or None), decided.at,
        ))  # fmt: skip
    return sorted(found, key=lambda s: s.at, reverse=True)


def take(desk: Desk, kind: str, record: str, path: str, op: str, base: Versions | None = None) -> list[Change]:
    """„Diese Fassung nehmen“. The other one stays in the history."""
    for version in _candidates(desk, kind, record, path):
        if version.op.hex() == op:
            return _decided(kind, record, path, version.value, base)
    raise InputRefused("unknown_version", field=path)


def join(desk: Desk, kind: str, record: str, path: str, base: Versions | None = None) -> list[Change]:
    """„Beide aneinanderhängen“."""
    texts = [str(version.value or "") for version in _distinct(_candidates(desk, kind, record, path))]
    return _decided(kind, record, path, joined(texts), base)


def write_own(
    desk: Desk, kind: str, record: str, path: str, value: Scalar, base: Versions | None = None
) -> list[Change]:
    """A version of its own, made from both."""
    _candidates(desk, kind, record, path)
    return _decided(kind, record, path, value, base)


def _candidates(desk: Desk, kind: str, record: str, path: str) -> list[Version]:
    found = desk.archive.registers(kind, record).candidates.get(path)
    if not found:
        raise InputRefused("unknown_version", field=path)
    return found


def _decided(kind: str, record: str, path: str, value: Scalar, base: Versions | None) -> list[Change]:
    return [Change(kind, record, {path: value}, base=base)]
