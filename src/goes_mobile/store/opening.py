"""From an entry's bytes to its operation: with the keys of this device, and judged by who wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from goes_mobile.protocol.entry import CLEAR, SEALED, Peeked, intact, open_body, peek
from goes_mobile.protocol.ids import device_id, trace_id
from goes_mobile.protocol.ledger import Ledger
from goes_mobile.protocol.operation import Operation
from goes_mobile.protocol.operation import decode as decode_operation
from goes_mobile.protocol.problems import Malformed
from goes_mobile.records import registry
from goes_mobile.records.roles import ADMINS
from goes_mobile.store.journal import Journal, Row
from goes_mobile.store.projection import Opened
from goes_mobile.vault.keyring import Keyring

BODY_REASONS = ("no_key", "not_allowed", "undecodable")
"""Reasons that a grant, a change of role or a newer program can lift."""


@dataclass(frozen=True, slots=True)
class Held:
    """Why an entry cannot be shown yet."""

    seq: int
    reason: str


class Opener:
    """Opens sealed entries. What does not open is told, never raised: one bad entry must not block the others."""

    def __init__(self, journal: Journal, ledger: Ledger, keyring: Keyring) -> None:
        self._journal = journal
        self.ledger = ledger
        self._keyring = keyring
        self._writers: dict[tuple[bytes, str], bool] = {}

    def trust(self, ledger: Ledger) -> None:
        """Certificates have changed."""
        self.ledger = ledger
        self._writers.clear()

    def open(self, seq: int, raw: bytes, received: int | None) -> Opened | Held | None:
        """The operation; or why not; or ``None`` for an entry that holds none (keys, control, redacted)."""
        try:
            entry = peek(raw)
            if entry.suite != SEALED or entry.body is None:
                return self._without_operation(seq, raw, entry)
            key = self._keyring.key(entry.stream, entry.epoch)
            if key is None:
                return self._not_opened(seq, raw, "no_key")
            operation = decode_operation(open_body(entry, key))
        except Malformed:
            return self._not_opened(seq, raw, "undecodable")
        if not self._may_write(entry.device, operation.kind, entry.control_seen):
            return Held(seq, "not_allowed")
        if registry.is_trace(operation.kind) and not _its_own(entry, operation):
            return Held(seq, "not_allowed")
        if operation.kind == "device" and not self._may_name(entry, operation.record):
            return Held(seq, "not_allowed")
        return Opened(seq, operation, entry.device, received, entry.stream, entry.seen)

    def _not_opened(self, seq: int, raw: bytes, reason: str) -> Held:
        """A flipped bit can look like a missing key; the hash that was verified when the entry came tells."""
        return Held(seq, reason if intact(raw, self._journal.hash_of(seq)) else "damaged")

    def _without_operation(self, seq: int, raw: bytes, entry: Peeked) -> Held | None:
        if not intact(raw, self._journal.hash_of(seq)):
            return Held(seq, "damaged")
        return None if entry.suite in (CLEAR, SEALED) else Held(seq, "undecodable")

    def reopen(self, seqs: Sequence[int]) -> list[Opened]:
        """Operations that were good before, again."""
        opened, _ = self.open_all(row for row in self._journal.by_seq(seqs).values() if row.held is None)
        return opened

    def open_all(self, rows: Iterable[Row]) -> tuple[list[Opened], list[Held]]:
        opened: list[Opened] = []
        held: list[Held] = []
        for row in rows:
            found = self.open(row.seq, row.raw, row.received)
            if isinstance(found, Opened):
                opened.append(found)
            elif found is not None:
                held.append(found)
        return opened, held

    def _may_write(self, device: bytes, kind: str, control_seen: int) -> bool:
        """The author was a device whose role may write this kind, or might when it last saw the control log. Kinds of a
        newer version are kept and passed on."""
        allowed = self._writers.get((device, kind))
        if allowed is None:
            author = self.ledger.principals.get(device)
            if author is None or author.sort != "device":
                return False
            roles = registry.kind(kind).writers if registry.known(kind) else None
            allowed = roles is None or author.role_at(control_seen) in roles
            if not author.changes:  # else it depends on when
                self._writers[device, kind] = allowed
        return allowed

    def _may_name(self, entry: Peeked, record: str) -> bool:
        """A device is named by its holder, whichever device they are at, and by administrators."""
        author = self.ledger.principals[entry.device]
        if author.role_at(entry.control_seen) in ADMINS:
            return True
        return any(p.member == author.member and device_id(p.id) == record for p in self.ledger.devices())


def _its_own(entry: Peeked, operation: Operation) -> bool:
    """Nobody notes in another device's name what that one is said to have done, or takes it back."""
    device = entry.device.hex()
    months = {path.split("/")[1][:6] for path in operation.set if "/" in path}
    ids = {trace_id(entry.device, entry.stream, month) for month in ("", *months)}
    return operation.record in ids and operation.set.get("device", device) == device
