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
from goes_mobile.records.reading import Row, assemble
from goes_mobile.records.values import plan
from goes_mobile.store.chains import Chains
from goes_mobile.store.change import Change, Saved
from goes_mobile.store.journal import Journal
from goes_mobile.store.projection import Opened, Projection
from goes_mobile.vault.keyring import Keyring, OpenedKey

Seen = dict[str, tuple[bytes, ...]]


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
        paths, seen, row = self._plan(change, current)
        if not paths:
            return [Written(Saved(change.kind, change.id, 0, new=False), None)]
        stream, ref = self._place(change, current, row)
        if current is not None and stream != self._home(change.id):
            # The subject has changed: written anew there, whole, so that its readers need nothing else.
            paths = {**{path: current.shown(path) for path in current.candidates}, **paths}
            seen = current.versions(paths)
        operation = Operation(
            new_id_bytes(self.now_ms), change.kind, change.id, self.clock.tick(self.now_ms), paths, seen
        )
        sealing = self.keyring.sealing(stream) or self._open_stream(ref, (row or {}).get("site") or "")
        seq, _ = self.chains.append(self.keyring.device, stream, encode(operation), sealing)
        opened = Opened(seq, operation, self.keyring.device.principal, None, row=row if current is None else None)
        self._pending.setdefault(change.id, []).append(opened)
        self._homes[change.id] = stream
        return [Written(Saved(change.kind, change.id, seq, new=current is None), opened)]

    def _current(self, record: str) -> Registers | None:
        known = self.projection.operations(record)
        pending = self._pending.get(record, [])
        return merge(item.dated() for item in [*known, *pending]) if known or pending else None

    def _plan(self, change: Change, current: Registers | None) -> tuple[dict[str, Scalar], Seen, Row | None]:
        """The paths to set, the versions they replace, and the row as it will be (``None`` for a deletion)."""
        if (current is None and change.delete) or (current is not None and current.kind != change.kind):
            raise InputRefused("unknown_record")
        if current is not None and change.delete:
            return {DELETED: True}, current.versions(current.candidates), None
        device = self.keyring.device.principal.hex()
        paths, row = plan(change.kind, change.set, device, current, change.id)
        if current is None:
            return paths, {}, row
        seen = current.versions(paths)
        if change.base is not None:
            base = change.base
            seen |= {path: base.get(path, ()) for path in paths if registry.can_conflict(change.kind, path)}
        return paths, {path: versions for path, versions in seen.items() if versions}, row

    def _place(self, change: Change, current: Registers | None, row: Row | None) -> tuple[bytes, StreamRef | None]:
        """The stream to write to: where the record lives, unless this change moves it to another subject."""
        ref = registry.stream(change.kind, row) if row is not None else None
        home = self._home(change.id) if current is not None else None
        if home is None and ref is not None:
            return ref.id(self.ledger.organisation), ref
        if (
            ref is not None
            and current is not None
            and registry.stream(change.kind, assemble(change.kind, current)) != ref
        ):
            return ref.id(self.ledger.organisation), ref
        if home is None:
            raise InputRefused("unknown_record")
        return home, ref

    def _home(self, record: str) -> bytes | None:
        """The stream of a record's newest operation known here."""
        if record in self._homes:
            return self._homes[record]
        row = self.projection.db.execute("SELECT max(seq) FROM op_ref WHERE record=?", (to_bytes(record),)).fetchone()
        found = self.journal.db.execute("SELECT stream FROM entry WHERE seq=?", row).fetchone()
        return bytes(found[0]) if found else None

    def _open_stream(self, ref: StreamRef | None, site: str) -> tuple[bytes, bytes]:
        """The first key of a stream: granted to its groups and the recovery sheet before anything is sealed with it."""
        if ref is None:
            raise InputRefused("no_key")
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
