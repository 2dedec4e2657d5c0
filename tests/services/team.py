"""A small team on real stores, without a server: `post` carries entries between them, in one order, as one would."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from goes_mobile.protocol import wire
from goes_mobile.protocol.codes import InviteSecret, RecoverySheet
from goes_mobile.protocol.entry import decode, running
from goes_mobile.protocol.ids import new_id, new_id_bytes, site_id, to_bytes, to_text
from goes_mobile.protocol.keys import KeyPair
from goes_mobile.records.presets import Preset, preset
from goes_mobile.services import organisation
from goes_mobile.services.desk import Desk, Me
from goes_mobile.services.names import name_of
from goes_mobile.store.change import Change, Saved
from goes_mobile.store.identity import Identity
from goes_mobile.store.store import Store
from goes_mobile.vault.founding import enrolment, first_groups, founding_records, invitation
from goes_mobile.vault.lock import FLOOR

T = TypeVar("T")
MOBILE, OFFICE = site_id("workmobil"), site_id("jugendbuero-nuertingen")
SECRET = "eine lange Passphrase"
MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


@dataclass
class Post:
    """What a server does to entries: numbers them, keeps them, hands them out."""

    kept: list[wire.RemoteEntry] = field(default_factory=list)
    heads: dict[bytes, wire.Head] = field(default_factory=dict)
    known: set[bytes] = field(default_factory=set)

    def take(self, raw: bytes, received: int) -> tuple[int, int, int]:
        entry = decode(raw)
        head = self.heads.get(entry.header.stream, wire.Head(stream=entry.header.stream, position=0, running=b""))
        position = head.position + 1
        self.heads[head.stream] = wire.Head(
            stream=head.stream, position=position, running=running(head.running, entry.hash, position)
        )
        self.known.add(entry.hash)
        place = (len(self.kept) + 1, position, received)
        self.kept.append((*place, raw))
        return place


@dataclass
class Member:
    """A member on one device. ``now`` is this device's clock; ``server_now`` the post's."""

    team: Team
    name: str
    store: Store = field(repr=False)
    read_to: int = 0

    def ask(self, query: Callable[..., T], *args: Any, **named: Any) -> T:
        with self.store.session() as session:
            return query(self.desk(session), *args, **named)

    def do(self, action: Callable[..., list[Change]], *args: Any, **named: Any) -> list[Saved]:
        changes = self.ask(action, *args, **named)
        self.team.tick()
        return self.store.write(changes) if changes else []

    def made(self, action: Callable[..., list[Change]], *args: Any, **named: Any) -> str:
        """The id of the first record an action made."""
        return self.do(action, *args, **named)[0].id

    def desk(self, session: Any) -> Desk:
        store = self.store
        principal = store.ledger.principals[store.device]
        me = Me(store.member, store.device.hex(), principal.role, principal.sites, self.name)  # type: ignore[arg-type]
        now = datetime.fromtimestamp(store.now_ms() / 1000, UTC)
        return Desk(session, me, now, lambda: new_id(store.now_ms()), self.team.preset, store)

    def push(self) -> None:
        items = [
            (waiting.hash, *self.team.post.take(waiting.raw, self.team.ms))
            for waiting in self.store.waiting(100_000, 1 << 30)
            if waiting.hash not in self.team.post.known
        ]
        receipts = wire.Receipts(
            server_id=bytes(16), organisation=self.store.organisation, time_ms=self.team.ms, items=tuple(items)
        )
        self.store.confirm(receipts, wire.sign_receipts(receipts, KeyPair.from_seed(bytes(32))))

    def pull(self) -> None:
        post = self.team.post
        streams = {decode(raw).header.stream for *_, raw in post.kept[self.read_to :]}
        heads = [post.heads[stream] for stream in streams]
        self.store.receive(post.kept[self.read_to :], heads, wire.Cursor(number=len(post.kept)))
        self.read_to = len(post.kept)

    def sync(self) -> None:
        self.push()
        self.pull()


@dataclass
class Team:
    """Clock, post, members."""

    home: Path
    post: Post = field(default_factory=Post)
    ms: int = int(MONDAY.timestamp() * 1000)
    members: list[Member] = field(default_factory=list)
    preset: Preset = field(default_factory=lambda: preset("landkreis-esslingen"))

    def __post_init__(self) -> None:
        sheet, seed, member = RecoverySheet(os.urandom(32)), os.urandom(32), new_id_bytes(self.ms)
        store = self._create("admin", sheet.organisation, seed, member)
        public = KeyPair.from_seed(seed).public
        store.append_clear(founding_records(sheet, bytes(32), public, member, ()), author=sheet.root)
        made = first_groups(store.ledger, store.ledger.principals[store.device], [MOBILE, OFFICE])
        store.append_clear([group.record for group, _ in made], keep=[g.opened for g, keeps in made if keeps])
        self.admin = self._join("Ada Admin", store)
        self.admin.do(lambda desk: organisation.founding(desk.preset, desk.new_id))
        self.admin.do(lambda desk: organisation.new_member(desk.me.member, "Ada Admin", "admin", []))
        self.admin.sync()

    def enrol(self, name: str, role: str, *sites: str) -> Member:
        """A member on a new device, by an invite of the administrator."""
        invite, seed, member = InviteSecret(os.urandom(16)), os.urandom(32), new_id_bytes(self.ms)
        admin = self.admin.store
        told = invitation(invite, member, role, sites, self.ms + 10**9, admin.ledger, admin.keyring)  # type: ignore[arg-type]
        admin.append_clear(told.records, keep=told.keep)
        self.admin.do(lambda _: organisation.new_member(to_text(member), name, role, sites))
        self.admin.sync()
        store = self._create(name, admin.organisation, seed, member)
        joined = self._join(name, store)
        control = [entry for entry in self.post.kept if decode(entry[3]).header.stream == store.control]
        store.receive(control, [self.post.heads[store.control]], None)
        store.append_clear(enrolment(invite, KeyPair.from_seed(seed), store.ledger, self.ms), author=invite.keys)
        joined.sync()
        self.everyone_syncs()
        return joined

    def second_device(self, name: str, of: Member) -> Member:
        """Another device of the same member would need another invite; a colleague of the same role is as good."""
        principal = of.store.ledger.principals[of.store.device]
        return self.enrol(name, principal.role, *principal.sites)

    def everyone_syncs(self) -> None:
        for _ in range(2):
            for member in self.members:
                member.sync()

    def tick(self, ms: int = 60_000) -> None:
        """Time passes, for all clocks alike."""
        self.ms += ms

    def _create(self, name: str, organisation_id: bytes, seed: bytes, member: bytes) -> Store:
        identity = Identity(organisation_id, KeyPair.from_seed(seed).principal, member, bytes(32), self.preset.name)
        home = self.home / name.replace(" ", "-")
        return Store.create(home, identity, seed, os.urandom(32), SECRET, lambda: self.ms, cost=FLOOR)

    def _join(self, name: str, store: Store) -> Member:
        member = Member(self, name, store)
        self.members.append(member)
        return member

    def close(self) -> None:
        for member in self.members:
            member.store.close()


def name(member: Member, kind: str, record: str) -> str:
    return member.ask(name_of, kind, record)


def ident(text: str) -> bytes:
    return to_bytes(text)
