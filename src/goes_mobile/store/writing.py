"""From changes to entries: the first half of the walk of a tap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from goes_mobile.protocol import clear
from goes_mobile.protocol.clock import HybridClock
from goes_mobile.protocol.entry import CLEAR, open_body, peek
from goes_mobile.protocol.ids import new_id_bytes, to_bytes, to_text
from goes_mobile.protocol.ledger import Ledger
from goes_mobile.protocol.merge import Registers, merge
from goes_mobile.protocol.operation import DELETED, Operation, Scalar, encode
from goes_mobile.protocol.operation import decode as decode_operation
from goes_mobile.protocol.problems import GoesError, InputRefused
from goes_mobile.protocol.streams import GroupRef, StreamRef, recipients
from goes_mobile.records import registry
from goes_mobile.records.reading import Row, row_of, shown_paths
from goes_mobile.records.refusals import DoesNotFit
from goes_mobile.records.values import plan
from goes_mobile.store import closing
from goes_mobile.store.chains import Chains
from goes_mobile.store.change import Change, Saved
from goes_mobile.store.journal import Journal
from goes_mobile.store.keys import KeyStore
from goes_mobile.store.projection import Opened, Projection
from goes_mobile.vault.keyring import Keyring, NewEpoch, OpenedKey, later_grant, new_epoch
from goes_mobile.vault.rotation import next_epoch

Seen = dict[str, tuple[bytes, ...]]
Paths = dict[str, Scalar]
Value = TypeVar("Value")
_HANDED_ON = "handed_on_keys"


@dataclass(frozen=True, slots=True)
class Written:
    """One change on its way: what is told to the caller, and the operations to apply (none if nothing changed)."""

    saved: Saved
    opened: tuple[Opened, ...] = ()


@dataclass
class Writer:
    """Writes one plan, inside one transaction of the journal."""

    keys: KeyStore
    ledger: Ledger
    projection: Projection
    chains: Chains
    journal: Journal
    clock: HybridClock
    now_ms: int
    new_keys: list[OpenedKey] = field(default_factory=list)
    rekeyed: bool = False
    moved: list[tuple[str, str]] = field(default_factory=list)
    """(kind, id) of the records that left a stream."""
    _pending: dict[tuple[str, str], list[Opened]] = field(default_factory=dict)

    @property
    def keyring(self) -> Keyring:
        return self.keys.ring

    def write(self, changes: Sequence[Change]) -> list[Written]:
        """All changes, or none: the caller's transaction rolls back what was appended before a refusal."""
        self._may_write({change.kind for change in changes})
        written = [self._write(change) for change in changes]
        for change, item in zip(changes, written, strict=True):  # last, so that all of it is for those it was said to
            if change.admits or change.dismisses:
                stream = self.journal.streams_of([item.saved.seq])[-1]
                self._admit(stream, change.admits) if change.admits else self._dismiss(stream, change.dismisses)
        return written

    def _may_write(self, kinds: set[str]) -> None:
        me = self.ledger.principals.get(self.keyring.device.principal)
        for kind in kinds:
            if me is None or me.role not in registry.kind(kind).writers:
                raise InputRefused("role_may_not_write", kind=kind)

    def _write(self, change: Change) -> Written:
        _canonical(change.id)
        current = self._current(change)
        paths, seen, row = self._plan(change, current)
        if not paths:
            return Written(Saved(change.kind, change.id, 0, new=False))
        target = registry.stream(change.kind, row) if row is not None else None
        if current is None:
            assert target is not None  # a new record has a row
            made = [self._append(change, self._id(target), target, row, paths, seen)]
            made[0] = replace(made[0], row=row)
        else:
            made = self._change(change, current, target, row, paths, seen)
        self._pending.setdefault((change.kind, change.id), []).extend(made)
        return Written(Saved(change.kind, change.id, made[-1].seq, new=current is None), tuple(made))

    def _current(self, change: Change) -> Registers | None:
        known = self.projection.operations(change.kind, change.id)
        pending = self._pending.get((change.kind, change.id), [])
        return merge(item.dated() for item in [*known, *pending]) if known or pending else None

    def _plan(self, change: Change, current: Registers | None) -> tuple[Paths, Seen, Row | None]:
        """The paths to set, the versions they replace, and the row as it will be (``None`` for a deletion)."""
        if current is None and (change.delete or self.projection.another_kind(change.kind, change.id)):
            raise InputRefused("unknown_record")
        if current is not None and change.delete:
            known = current.versions(current.candidates)
            if change.base is not None:  # an edit that came after the screen was drawn stands against the deletion
                known = {path: versions for path in known if (versions := change.base.get(path, ()))}
            return {DELETED: True}, known, None
        device = self.keyring.device.principal.hex()
        paths, row = plan(change.kind, change.set, device, current, change.id)
        if current is None:
            return paths, {}, row
        seen = current.versions(paths)
        if change.base is not None:
            base = change.base
            seen |= {path: base.get(path, ()) for path in paths if registry.can_conflict(change.kind, path)}
        return paths, {path: versions for path, versions in seen.items() if versions}, row

    # -- where ------------------------------------------------------------------------------------------------------

    def _change(self, change: Change, current: Registers, target: StreamRef | None, row: Row | None, paths: Paths,
                seen: Seen) -> list[Opened]:  # fmt: skip
        """A change where the record lives; one of the subject is a move."""
        homes = self._homes(change)
        before = lives(change.kind, current)
        home = self._id(before) if before is not None and self._id(before) in homes else homes[-1]
        if target is None or self._id(target) == home:
            ref = before if before is not None and self._id(before) == home else target
            return [self._append(change, home, ref, row, paths, seen)]
        return self._move(change, current, home, before, target, row, paths)

    def _move(self, change: Change, current: Registers, left: bytes, before: StreamRef | None, target: StreamRef,
              row: Row | None, paths: Paths) -> list[Opened]:  # fmt: skip
        """Written anew there, whole, so that its readers need nothing else; gone here. Neither names the other."""
        known = current.versions(current.candidates)
        gone = []
        for stream, ref in self._left(change, left, before, target, paths).items():
            leaving = {path: False for path, value in paths.items() if value is False and _names(change.kind, path)}
            told: Paths = {DELETED: True, **_apart(change.kind, leaving, ref)}
            gone.append(self._append(change, stream, ref, row, told, _apart(change.kind, known, ref)))
        whole: Paths = {**shown_paths(change.kind, current), **paths, DELETED: False}
        old = before.subject if before is not None and before.type == "person" else None
        whole = {path: None if value == old is not None else value for path, value in whole.items()}
        seen = _replaced(current, whole, paths)
        seen[DELETED] = (*known.get(DELETED, ()), *(item.operation.op for item in gone))
        whole, seen = _apart(change.kind, whole, target), _apart(change.kind, seen, target)
        self.moved.append((change.kind, change.id))
        return [*gone, self._append(change, self._id(target), target, row, whole, seen)]

    def _left(self, change: Change, left: bytes, before: StreamRef | None, target: StreamRef, paths: Paths
              ) -> dict[bytes, StreamRef | None]:  # fmt: skip
        """The streams that a moved record leaves: where it lived, and the files of all whom it names no longer."""
        leaves: dict[bytes, StreamRef | None] = {left: before}
        homes = self._homes(change)
        for path, value in paths.items():
            person = _names(change.kind, path) if value is False else ""
            ref = StreamRef("person", person)
            if person and self._id(ref) in homes:
                leaves[self._id(ref)] = ref
        leaves.pop(self._id(target), None)
        return leaves

    def _homes(self, change: Change) -> list[bytes]:
        """The streams of a record's operations known here, the newest one's last."""
        seqs = [seq for _, seq in self.projection.places(change.kind, change.id)]
        seqs += [item.seq for item in self._pending.get((change.kind, change.id), ())]
        return self.journal.streams_of(seqs)

    def _id(self, ref: StreamRef) -> bytes:
        return ref.id(self.ledger.organisation)

    # -- sealing ------------------------------------------------------------------------------------------------------

    def _append(self, change: Change, stream: bytes, ref: StreamRef | None, row: Row | None, paths: Paths,
                seen: Seen) -> Opened:  # fmt: skip
        return self._seal(
            Operation(new_id_bytes(self.now_ms), change.kind, change.id, self.clock.tick(self.now_ms), paths, seen),
            stream, ref, (row or {}).get("site") or "",
        )  # fmt: skip

    def _seal(self, operation: Operation, stream: bytes, ref: StreamRef | None, site: str) -> Opened:
        if stream in self.ledger.erased:
            raise InputRefused("erased")
        if self._closed(stream):
            raise InputRefused("file_closed")
        sealing = self._sealing(stream)
        if sealing is None:
            if ref is None or self._id(ref) != stream:
                raise InputRefused("no_key")
            sealing = self._open_stream(ref, site)
        seq, _ = self.chains.append(self.keyring.device, stream, encode(operation), sealing)
        if registry.goes_along(operation.kind):
            self.journal.trace(seq)
        return Opened(seq, operation, self.keyring.device.principal, None)

    def _sealing(self, stream: bytes) -> tuple[bytes, bytes] | None:
        """(epoch, key) to seal with; a new one first if the live ones reach somebody who may read no more."""
        sealing = self.keyring.sealing(stream)
        heads = self.keys.due(stream, self.ledger) if sealing else []
        return self._begin(next_epoch(heads, self.ledger)) if heads else sealing

    # -- who reads a file ---------------------------------------------------------------------------------------------

    def _closed(self, stream: bytes) -> bool:
        return closing.closed(self.journal, self.ledger, stream, self.keyring.device.principal)

    def _admit(self, stream: bytes, site: str) -> None:
        """Grant all keys of the stream to a site: who may read a file reads it from its beginning."""
        self.rekeyed = True
        group = GroupRef("site", site).id(self.ledger.organisation)
        if not self.ledger.holders(group):
            raise InputRefused("site_without_keys")
        for epoch, key in sorted(self.keyring.streams.get(stream, {}).items()):
            record = later_grant(stream, epoch, key, [group], self.ledger)
            self.chains.append(self.keyring.device, stream, clear.encode(record), None)
        self.keys.judge(stream, self.ledger)

    def _dismiss(self, stream: bytes, site: str) -> None:
        """Replace the stream's keys by one for the others alone. If we are not among them, we make it and forget it."""
        self.rekeyed = True
        heads = self.keys.heads(stream, self.ledger)
        without = GroupRef("site", site).id(self.ledger.organisation)
        made = next_epoch(heads, self.ledger, {without})
        receivers = {grant.to for grant in made.record.grants}
        ours = {self.keyring.device.principal, *self.ledger.groups_of(self.keyring.device.principal)}
        if receivers.isdisjoint(ours):
            self.chains.append(self.keyring.device, stream, clear.encode(made.record), None)
            self.keys.judge(stream, self.ledger)
        else:
            self._begin(made)
        closing.note(self.journal, [stream])

    def lost(self, stream: bytes) -> dict[bytes, bytes]:
        """Our keys of a file that is closed to us which came too late to count, and which nobody else holds yet."""
        handed_on = self.journal.get(_HANDED_ON, [])
        lost = self.keys.lost(stream, self.ledger) if self._closed(stream) else {}
        return {epoch: key for epoch, key in lost.items() if epoch not in handed_on}

    def hand_on(self, stream: bytes) -> None:
        """Grant such keys to those who keep the file: nothing that was sealed under them is lost."""
        for epoch, key in sorted(self.lost(stream).items()):
            keepers = sorted(closing.epochs_of(self.journal, self.ledger, stream).recipients())
            record = later_grant(stream, epoch, key, keepers, self.ledger)
            self.chains.append(self.keyring.device, stream, clear.encode(record), None)
            self.journal.put(_HANDED_ON, [*self.journal.get(_HANDED_ON, []), epoch])

    def _begin(self, made: NewEpoch) -> tuple[bytes, bytes]:
        """A stream's new key: its record goes before anything is sealed with it."""
        key = made.opened
        self.chains.append(self.keyring.device, key.owner, clear.encode(made.record), None)
        self.keyring.add(key)
        self.new_keys.append(key)
        self.keys.keep([key])
        self.keys.judge(key.owner, self.ledger)
        return key.epoch, key.key

    def begin(self, ref: StreamRef, site: str) -> None:
        """A stream that others will write in."""
        self._open_stream(ref, site)

    def _open_stream(self, ref: StreamRef, site: str) -> tuple[bytes, bytes]:
        """A key for a stream: granted to its groups and the recovery sheet before anything is sealed with it."""
        groups = recipients(ref, site)
        for group in groups:
            if group.type in ("site", "site_supervisors") and not group.subject:
                raise InputRefused("site_needed")
            known = self.ledger.groups.get(group.id(self.ledger.organisation))
            if known is None or not known.live():
                raise InputRefused("site_without_keys")  # else nobody but the sheet could ever read it
        stream = self._id(ref)
        return self._begin(new_epoch(ref, groups, self.ledger, [*self.keyring.streams.get(stream, {})]))

    def forward(self, late: Iterable[Operation], current: Registers, home: StreamRef) -> list[Opened]:
        """What was written where a record no longer lives, again where it does. With the same clock value, so that it
        overrides nothing that it would not have overridden there."""
        made: list[Opened] = []
        for old in late:
            standing = {path: value for path, value in _apart(old.kind, old.set, home).items()
                        if old.op in {version.op for version in current.candidates.get(path, ())}}  # fmt: skip
            if standing:
                seen = dict.fromkeys(standing, (old.op,))
                again = Operation(new_id_bytes(self.now_ms), old.kind, old.record, old.hlc, standing, seen)
                made.append(self._seal(again, self._id(home), home, ""))
        return made

    def reseal(self) -> list[Opened]:
        """Own entries whose chain was refused or damaged, again, in a new chain, with the same operation ids."""
        made: list[Opened] = []
        for seq, raw, stream, device in self.journal.db.execute(
            "SELECT seq, raw, stream, device FROM entry WHERE held='reseal' ORDER BY seq"
        ).fetchall():
            if device != self.keyring.device.principal:
                continue
            try:
                entry = peek(raw)
                key = self.keyring.key(stream, entry.epoch)
                if entry.suite != CLEAR and key is None:
                    continue  # its grant may yet be opened again
                plain = open_body(entry, key)
            except GoesError:
                self.journal.hold(seq, "damaged")
                continue
            sealing = None
            if entry.suite != CLEAR:
                sealing = self._sealing(stream) or (entry.epoch, key or b"")
            again, _ = self.chains.append(self.keyring.device, stream, plain, sealing)
            self.journal.hold(seq, "sealed_again")
            if sealing is not None:
                made.append(Opened(again, decode_operation(plain), device, None))
                if registry.goes_along(made[-1].operation.kind):
                    self.journal.trace(again)
        return made


def _canonical(record: str) -> None:
    """One id has one spelling: what was written as another would come back from the disk as this one."""
    try:
        if to_text(to_bytes(record)) == record:
            return
    except ValueError:
        pass
    raise InputRefused("bad_reference", field="id")


def lives(kind: str, current: Registers) -> StreamRef | None:
    """Where a record with this content lives; ``None`` if it does not make a row."""
    try:
        return registry.stream(kind, row_of(kind, shown_paths(kind, current), current.record))
    except DoesNotFit:
        return None


def _replaced(current: Registers, whole: Iterable[str], told: Mapping[str, Scalar]) -> Seen:
    """What a record that is written anew has seen: for what merely came along, not the versions it does not show, so
    that a question between two versions stays one."""
    seen: Seen = {}
    for path in whole:
        versions = current.candidates.get(path, [])
        if path not in told and registry.can_conflict(current.kind, path):
            versions = [version for version in versions if version.value == versions[0].value]
        if versions:
            seen[path] = tuple(version.op for version in versions)
    return seen


def _names(kind: str, path: str) -> str:
    """The young person whom a path itself names, if it does."""
    name, _, element = path.partition("/")
    info = registry.kind(kind).all_fields.get(name)
    return element if info is not None and info.shape == "set" and info.ref == "young_person" else ""


def _apart(kind: str, paths: Mapping[str, Value], ref: StreamRef | None) -> dict[str, Value]:
    """Without the paths that name somebody else than the stream's subject: nothing in a stream names another's."""
    subject = ref.subject if ref is not None and ref.type == "person" else ""
    return {path: value for path, value in paths.items() if _names(kind, path) in ("", subject)}
