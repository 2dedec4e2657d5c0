"""Who changed what, when: read from the operations themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from goes_mobile.protocol.merge import Dated, merge
from goes_mobile.protocol.operation import DELETED, Scalar
from goes_mobile.records import registry
from goes_mobile.store.model import HistoryItem
from goes_mobile.store.projection import Opened, moment


def history(kind: str, operations: Sequence[Opened], member: Callable[[bytes], str]) -> list[HistoryItem]:
    """One item for each path each operation set, newest first; ``old`` is what it replaced, ``beside``
    what else if there were several versions."""
    if not operations:
        return []
    dated = sorted((item.dated() for item in operations), key=lambda d: (d.hlc, d.device, d.operation.op))
    registers = merge(dated)
    conflicts = {path for path in registers.conflicts() if registry.can_conflict(kind, path)}
    values: dict[tuple[str, bytes], Scalar] = {}
    moves = _moves(dated)
    items: list[HistoryItem] = []
    done: set[bytes] = set()
    for one in dated:
        operation = one.operation
        if operation.op in done:
            continue  # sealed again in a new chain: the same operation
        done.add(operation.op)
        for path, value in operation.set.items():
            if path == DELETED and operation.op in moves:
                continue
            seen = [v for (p, version), v in values.items() if p == path and version in operation.seen.get(path, ())]
            old = seen[-1] if seen else None
            stands = any(version.op == operation.op for version in registers.candidates.get(path, ()))
            items.append(HistoryItem(
                operation.op, moment(one.hlc), member(one.device), one.device, path, old, value,
                stands, stands and path in conflicts, _others(old, seen),
            ))  # fmt: skip
            values[path, operation.op] = value
    items.reverse()
    return items


def _others(old: Scalar, seen: Sequence[Scalar]) -> tuple[Scalar, ...]:
    """The other values among those replaced, each once, newest first."""
    return tuple(dict.fromkeys(value for value in reversed(seen) if value != old and value is not None))


def _moves(dated: Sequence[Dated]) -> set[bytes]:
    """The two operations of each move to another subject: gone there, here again, whole. Nobody deleted anything."""
    gone = {item.operation.op for item in dated if item.operation.set.get(DELETED) is True}
    moves: set[bytes] = set()
    for item in dated:
        operation = item.operation
        left = gone.intersection(operation.seen.get(DELETED, ()))
        if left and operation.set.get(DELETED) is False and len(operation.set) > 1:
            moves |= {operation.op, *left}
    return moves
