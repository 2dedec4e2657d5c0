"""Merging: each path of a record is a multi-value register.

``merge`` is a pure function of the *set* of a record's operations: order, repetition and the road they took do not
matter, so devices that hold the same operations show the same record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from goes_mobile.protocol.operation import DELETED, Operation, Scalar


@dataclass(slots=True)
class Dated:
    """An operation with what the entry around it adds: who sealed it and when it counts (effective HLC)."""

    operation: Operation
    device: bytes
    hlc: int


@dataclass(frozen=True, slots=True)
class Version:
    """One candidate value of a path."""

    op: bytes
    value: Scalar = field(repr=False)
    hlc: int
    device: bytes


@dataclass(slots=True)
class Registers:
    """The merged state of one record: per path its candidates, the one to show first."""

    kind: str
    record: str
    candidates: dict[str, list[Version]]
    first: Dated
    last: Dated

    def shown(self, path: str) -> Scalar:
        """The value to show; ``None`` if the path was never set."""
        versions = self.candidates.get(path)
        return versions[0].value if versions else None

    def conflicts(self, plain: Collection[str] | None = None) -> list[str]:
        """Paths with different candidate values. ``plain`` limits it to paths that can conflict at all."""
        return [
            path
            for path, versions in self.candidates.items()
            if len(versions) > 1 and (plain is None or path in plain) and len({_same(v.value) for v in versions}) > 1
        ]

    def versions(self, paths: Iterable[str]) -> dict[str, tuple[bytes, ...]]:
        """What an operation that sets ``paths`` now has seen."""
        return {p: tuple(v.op for v in self.candidates[p]) for p in paths if p in self.candidates}

    def deleted(self) -> bool:
        """Deleted, and nobody wrote to it without knowing."""
        versions = self.candidates.get(DELETED)
        return bool(versions) and all(version.value for version in versions or ())


def merge(dated: Iterable[Dated]) -> Registers:
    """The registers of one record from all operations on it (at least one)."""
    ordered = sorted(_unique(dated), key=lambda item: (item.hlc, item.device, item.operation.op), reverse=True)
    replaced: dict[str, set[bytes]] = {}
    for item in ordered:
        for path, versions in item.operation.seen.items():
            if path in item.operation.set:  # a deletion has seen more than it replaces
                replaced.setdefault(path, set()).update(versions)
    candidates: dict[str, list[Version]] = {}
    for item in ordered:
        operation = item.operation
        for path, value in operation.set.items():
            if operation.op not in replaced.get(path, ()):
                candidates.setdefault(path, []).append(Version(operation.op, value, item.hlc, item.device))
    _spare_unseen_edits(ordered, candidates)
    newest = ordered[0]
    return Registers(newest.operation.kind, newest.operation.record, candidates, first=ordered[-1], last=newest)


def _spare_unseen_edits(ordered: list[Dated], candidates: dict[str, list[Version]]) -> None:
    """A deletion names in ``seen`` all it knew. An edit it did not know stands against it: an undecided conflict."""
    deletions = {v.op: v for v in candidates.get(DELETED, ()) if v.value}
    if not deletions:
        return
    known = set(deletions)
    for item in ordered:
        if item.operation.op in deletions:
            for versions in item.operation.seen.values():
                known.update(versions)
    unseen = [v for path, standing in candidates.items() if path != DELETED for v in standing if v.op not in known]
    edit = max(unseen, key=_age, default=None)
    if edit is not None and all(edit.op != version.op for version in candidates[DELETED]):
        candidates[DELETED].append(Version(edit.op, False, edit.hlc, edit.device))
        candidates[DELETED].sort(key=_age, reverse=True)


def _age(version: Version) -> tuple[int, bytes, bytes]:
    return (version.hlc, version.device, version.op)


def _unique(dated: Iterable[Dated]) -> list[Dated]:
    """Each operation once. Sealed again in a second entry it counts as of its earliest; a different one that was given
    the same id (by a mistake, or to displace it) stands beside it."""
    found: dict[bytes, list[Dated]] = {}
    for item in dated:
        found.setdefault(item.operation.op, []).append(item)
    unique: list[Dated] = []
    for items in found.values():
        if len(items) == 1:
            unique += items
            continue
        same: dict[str, Dated] = {}
        for item in sorted(items, key=lambda item: (item.hlc, item.device)):
            same.setdefault(_content(item.operation), item)
        unique += [same[content] for content in sorted(same)]
    return unique


def _content(operation: Operation) -> str:
    return repr((
        operation.kind, operation.record, operation.hlc, sorted(operation.set.items()), sorted(operation.seen.items())
    ))  # fmt: skip


def fingerprint(operations: Iterable[bytes]) -> str:
    """A short fingerprint of the operations behind what is on the screen: *approved* holds only while it matches."""
    known = sorted(set(operations))
    return known[0].hex() if len(known) == 1 else hashlib.sha256(b"".join(known)).hexdigest()[:32]


def _same(value: Scalar) -> tuple[str, Scalar]:
    return (type(value).__name__, value)  # True == 1 in Python, not here
