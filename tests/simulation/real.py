"""The real store as a simulated device's: the journal on a disk of memory, crashes as copies of its files."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from goes_mobile.protocol.entry import SEALED, decode, open_body
from goes_mobile.protocol.ids import to_text
from goes_mobile.protocol.merge import Registers
from goes_mobile.protocol.operation import DELETED, Operation, Scalar
from goes_mobile.protocol.operation import decode as decode_operation
from goes_mobile.protocol.problems import GoesError
from goes_mobile.protocol.streams import ORG, StreamRef
from goes_mobile.store import disk
from goes_mobile.store.change import Change
from goes_mobile.store.identity import Identity
from goes_mobile.store.journal import Journal
from goes_mobile.store.store import Store
from goes_mobile.sync.enrolment import NewProfile
from goes_mobile.vault.lock import FLOOR
from tests.simulation.mutants import Mutant

PASSPHRASE = "eine lange Passphrase"
_MEMORY = Path("/dev/shm")


@dataclass
class RealDisk:
    """A profile's directory, gone when nobody uses it any more, and the vault key that spares a simulation the cost
    of passphrases."""

    vault_key: bytes

    def __post_init__(self) -> None:
        self._room = tempfile.TemporaryDirectory(
            prefix="goes-simulation-", dir=_MEMORY if _MEMORY.is_dir() else None, ignore_cleanup_errors=True
        )

    @property
    def home(self) -> Path:
        return Path(self._room.name)

    def copy(self) -> RealDisk:
        new = RealDisk(self.vault_key)
        shutil.copytree(self.home, new.home, dirs_exist_ok=True)
        return new

    def wipe(self) -> None:
        self._room.cleanup()


class RealStore(Store):
    """:class:`Store` with the few things that people and laws of the simulation ask for."""

    on: RealDisk
    clock_restarts = 0

    @classmethod
    def switched_on(cls, on: RealDisk, clock: Callable[[], int], random: Callable[[int], bytes]) -> RealStore:
        journal = Journal(on.home / disk.DATABASE)
        store = cls(on.home, disk.take(on.home), journal, Identity.load(journal.get("identity")), clock)
        store.on = on
        store._open_up(on.vault_key)
        return store

    @classmethod
    def made(cls, profile: NewProfile, clock: Callable[[], int], random: Callable[[int], bytes]) -> RealStore:
        on = RealDisk(random(32))
        Store.create(
            on.home, profile.identity, profile.device_seed, on.vault_key, PASSPHRASE, clock, cost=FLOOR
        ).close()
        return cls.switched_on(on, clock, random)

    def clock_restarted(self) -> None:
        super().clock_restarted()
        self.clock_restarts += 1

    # -- people ----------------------------------------------------------------------------------------------------

    def put(self, record: str, stream: StreamRef, site: str, values: Mapping[str, Scalar]) -> Operation | None:
        """A save as a service would plan it."""
        kind = "site" if stream == ORG else "encounter"
        new = record not in self.records()
        if DELETED in values:
            if new:
                return None
            change = Change(kind, record, delete=True)
        elif kind == "site":
            change = Change(kind, record, {"name": str(values), "short_name": record[:8]})
        else:
            fields: dict[str, Any] = {path.rpartition("/")[0] if path.startswith("head_counts/") else path: value
                                      for path, value in values.items()}  # fmt: skip
            if new:
                fields |= {"at": datetime.fromtimestamp(self.now_ms() / 1000, UTC), "site": site}
                fields |= {"people": [stream.subject]} if stream.type == "person" else {}
            change = Change(kind, record, fields)
        (saved,) = self.write([change])
        return self._operation(saved.seq) if saved.seq else None

    def _operation(self, seq: int) -> Operation:
        return self.opener.reopen([seq])[0].operation

    def believed(self, record: str) -> list[Operation]:
        return [operation for operation in self.operations_of(record) if operation.hlc <= self._hlc.last]

    # -- laws ------------------------------------------------------------------------------------------------------

    def records(self) -> list[str]:
        found = self.projection.db.execute("SELECT DISTINCT record FROM op_ref").fetchall()
        return sorted(to_text(record) for (record,) in found)

    def kind_of(self, record: str) -> str:
        return next(kind for kind in ("encounter", "site") if self.projection.places(kind, record))

    def operations_of(self, record: str) -> list[Operation]:
        if record not in self.records():
            return []
        return [item.operation for item in self.projection.operations(self.kind_of(record), record)]

    def looks(self, record: str) -> Registers | None:
        return self.projection.registers(self.kind_of(record), record)

    def stream_of(self, record: str) -> bytes:
        (_, seq), *_ = self.projection.places(self.kind_of(record), record)
        return bytes(self.journal.db.execute("SELECT stream FROM entry WHERE seq=?", (seq,)).fetchone()[0])

    def entries_of_operations(self) -> dict[bytes, set[bytes]]:
        found: dict[bytes, set[bytes]] = {}
        for raw, held in self.journal.db.execute("SELECT raw, held FROM entry WHERE suite=?", (SEALED,)):
            entry = decode(raw)
            key = self.keys.key(entry.header.stream, entry.header.epoch)
            if key is not None and held in (None, "sealed_again"):
                found.setdefault(decode_operation(open_body(entry, key)).op, set()).add(entry.hash)
        return found

    def held_back(self) -> dict[str, int]:
        sql = "SELECT held, count(*) FROM entry WHERE held IS NOT NULL AND held <> 'sealed_again' GROUP BY held"
        return dict(self.journal.db.execute(sql).fetchall())

    def secrets(self) -> set[bytes]:
        keys = [
            key for held in (self.keys.streams, self.keys.groups) for known in held.values() for key in known.values()
        ]
        return {*keys, self.on.vault_key}

    def after_power_cut(self) -> RealDisk:
        """The files as they are at this moment; what goes on in the old ones is nobody's business any more."""
        left = self.on.copy()
        self.shut()
        return left

    def shut(self) -> None:
        try:
            self.close()
        except GoesError:
            self.journal.db.close()
        self.on.wipe()


@dataclass(frozen=True)
class Kind:
    """How a device with a real store is switched on, and how its profile is made."""

    def __call__(self, on: RealDisk, clock: Callable[[], int], random: Callable[[int], bytes]) -> RealStore:
        return RealStore.switched_on(on, clock, random)

    def create(self, profile: NewProfile, clock: Callable[[], int], random: Callable[[int], bytes]) -> RealStore:
        return RealStore.made(profile, clock, random)


REAL = Mutant(local=Kind(), base=Kind())
