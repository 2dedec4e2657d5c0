"""A small organisation of real stores, and a relay between them that is as plain as a server can be.

    with County(tmp_path) as county:
        anna, ben = county.enrol("outreach"), county.enrol("outreach")
        note = anna.note("Am Bahnhof")
        county.sync()                       # everybody sends, everybody fetches, twice
        assert ben.row(note)["note"] == "Am Bahnhof"

Everything goes through the store's doors (``waiting``, ``confirm``, ``receive`` …). The relay hands out all it has to
everybody; who may read what is shown by keys alone. Each device has a clock of its own, as wrong as a test wants.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from goes_mobile.protocol import clear, wire
from goes_mobile.protocol.codes import InviteSecret, RecoverySheet
from goes_mobile.protocol.entry import Entry, decode, running
from goes_mobile.protocol.ids import new_id, site_id, to_bytes
from goes_mobile.protocol.keys import KeyPair
from goes_mobile.protocol.problems import Malformed
from goes_mobile.records.base import TABLES
from goes_mobile.store.change import Change, Saved
from goes_mobile.store.identity import Identity
from goes_mobile.store.model import Received
from goes_mobile.store.store import Store
from goes_mobile.vault.founding import enrolment, first_groups, founding_records, invitation
from goes_mobile.vault.lock import FLOOR

SITE = site_id("workmobil")
OTHER_SITE = site_id("jugendbuero-nuertingen")
SECRET = "eine lange Passphrase"
MONDAY = 1_795_456_800_000
MINUTE, DAY, YEAR = 60_000, 86_400_000, 365 * 86_400_000
SERVER = KeyPair.from_seed(bytes(range(32)))


@dataclass
class Relay:
    """Takes entries as they come, gives each a number and a place in its stream, signs receipts. No rules."""

    now: Callable[[], int]
    kept: list[wire.RemoteEntry] = field(default_factory=list)
    heads: dict[bytes, list[bytes]] = field(default_factory=dict)
    """Running hashes of a stream, by position."""
    places: dict[bytes, wire.RemoteEntry] = field(default_factory=dict)

    def take(self, raw: bytes) -> wire.RemoteEntry:
        entry = decode(raw)
        if entry.hash not in self.places:
            head = self.heads.setdefault(entry.header.stream, [b""])
            head.append(running(head[-1], entry.hash, len(head)))
            self.places[entry.hash] = (len(self.kept) + 1, len(head) - 1, self.now(), raw)
            self.kept.append(self.places[entry.hash])
        return self.places[entry.hash]

    def receipts(self, organisation: bytes, raws: Iterable[bytes]) -> tuple[wire.Receipts, bytes]:
        items = tuple((decode(raw).hash, *self.take(raw)[:3]) for raw in raws)
        made = wire.Receipts(server_id=SERVER.principal, organisation=organisation, time_ms=self.now(), items=items)
        return made, wire.sign_receipts(made, SERVER)

    def head(self, stream: bytes, position: int | None = None) -> wire.Head:
        head = self.heads.get(stream, [b""])
        position = len(head) - 1 if position is None else position
        return wire.Head(stream=stream, position=position, running=head[position])

    def claims(self, entries: Sequence[wire.RemoteEntry]) -> list[wire.Head]:
        """The heads that go with an answer: of each stream after its last entry in it."""
        last: dict[bytes, int] = {}
        for _, position, _, raw in entries:
            with contextlib.suppress(Malformed):
                stream = decode(raw).header.stream
                last[stream] = max(position, last.get(stream, 0))
        return [self.head(stream, position) for stream, position in last.items()]

    def stream(self, stream: bytes, after: int = 0) -> list[wire.RemoteEntry]:
        return [entry for entry in self.kept if decode(entry[3]).header.stream == stream and entry[1] > after]

    def rewind(self, number: int) -> None:
        """A machine that went back in time: nothing after this number was ever there."""
        kept = self.kept[:number]
        self.kept, self.heads, self.places = [], {}, {}
        for entry in kept:
            decoded = decode(entry[3])
            head = self.heads.setdefault(decoded.header.stream, [b""])
            head.append(running(head[-1], decoded.hash, len(head)))
            self.places[decoded.hash] = entry
            self.kept.append(entry)


@dataclass
class Device:
    """One member's store, with a few words for what people do."""

    county: County = field(repr=False)
    home: Path
    store: Store = field(repr=False)
    seed: bytes = field(repr=False)
    slow_ms: int = 0
    """By how much this device's clock is behind (ahead if negative)."""

    # -- people -----------------------------------------------------------------------------------------------------

    def write(self, kind: str, known: str | None = None, **fields: Any) -> str:
        """A new record (or one whose id is known); its id."""
        made = known or new_id(self.store.now_ms())
        self.county.tick()
        self.store.write([Change(kind, made, fields)])
        return made

    def note(self, text: str = "Am Bahnhof", site: str = SITE, **fields: Any) -> str:
        """An anonymous encounter."""
        return self.write("encounter", site=site, at="2026-11-23T14:00:00+01:00", note=text, **fields)

    def person(self, alias: str = "Kranich", site: str = SITE, **fields: Any) -> str:
        return self.write("young_person", site=site, alias=alias, **fields)

    def edit(self, record: str, kind: str = "encounter", **fields: Any) -> list[Saved]:
        self.county.tick()
        return self.store.write([Change(kind, record, fields)])

    def delete(self, record: str, kind: str = "encounter") -> None:
        self.county.tick()
        self.store.write([Change(kind, record, delete=True)])

    def row(self, record: str, kind: str = "encounter") -> Any:
        with self.store.session() as session:
            table = TABLES.tables[kind]
            found = session.execute(table.select().where(table.c.id == record)).mappings().first()
            return dict(found) if found else None

    def notes(self) -> set[str]:
        with self.store.session() as session:
            table = TABLES.tables["encounter"]
            return {row.note for row in session.execute(table.select().where(table.c.deleted.is_(False)))}

    def tables(self) -> dict[str, list[Any]]:
        """All that was projected, to compare."""
        db = self.store.projection.db
        names = [*TABLES.tables, "op_ref", "seen_by", "misfit"]
        return {name: sorted(db.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for name in names}

    # -- delivery ---------------------------------------------------------------------------------------------------

    def push(self, most: int = 500) -> int:
        """Send all that waits; how many there were."""
        sent = 0
        while batch := self.store.waiting(most):
            self.store.confirm(*self.county.relay.receipts(self.store.organisation, [w.raw for w in batch]))
            sent += len(batch)
        return sent

    def pull(self, most: int = 1000) -> list[Received]:
        """Fetch what is new, page by page, then what is missing."""
        relay, received = self.county.relay, []
        while page := relay.kept[(at := self.store.cursor().number) : at + most]:
            received.append(self.give(page, cursor=wire.Cursor(incarnation=b"i", number=page[-1][0], hash=b"h")))
        for stream, after in self.store.missing():
            received.append(self.give(relay.stream(stream, after)))
        return received

    def give(self, entries: Sequence[wire.RemoteEntry], cursor: wire.Cursor | None = None,
             heads: Sequence[wire.Head] | None = None) -> Received:  # fmt: skip
        """An answer of the server's, as a test wants it."""
        claims = self.county.relay.claims(entries) if heads is None else heads
        return self.store.receive(entries, claims, cursor)

    def sync(self) -> None:
        self.push()
        self.pull()
        self.store.complete_newcomers()
        self.store.orders.follow()
        self.push()

    # -- life ---------------------------------------------------------------------------------------------------------

    def clock(self) -> int:
        return self.county.now_ms - self.slow_ms

    def close(self) -> None:
        self.store.close()

    def open(self) -> None:
        """After a restart: locked."""
        self.store = Store.open(self.home, self.clock)

    def reopen(self) -> None:
        """Restarted and unlocked."""
        self.close()
        self.open()
        self.store.unlock(SECRET)

    def replay(self) -> None:
        """Unlocked again from the journal alone."""
        self.store.lock()
        (self.home / "snapshot.bin").unlink(missing_ok=True)
        self.store.unlock(SECRET)

    @property
    def entries(self) -> list[Entry]:
        """All entries that lie here, in their order."""
        return [
            decode(raw) for (raw,) in self.store.journal.db.execute("SELECT raw FROM entry ORDER BY seq").fetchall()
        ]

    @property
    def own(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.header.device == self.store.device]

    def held(self) -> dict[str, int]:
        """Reasons and how often."""
        reasons = [item.reason for item in self.store.held()]
        return {reason: reasons.count(reason) for reason in reasons}

    def findings(self) -> set[str]:
        return {finding.code for finding in self.store.findings()}


class County:
    """An organisation with two sites, founded by an administrator who reads neither."""

    def __init__(self, home: Path, admin_at: tuple[str, ...] = ()) -> None:
        self.home = home
        self.now_ms = MONDAY
        self.relay = Relay(lambda: self.now_ms)
        self.devices: list[Device] = []
        self.made = 0
        self.sheet = RecoverySheet(os.urandom(32))
        seed, member = os.urandom(32), to_bytes(new_id(self.now_ms))
        public = KeyPair.from_seed(seed).public
        self.admin = self._device(seed, member)
        store = self.admin.store
        store.append_clear(
            founding_records(self.sheet, SERVER.public.sign, public, member, admin_at), author=self.sheet.root
        )
        made = first_groups(store.ledger, store.ledger.principals[store.device], (SITE, OTHER_SITE))
        store.append_clear([group.record for group, _ in made], keep=[g.opened for g, keeps in made if keeps])
        self.admin.push()

    def __enter__(self) -> County:
        return self

    def __exit__(self, *_: object) -> None:
        for device in self.devices:
            device.close()

    def tick(self, ms: int = MINUTE) -> None:
        self.now_ms += ms

    def _device(self, seed: bytes, member: bytes) -> Device:
        self.made += 1
        home = self.home / f"device-{self.made}"
        identity = Identity(
            self.sheet.organisation,
            KeyPair.from_seed(seed).principal,
            member,
            SERVER.public.sign,
            "landkreis-esslingen",
        )
        device = Device(self, home, None, seed)  # type: ignore[arg-type]
        device.store = Store.create(home, identity, seed, os.urandom(32), SECRET, device.clock, cost=FLOOR)
        self.devices.append(device)
        return device

    def invite(
        self, role: clear.Role, *sites: str, by: Device | None = None, member: bytes | None = None
    ) -> InviteSecret:
        store = (by or self.admin).store
        assert store.keyring is not None
        secret = InviteSecret(os.urandom(16))
        told = invitation(
            secret, member or to_bytes(new_id(self.now_ms)), role, sites or (SITE,), self.now_ms + DAY, store.ledger,
            store.keyring,
        )  # fmt: skip
        store.append_clear(told.records, keep=told.keep)
        (by or self.admin).push()
        return secret

    def enrol(self, role: clear.Role = "outreach", *sites: str, by: Device | None = None) -> Device:
        """A new device, certified; it has read the control log and nothing else."""
        return self.enter(self.invite(role, *sites, by=by))

    def enter(self, secret: InviteSecret) -> Device:
        """What the new device does with the code."""
        seed = os.urandom(32)
        invited = self.admin.store.ledger.principals[secret.keys.principal]
        device = self._device(seed, invited.member)
        store = device.store
        device.give(self.relay.stream(store.control))
        store.append_clear(enrolment(secret, KeyPair.from_seed(seed), store.ledger, self.now_ms), author=secret.keys)
        device.push()
        self.admin.pull()
        return device

    def sync(self, *devices: Device, times: int = 2) -> None:
        for _ in range(times):
            for device in devices or self.devices:
                device.sync()

    def raws(self) -> Iterator[bytes]:
        """Every byte that the relay ever saw."""
        yield from (raw for *_, raw in self.relay.kept)
