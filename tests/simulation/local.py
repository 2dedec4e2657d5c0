"""A device's store in memory, built directly on the protocol: what the simulation synchronises.

It keeps the promises of the real store (every method is one transaction, held entries are judged again, chains, running
hashes, keys by grants) in the plainest way, and leaves out what a simulation does not need (disk, tables, search).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from goes_mobile.protocol import clear, wire
from goes_mobile.protocol import entry as entries
from goes_mobile.protocol.clock import TOLERANCE_MS, HybridClock, effective
from goes_mobile.protocol.entry import (
    CLEAR,
    NO_EPOCH,
    SEALED,
    ChainEnd,
    ChainId,
    Entry,
    Header,
    Witness,
    by_chain,
    open_body,
    running,
    verified_length,
)
from goes_mobile.protocol.ids import new_id_bytes
from goes_mobile.protocol.keys import KeyPair
from goes_mobile.protocol.ledger import Ledger
from goes_mobile.protocol.merge import Dated, Registers, merge
from goes_mobile.protocol.operation import DELETED, Operation, Scalar, decode, encode
from goes_mobile.protocol.problems import InputRefused, Malformed
from goes_mobile.protocol.streams import CONTROL, StreamRef
from goes_mobile.store.identity import Identity
from goes_mobile.sync.enrolment import NewProfile
from goes_mobile.vault.founding import completions
from goes_mobile.vault.keyring import Keyring, OpenedKey
from tests.simulation.disk import Disk, Row, Settings
from tests.simulation.server import own

Random = Callable[[int], bytes]
REMEMBERED = 41
KIND = "encounter"


@dataclass(frozen=True)
class Finding:
    code: str


@dataclass(frozen=True)
class Received:
    new: int
    held: int
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Waiting:
    seq: int
    hash: bytes
    raw: bytes = field(repr=False)


@dataclass(frozen=True)
class Counts:
    waiting: int
    confirmed: int
    held: int
    conflicts: int
    last_contact_ms: int | None
    clock_offset_ms: int


_SAID: dict[tuple[bytes, bytes], Operation] = {}


def operation_of(entry: Entry, key: bytes) -> Operation:
    """What an entry says; remembered, because every device opens the same ones."""
    known = _SAID.get((entry.hash, key))
    if known is None:
        if len(_SAID) > 10_000:
            _SAID.clear()
        known = _SAID[entry.hash, key] = decode(open_body(entry, key))
    return known


_LEDGERS: dict[tuple[bytes, ...], Ledger] = {}


def ledger_after(organisation: bytes, control: Sequence[Entry]) -> Ledger:
    """The control log, read. Its long beginning is the same for everybody and remembered."""
    start = (organisation, *(entry.hash for entry in control[:REMEMBERED]))
    if start not in _LEDGERS:
        if len(_LEDGERS) > 50:
            _LEDGERS.clear()
        _LEDGERS[start] = Ledger(organisation)
        for entry in control[:REMEMBERED]:
            _LEDGERS[start].apply(entry)
    ledger = own(_LEDGERS[start])
    for entry in control[REMEMBERED:]:
        ledger.apply(entry)
    return ledger


class NoBlobs:
    """What is simulated in memory has no photos; the real store has."""

    def open(self) -> Sequence[Any]:
        return ()

    def heard(self, stream: bytes, blob: bytes, sent: int, /) -> None:
        raise AssertionError("nothing was asked for")

    def chunks(self, blob: bytes, numbers: Sequence[int], /) -> Sequence[tuple[int, bytes]]:
        raise AssertionError("nothing was offered")

    def keep(self, blob: bytes, chunks: Sequence[tuple[int, bytes]], /) -> Any:
        raise AssertionError("nothing was asked for")


class MemoryLocal:
    """One device. Opening it reads the disk; throwing it away without a word is a crash."""

    def __init__(self, disk: Disk, clock: Callable[[], int], random: Random) -> None:
        self.disk = disk
        self.identity: Identity = disk.identity
        self.organisation = disk.identity.organisation
        self.device = disk.identity.device
        self.control = CONTROL.id(self.organisation)
        self.keyring: Keyring | None = Keyring(self.organisation, KeyPair.from_seed(disk.seed))
        self.settings: Settings = disk.settings
        self.blobs = NoBlobs()
        self._wall = clock
        self._random = random
        self.clock = HybridClock()
        self.clock_restarts = 0
        self.found: list[Finding] = []
        self.observed: set[bytes] = set()  # operations that the hybrid clock has moved past
        self.operations: dict[str, dict[bytes, Row]] = {}
        self._decoded: dict[bytes, Operation] = {}
        self._control_moved = False
        self._places = {(r.entry.header.stream, r.position): r for r in disk.rows if r.position is not None}
        self._grants: list[clear.Epoch | clear.Grant] = []
        self.ledger = Ledger(self.organisation)
        self._read_disk()

    @classmethod
    def create(cls, profile: NewProfile, clock: Callable[[], int], random: Random) -> MemoryLocal:
        """On an empty disk."""
        return cls(Disk(profile.identity, profile.device_seed), clock, random)

    @property
    def keys(self) -> Keyring:
        assert self.keyring is not None
        return self.keyring

    def _read_disk(self) -> None:
        for key in self.disk.keys:
            self.keys.add(key)
        self._read_control()
        self._learn_grants(row for row in self.disk.rows if not row.held)
        for row in self.disk.rows:
            if not row.held:
                self._open(row)

    def _read_control(self) -> None:
        """Placed entries in the server's order, then what it has not placed yet."""
        self.ledger = ledger_after(self.organisation, [row.entry for row in self._control_rows()])

    def _control_rows(self) -> list[Row]:
        rows = [row for row in self.disk.rows if row.entry.header.stream == self.control and not row.held]
        return sorted(rows, key=lambda row: (row.position is None, row.position or 0, row.seq))

    # -- people's side ---------------------------------------------------------------------------------------------

    def now_ms(self) -> int:
        return self._wall() + self.disk.offset_ms

    def put(self, record: str, stream: StreamRef, site: str, values: Mapping[str, Scalar]) -> Operation | None:
        """Acknowledged when it returns."""
        now = self.now_ms()
        current = self.looks(record)
        replaces = current.candidates if current and DELETED in values else values  # a deletion names all it knew
        seen = current.versions(replaces) if current else {}
        operation = Operation(new_id_bytes(now, self._random), KIND, record, self.tick(now), dict(values), seen)
        sealing = self.keys.sealing(stream.id(self.organisation)) or self._open_stream(stream, site)
        row = self._append(self.keys.device, stream.id(self.organisation), encode(operation), sealing)
        self._open(row)
        return operation

    def tick(self, now_ms: int) -> int:
        return self.clock.tick(now_ms)

    def _open_stream(self, stream: StreamRef, site: str) -> tuple[bytes, bytes]:
        made = self.keys.new_stream(stream, site, self.ledger)
        self._append(self.keys.device, stream.id(self.organisation), clear.encode(made.record), None)
        self._keep([made.opened])
        return made.opened.epoch, made.opened.key

    def _append(self, author: KeyPair, stream: bytes, body: bytes, sealing: tuple[bytes, bytes] | None,
                succeeds: tuple[bytes, str] | None = None) -> Row:  # fmt: skip
        disk = self.disk
        run = disk.open_runs.setdefault((stream, author.principal), self._random(8))
        chain = ChainId(stream, author.principal, run)
        end = disk.chains.get(chain, ChainEnd())
        epoch, key = sealing or (NO_EPOCH, None)
        header = Header(
            SEALED if sealing else CLEAR, self.organisation, stream, epoch, author.principal, run, end.n + 1, end.hash,
            self._witness(stream), self._witness(self.control), succeeds,
        )  # fmt: skip
        entry = entries.make(header, body, author, key, self._random)
        disk.chains[chain] = ChainEnd(header.n, entry.hash)
        row = self._store(entry, own=True)
        disk.outbox[row.seq] = row
        return row

    def _witness(self, stream: bytes) -> Witness:
        return self.disk.feeds.get(stream, (Witness(), 0))[0]

    def _store(self, entry: Entry, *, own: bool, held: str = "") -> Row:
        row = Row(len(self.disk.rows) + 1, entry, own, held)
        self.disk.rows.append(row)
        self.disk.by_hash[entry.hash] = row
        return row

    def looks(self, record: str) -> Registers | None:
        rows = self.operations.get(record)
        if not rows:
            return None
        return merge(
            Dated(operation, row.entry.header.device, effective(operation.hlc, row.received))
            for operation, row in ((self._decoded[op], row) for op, row in rows.items())
        )

    def believed(self, record: str) -> list[Operation]:
        """Operations on a record that the hybrid clock must stay beyond."""
        return [self._decoded[op] for op in self.operations.get(record, {}) if op in self.observed]

    def append_clear(self, records: Iterable[clear.Clear], author: KeyPair | None = None,
                     keep: Iterable[OpenedKey] = ()) -> list[Entry]:  # fmt: skip
        before = self.disk.copy()
        made = []
        for record in records:
            row = self._append(author or self.keys.device, self.control, clear.encode(record), None)
            verdict = self.ledger.apply(row.entry)
            if verdict != "ok":
                vars(self.disk).update(vars(before))
                self._read_control()
                raise InputRefused("control_" + verdict)
            made.append(row.entry)
        self._keep([*keep, *self._group_keys()])
        return made

    def complete_newcomers(self) -> int:
        """Older group keys for colleagues who lack them."""
        grants = completions(self.ledger, self.keys)
        if grants:
            self.append_clear(grants)
        return len(grants)

    def offer_escrow(self) -> None:
        """Escrows play no part in the simulation."""

    def personal(self, key: str, /) -> object:
        return self.settings.get("personal:" + key)

    def set_personal(self, key: str, value: object, /) -> None:
        self.settings.set("personal:" + key, value)

    # -- sending ---------------------------------------------------------------------------------------------------

    def waiting(self, max_entries: int = 500, max_bytes: int = 1 << 20, after_seq: int = 0) -> Sequence[Waiting]:
        batch: list[Waiting] = []
        size = 0
        for seq, row in sorted(self.disk.outbox.items()):
            size += len(row.entry.raw)
            if seq <= after_seq:
                continue
            if batch and (size > max_bytes or len(batch) == max_entries):
                break
            batch.append(Waiting(seq, row.entry.hash, row.entry.raw))
        return batch

    def confirm(self, receipts: wire.Receipts, blob: bytes) -> None:
        self.disk.receipts.append(blob)
        heads: dict[bytes, int] = {}
        for entry_hash, number, position, received in receipts.items:
            row = self.disk.by_hash.get(entry_hash)
            if row is not None:
                self._place(row, number, position, received)
                heads[row.entry.header.stream] = max(position, heads.get(row.entry.header.stream, 0))
        for stream, head in sorted(heads.items()):
            self._advance(stream, head, b"")
        self._read_again()

    def _place(self, row: Row, number: int, position: int, received: int) -> None:
        moved = row.entry.header.stream == self.control and not row.held and row.position != position
        self._control_moved = self._control_moved or moved
        row.number, row.position, row.received = number, position, received
        self.disk.outbox.pop(row.seq, None)
        before = self._places.setdefault((row.entry.header.stream, position), row)
        if before is not row:
            self._places[row.entry.header.stream, position] = row
            self._displace(before, position)

    def _displace(self, row: Row, position: int) -> None:
        """The server has something else where it once had this entry: it went back in time, and has it no more."""
        if row.position == position:
            row.number = row.position = None
            if not row.held:
                self.disk.outbox[row.seq] = row

    def _read_again(self) -> None:
        """The server's order of the control log decides; where it differs from ours, it is read anew."""
        if self._control_moved:
            self._control_moved = False
            self._read_control()
            self._keep(self._group_keys())
            self._absorb()

    def refused(self, entry_hash: bytes, code: str, /) -> None:
        row = self.disk.by_hash.get(entry_hash)
        if row is None:
            return
        self.disk.outbox.pop(row.seq, None)
        if not row.own or code == "size":
            row.held = "refused_" + code
            return
        chain = row.entry.header.chain
        self.disk.open_runs.pop((chain.stream, chain.device), None)
        lost = [
            other for other in self.disk.rows
            if other.entry.header.chain == chain and other.entry.header.n >= row.entry.header.n and other.number is None
        ]  # fmt: skip
        good = ChainEnd(row.entry.header.n - 1, row.entry.header.previous)
        self.disk.chains[chain] = good  # what stands at the server after it may come, and follow it
        for index, other in enumerate(lost):
            self.disk.outbox.pop(other.seq, None)
            other.held = "sealed_again"
            self._seal_again(other, (good.hash, code) if index == 0 else None)

    def _seal_again(self, row: Row, succeeds: tuple[bytes, str] | None) -> None:
        """The same operation with the same id, in a new chain."""
        header = row.entry.header
        key = self.keys.key(header.stream, header.epoch)
        body = open_body(row.entry, key)
        sealing = None if header.suite == CLEAR else self.keys.sealing(header.stream)
        self._open(self._append(self.keys.device, header.stream, body, sealing, succeeds))

    def gap(self, gap: wire.Gap, /) -> None:
        chain = ChainId(gap.stream, gap.device, gap.run)
        for row in self.disk.rows:
            if row.entry.header.chain == chain and row.entry.header.n >= gap.n and not row.held:
                self.disk.outbox[row.seq] = row

    def noticed(self, code: str) -> None:
        self.found.append(Finding(code))

    # -- receiving -------------------------------------------------------------------------------------------------

    def cursor(self) -> wire.Cursor:
        return self.disk.cursor

    def receive(self, remote: Sequence[wire.RemoteEntry], heads: Sequence[wire.Head],
                cursor: wire.Cursor | None) -> Received:  # fmt: skip
        findings = []
        held_before = len(self.disk.rows)
        for number, position, received, raw in remote:
            entry = entries.decode(raw)
            row = self.disk.by_hash.get(entry.hash) or self._store(entry, own=False, held="unjudged")
            if row.number != number:
                self._place(row, number, position, received)
        self._read_again()
        new = self._judge()
        for head in heads:
            findings += self._advance(head.stream, head.position, head.running)
        if cursor is not None:
            self.disk.cursor = cursor
        held = sum(1 for row in self.disk.rows[held_before:] if row.held)
        return Received(new, held, tuple(findings))

    def _judge(self) -> int:
        """Believe what can be believed now: control first, then everything that it certifies."""
        held = [row for row in self.disk.rows if row.held == "unjudged"]
        believed = self._judge_control([row for row in held if row.entry.header.stream == self.control])
        if believed:
            for row in believed:
                row.held = ""
            new = {row.seq for row in believed}
            last = max((row.position or 0 for row in self._control_rows() if row.seq not in new), default=0)
            if min(row.position or 0 for row in believed) < last:
                self._read_control()  # they belong before what was read already
            self._keep(self._group_keys())
        parts = by_chain([row.entry for row in held if row.entry.header.stream != self.control])
        for chain, part in parts.items():
            author = self.ledger.principals.get(chain.device)
            if author is None:
                continue
            end = self.disk.chains.get(chain, ChainEnd())
            part = sorted((e for e in part if e.header.n > end.n), key=lambda e: e.header.n)
            for entry in part[: verified_length(end, part, author.sign)]:
                self.disk.chains[chain] = ChainEnd(entry.header.n, entry.hash)
                believed.append(self.disk.by_hash[entry.hash])
        for row in believed:
            row.held = ""
        self._learn_grants(believed)
        self._absorb()
        for row in sorted(believed, key=lambda row: row.seq):
            self._open(row)
        return len(believed)

    def _judge_control(self, rows: list[Row]) -> list[Row]:
        believed: list[Row] = []
        waiting = sorted(rows, key=lambda row: row.position or 0)
        progress = True
        while progress and waiting:
            progress = False
            for row in list(waiting):
                header = row.entry.header
                end = self.disk.chains.get(header.chain, ChainEnd())
                key = self.ledger.signing_key(row.entry)
                linked = (header.n, header.previous) == (end.n + 1, end.hash)
                if key is None or not linked or not row.entry.signed_by(key):
                    continue
                self.ledger.apply(row.entry)
                self.disk.chains[header.chain] = ChainEnd(header.n, row.entry.hash)
                believed.append(row)
                waiting.remove(row)
                progress = True
        return believed

    def _group_keys(self) -> list[OpenedKey]:
        return [
            opened
            for owner, group in self.ledger.groups.items()
            for name, epoch in group.epochs.items()
            if self.device in epoch.sealed
            for opened in self.keys.absorb_group(owner, name, epoch.sealed[self.device])
        ]

    def _keep(self, keys: Iterable[OpenedKey]) -> None:
        for key in keys:
            self.keys.add(key)
            self.disk.keys.append(key)

    def _learn_grants(self, rows: Iterable[Row]) -> None:
        """Epochs and grants of streams; they may have come before the keys that open them."""
        for row in rows:
            header = row.entry.header
            if header.suite == CLEAR and header.stream != self.control:
                record = clear.decode(row.entry.body or b"")
                if isinstance(record, clear.Epoch | clear.Grant) and record.owner == header.stream:
                    self._grants.append(record)
                    if isinstance(record, clear.Epoch):
                        self.keys.replaced.setdefault(record.owner, set()).update(record.replaces)

    def _absorb(self) -> None:
        """Open what streams' records grant to this device, and with it what was sealed before."""
        for record in self._grants:
            if self.keys.key(record.owner, record.epoch) is not None:
                continue
            opened = self.keys.absorb(record)
            self.disk.keys += opened
            for row in self.disk.rows if opened else ():
                if row.entry.header.stream == record.owner and not row.held:
                    self._open(row)

    def _open(self, row: Row) -> None:
        """The operation of an entry, if its key is here."""
        header = row.entry.header
        key = self.keys.key(header.stream, header.epoch)
        if header.suite != SEALED or key is None:
            return
        try:
            operation = operation_of(row.entry, key)
        except Malformed:
            return
        rows = self.operations.setdefault(operation.record, {})
        before = rows.get(operation.op)
        if before is None or before.held:
            rows[operation.op] = row
        self._decoded[operation.op] = operation
        self.clock.observe(operation.hlc, self.now_ms())
        if operation.hlc <= self.clock.last:
            self.observed.add(operation.op)

    def _advance(self, stream: bytes, head: int, claimed: bytes) -> list[Finding]:
        """Walk on from where the stream is known without a gap, recomputing its running hash."""
        at, known = self.disk.feeds.get(stream, (Witness(), 0))
        placed = {
            row.position: row.entry.hash for row in self.disk.rows
            if row.entry.header.stream == stream and row.position is not None and row.position > at.position
        }  # fmt: skip
        while at.position + 1 in placed:
            position = at.position + 1
            at = Witness(position, running(at.running, placed[position], position))
        self.disk.feeds[stream] = (at, max(known, head, at.position))
        if head == at.position and claimed and claimed != at.running:
            return [Finding("running_mismatch")]
        return []

    def feed_restarted(self, cursor: wire.Cursor, heads: Sequence[wire.Head]) -> None:
        """Keep what both have alike; all that lies behind it waits again."""
        theirs = {head.stream: head for head in heads}
        streams = {row.entry.header.stream for row in self.disk.rows}
        for stream in sorted(streams):
            head = theirs.get(stream)
            same = head.position if head and self._running_at(stream, head.position) == head.running else 0
            for row in self.disk.rows:
                if row.entry.header.stream == stream and (row.position is None or row.position > same):
                    row.position = row.number = None
                    if not row.held:
                        self.disk.outbox[row.seq] = row
            self.disk.feeds[stream] = (Witness(same, self._running_at(stream, same) or b""), same)
        self.disk.cursor = cursor

    def _running_at(self, stream: bytes, position: int) -> bytes | None:
        placed = {
            row.position: row.entry.hash for row in self.disk.rows
            if row.entry.header.stream == stream and row.position is not None
        }  # fmt: skip
        at = b""
        for number in range(1, position + 1):
            if number not in placed:
                return None
            at = running(at, placed[number], number)
        return at

    def missing(self) -> Sequence[tuple[bytes, int]]:
        return [(stream, at.position) for stream, (at, head) in self.disk.feeds.items() if head > at.position]

    def reached(self, stream: bytes) -> Witness:
        return self.disk.feeds.get(stream, (Witness(), 0))[0]

    def control_entries(self) -> Sequence[bytes]:
        return [row.entry.raw for row in self._control_rows()]

    # -- time and counts -------------------------------------------------------------------------------------------

    def learn_time(self, server_ms: int, round_trip_ms: int) -> None:
        offset = server_ms + round_trip_ms // 2 - self._wall()
        offset = offset if abs(offset) > TOLERANCE_MS else 0
        slipped = abs(offset - self.disk.offset_ms) > TOLERANCE_MS
        self.disk.last_contact_ms = server_ms
        if slipped:
            self.disk.offset_ms = offset
            self.clock.restart(self.now_ms())
            self.clock_restarts += 1
            self.observed.clear()

    def lock(self) -> None:
        self.keyring = None

    def shut(self) -> None:
        """The run is over."""

    def after_power_cut(self) -> Disk:
        """What a crash leaves."""
        return self.disk

    # -- for the laws ----------------------------------------------------------------------------------------------

    def records(self) -> list[str]:
        return sorted(record for record, rows in self.operations.items() if rows)

    def operations_of(self, record: str) -> list[Operation]:
        return [self._decoded[op] for op in self.operations.get(record, {})]

    def stream_of(self, record: str) -> bytes:
        return next(iter(self.operations[record].values())).entry.header.stream

    def entries_of_operations(self) -> dict[bytes, set[bytes]]:
        """Operation id to the hashes of all entries here that hold it (a resealed one has two)."""
        found: dict[bytes, set[bytes]] = {}
        for row in self.disk.rows:
            header = row.entry.header
            key = self.keys.key(header.stream, header.epoch)
            if header.suite == SEALED and key is not None and row.held in ("", "sealed_again"):
                found.setdefault(operation_of(row.entry, key).op, set()).add(row.entry.hash)
        return found

    def held_back(self) -> dict[str, int]:
        return dict(Counter(row.held for row in self.disk.rows if row.held not in ("", "sealed_again")))

    def secrets(self) -> set[bytes]:
        keys = [
            key for held in (self.keys.streams, self.keys.groups) for known in held.values() for key in known.values()
        ]
        return {*keys, self.disk.seed}

    def counts(self) -> Counts:
        disk = self.disk
        return Counts(
            sum(1 for row in disk.outbox.values() if row.entry.suite != CLEAR),
            sum(1 for row in disk.rows if row.own and row.entry.suite != CLEAR and row.number is not None),
            sum(1 for row in disk.rows if row.held), 0, disk.last_contact_ms, disk.offset_ms,
        )  # fmt: skip
