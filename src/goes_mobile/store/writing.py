"""From changes to entries: the first half of the walk of a tap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from goes_mobile.protocol import clear
from goes_mobile.protocol.clock import HybridClock
from goes_mobile.protocol.entry import CLEAR, open_body, peek
from goes_mobile.protocol.ids import new_id_bytes, to_bytes
from goes_mobile.protocol.ledger import Ledger
from goes_mobile.protocol.merge import Registers, merge
from goes_mobile.protocol.operation import DELETED, Operation, Scalar, encode
from goes_mobile.protocol.problems import GoesError, InputRefused
from goes_mobile.protocol.streams import StreamRef
from goes_mobile.records import registry
from goes_mobile.records.reading import assemble, row_of
from goes_mobile.records.values import flatten
from goes_mobile.store.chains import Chains
from goes_mobile.store.change import Change, Saved
from goes_mobile.store.journal import Journal
from goes_mobile.store.projection import Opened, Projection
from goes_mobile.vault.keyring import Keyring, OpenedKey


@dataclass(frozen=True, slots=True)
class Written:
    """One change on its way: what is told to the caller, and the operation to apply (none if nothing changed)."""

    saved: Saved
    opened: Opened | None


@dataclass
class Writer:
    """Writes one plan, inside one transaction of the journal."""

    keyring: Keyring
    ledger: Ledger
    projection: Projection
    chains: Chains
    journal: Journal
    clock: HybridClock
    now_ms: int
    new_keys: list[OpenedKey] = field(default_factory=list)
    _pending: dict[str, list[Opened]] = field(default_factory=dict)
    _homes: dict[str, bytes] = field(default_factory=dict)

    def write(self, changes: Sequence[Change]) -> list[Written]:
        """All changes, or none: the caller's transaction rolls back what was appended before a refusal."""
        self._may_write({change.kind for change in changes})
        return [written for change in changes for written in self._write(change)]

    def _may_write(self, kinds: set[str]) -> None:
        me = self.ledger.principals.get(self.keyring.device.principal)
        for kind in kinds:
            if me is None or me.role not in registry.kind(kind).writers:
                raise InputRefused("role_may_not_write", kind=kind)

    def _write(self, change: Change) -> list[Written]:
        current = self._current(change.id)
        paths, seen = self._paths(change, current)
        if not paths:
            return [Written(Saved(change.kind, change.id, 0, new=False), None)]
        target, site = self._target(change, current, paths)
        home = self._home(change.id) if current else None
        stream = target.id(self.ledger.organisation)
        if current is not None and home is not None and home != stream:
            if change.delete or not self._moves(change, current, paths):
                stream = home
            else:  # the subject has changed: written anew there, whole, so that its readers need nothing else
                paths = {**{path: current.shown(path) for path in current.candidates}, **paths}
                seen = {
                    path: tuple(v.op for v in current.candidates[path]) for path in paths if path in current.candidates
                }
        operation = Operation(
            new_id_bytes(self.now_ms), change.kind, change.id, self.clock.tick(self.now_ms), paths, seen
        )
        sealing = self.keyring.sealing(stream) or self._open_stream(target, site)
        seq, _ = self.chains.append(self.keyring.device, stream, encode(operation), sealing)
        opened = Opened(seq, operation, self.keyring.device.principal, None)
        self._pending.setdefault(change.id, []).append(opened)
        self._homes[change.id] = stream
        return [Written(Saved(change.kind, change.id, seq, new=current is None), opened)]

    def _current(self, record: str) -> Registers | None:
        known = self.projection.operations(record)
        pending = self._pending.get(record, [])
        return merge(item.dated() for item in [*known, *pending]) if known or pending else None

    def _paths(
        self, change: Change, current: Registers | None
    ) -> tuple[dict[str, Scalar], dict[str, tuple[bytes, ...]]]:
        if change.delete:
            if current is None:
                raise InputRefused("unknown_record")
            return {DELETED: True}, current.versions(current.candidates)
        if current is not None and current.kind != change.kind:
            raise InputRefused("unknown_record")
        paths = flatten(change.kind, change.set, self.keyring.device.principal.hex(), current, change.id)
        if current is None:
            return paths, {}
        seen = current.versions(paths)
        if change.base is not None:
            base = change.base
            seen |= {path: base.get(path, ()) for path in paths if registry.can_conflict(change.kind, path)}
        return paths, {path: versions for path, versions in seen.items() if versions}

    def _target(self, change: Change, current: Registers | None, paths: dict[str, Scalar]) -> tuple[StreamRef, str]:
        """Where the record lives after this change, and the site whose team works with it."""
        if current is None:
            row = row_of(change.kind, paths, change.id)
        else:
            row = assemble(change.kind, current)
            row |= {path: value for path, value in paths.items() if path in row and "/" not in path}
            if any(path.startswith("people/") for path in paths):
                row["people"] = _elements("people", current, paths)
        return registry.stream(change.kind, row), row.get("site") or ""

    def _moves(self, change: Change, current: Registers, paths: dict[str, Scalar]) -> bool:
        before = registry.stream(change.kind, assemble(change.kind, current))
        return before != self._target(change, current, paths)[0]

    def _home(self, record: str) -> bytes | None:
        """The stream of a record's newest operation known here."""
        if record in self._homes:
            return self._homes[record]
        row = self.projection.db.execute("SELECT max(seq) FROM op_ref WHERE record=?", (to_bytes(record),)).fetchone()
        found = self.journal.db.execute("SELECT stream FROM entry WHERE seq=?", row).fetchone()
        return bytes(found[0]) if found else None

    def _open_stream(self, ref: StreamRef, site: str) -> tuple[bytes, bytes]:
        """The first key of a stream: granted to its groups and the recovery sheet before anything is sealed with it."""
        if ref.type == "site" and not ref.subject:
            raise InputRefused("site_needed")
        stream = ref.id(self.ledger.organisation)
        made = self.keyring.new_stream(ref, site, self.ledger)
        self.chains.append(self.keyring.device, stream, clear.encode(made.record), None)
        self.keyring.add(made.opened)
        self.new_keys.append(made.opened)
        return made.opened.epoch, made.opened.key

    def reseal(self) -> None:
        """Own entries whose chain was refused or damaged, again, in a new chain, with the same operation ids."""
        rows = self.journal.db.execute(
            "SELECT seq, raw, stream, device FROM entry WHERE held='reseal' ORDER BY seq"
        ).fetchall()
        for seq, raw, stream, device in rows:
            if device != self.keyring.device.principal:
                continue
            try:
                entry = peek(raw)
                key = self.keyring.key(stream, entry.epoch)
                plain = open_body(entry, key)
            except GoesError:
                self.journal.hold(seq, "damaged")
                continue
            sealing = None if entry.suite == CLEAR else self.keyring.sealing(stream)
            if entry.suite != CLEAR and sealing is None:
                continue
            self.chains.append(self.keyring.device, stream, plain, sealing)
            self.journal.hold(seq, "sealed_again")


def _elements(name: str, current: Registers, paths: dict[str, Scalar]) -> list[str]:
    merged = {path: current.shown(path) for path in current.candidates if path.startswith(name + "/")}
    merged |= {path: value for path, value in paths.items() if path.startswith(name + "/")}
    return sorted(path.partition("/")[2] for path, value in merged.items() if value)
