"""Organisations, devices and entries without a store: what server, fake and simulation tests are fed with.

    team = Organisation.found(random=random.Random(7).randbytes)   # sheet, founding, first administrator, groups
    anna = team.enrol("outreach", [SITE])                          # invite, device certificate, grants: in team.control
    stream = anna.open_stream(StreamRef("site", SITE))             # first epoch record of a stream: an entry
    entry = anna.note(stream, "…")                                 # a sealed operation

Everything is drawn from ``random``, so a seed gives the same bytes. ``team.control`` holds the control entries in the
order in which they were made; nothing here talks to a server.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from goes_mobile.protocol import clear
from goes_mobile.protocol import entry as entries
from goes_mobile.protocol.codes import InviteSecret, RecoverySheet
from goes_mobile.protocol.entry import CLEAR, NO_EPOCH, SEALED, ChainEnd, Entry, Header, Witness
from goes_mobile.protocol.ids import new_id_bytes, site_id, to_text
from goes_mobile.protocol.keys import KEY, KeyPair, PublicKeys, epoch_name, kem_public, seal_to
from goes_mobile.protocol.ledger import Ledger
from goes_mobile.protocol.operation import Operation, encode
from goes_mobile.protocol.streams import CONTROL, GroupRef, StreamRef, recipients
from goes_mobile.protocol.wire import SessionRequest, session_message

Random = Callable[[int], bytes]
SITE = site_id("workmobil")
OTHER_SITE = site_id("jugendbuero-nuertingen")
NEVER = 2**52
NOW = 1_800_000_000_000
NOTHING_SEEN = Witness()


@dataclass
class Epochs:
    """The group and stream keys a test knows of: owner -> (epoch, key), the newest."""

    keys: dict[bytes, tuple[bytes, bytes]] = field(default_factory=dict, repr=False)

    def make(self, owner: bytes, random: Random) -> tuple[bytes, bytes]:
        key = random(KEY)
        self.keys[owner] = (epoch_name(key, owner), key)
        return self.keys[owner]


@dataclass
class Actor:
    """A principal that seals: root, invite or device. Keeps the end of its chain in each stream."""

    organisation: Organisation = field(repr=False)
    keys: KeyPair = field(repr=False)
    member: bytes = b""
    role: str = ""
    sites: tuple[str, ...] = ()
    chains: dict[bytes, tuple[bytes, ChainEnd]] = field(default_factory=dict, repr=False)

    @property
    def id(self) -> bytes:
        return self.keys.principal

    def seal(self, stream: bytes, body: bytes, key: bytes | None = None, epoch: bytes = NO_EPOCH,
             seen: Witness = NOTHING_SEEN, succeeds: tuple[bytes, str] | None = None) -> Entry:  # fmt: skip
        """The next entry of this actor's chain in a stream: sealed with ``key``, clear without."""
        random = self.organisation.random
        if stream not in self.chains:
            self.chains[stream] = (random(8), ChainEnd())
        run, end = self.chains[stream]
        header = Header(
            SEALED if key else CLEAR, self.organisation.id, stream, epoch, self.id, run, end.n + 1, end.hash,
            stream_seen=seen, succeeds=succeeds,
        )  # fmt: skip
        made = entries.make(header, body, self.keys, key, random)
        self.chains[stream] = (run, ChainEnd(made.header.n, made.hash))
        return made

    def new_chain(self, stream: bytes) -> None:
        """Go on in a fresh chain, as after damage."""
        self.chains.pop(stream, None)

    def say(self, stream: bytes, record: clear.Clear) -> Entry:
        """A clear record: an epoch or grant in a stream, anything in the control log (see :meth:`certify`)."""
        return self.seal(stream, clear.encode(record))

    def certify(self, record: clear.Clear) -> Entry:
        """A record in the control log; also kept in ``organisation.control``."""
        made = self.say(self.organisation.control_stream, record)
        self.organisation.control.append(made)
        self.organisation.ledger.apply(made)
        return made

    def open_stream(self, ref: StreamRef, site: str = SITE, to: Iterable[bytes] | None = None,
                    replaces: Sequence[bytes] = ()) -> Entry:  # fmt: skip
        """The epoch record of a stream's new key, granted to its usual groups or to these recipients."""
        team = self.organisation
        stream = ref.id(team.id)
        epoch, key = team.epochs.make(stream, team.random)
        owners = [group.id(team.id) for group in recipients(ref, site)] if to is None else list(to)
        grants = tuple(team.grant(owner, key) for owner in owners)
        subject = "" if ref.type == "person" else ref.subject
        return self.say(stream, clear.Epoch(
            owner_type=ref.type, owner=stream, subject=subject, epoch=epoch, replaces=tuple(replaces), grants=grants
        ))  # fmt: skip

    def grant_stream(self, stream: bytes, to: Iterable[bytes]) -> Entry:
        """A later grant of the stream's newest epoch."""
        epoch, key = self.organisation.epochs.keys[stream]
        grants = tuple(self.organisation.grant(owner, key) for owner in to)
        return self.say(stream, clear.Grant(owner=stream, epoch=epoch, grants=grants))

    def write(self, stream: bytes, operation: Operation) -> Entry:
        """A sealed operation under the stream's newest epoch."""
        epoch, key = self.organisation.epochs.keys[stream]
        return self.seal(stream, encode(operation), key, epoch)

    def note(self, stream: bytes, text: str, record: str | None = None, now_ms: int = NOW) -> Entry:
        """A sealed note: the plainest operation there is."""
        random = self.organisation.random
        record = record or to_text(new_id_bytes(now_ms, random))
        return self.write(
            stream, Operation(new_id_bytes(now_ms, random), "encounter", record, now_ms << 16, {"note": text})
        )

    def notes(self, stream: bytes, number: int) -> list[Entry]:
        return [self.note(stream, f"Notiz {index}") for index in range(number)]

    def session_request(self, server_id: bytes, challenge: bytes) -> SessionRequest:
        message = session_message(server_id, self.organisation.id, self.id, challenge)
        return SessionRequest(
            organisation=self.organisation.id, principal=self.id, challenge=challenge, signature=self.keys.sign(message)
        )


@dataclass
class Organisation:
    """A founded organisation: its sheet, its first administrator's device, its groups' keys, its control log."""

    sheet: RecoverySheet
    random: Random = field(repr=False)
    epochs: Epochs = field(default_factory=Epochs, repr=False)
    control: list[Entry] = field(default_factory=list, repr=False)
    invites: list[InviteSecret] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.id)
        self.root = Actor(self, self.sheet.root)
        self.admin = Actor(self, KeyPair.from_seed(self.random(32)), self.random(16), "admin")

    @classmethod
    def found(
        cls, random: Random = os.urandom, sites: Sequence[str] = (SITE,), server_sign: bytes = bytes(32)
    ) -> Organisation:
        team = cls(RecoverySheet(random(32)), random)
        public = team.admin.keys.public
        team.root.certify(clear.Founding(
            root_sign=team.sheet.root.public.sign, recovery_kem=kem_public(team.sheet.recovery_kem),
            server_sign=server_sign,
        ))  # fmt: skip
        team.root.certify(clear.Administrator(sign=public.sign, kem=public.kem, member=team.admin.member))
        team.new_group(GroupRef("org"), [public])
        team.new_group(GroupRef("coordination"), [public])
        for site in sites:
            team.new_group(GroupRef("site", site), [])
            team.new_group(GroupRef("site_supervisors", site), [])
        return team

    @property
    def id(self) -> bytes:
        return self.sheet.organisation

    @property
    def control_stream(self) -> bytes:
        return CONTROL.id(self.id)

    def new_group(self, ref: GroupRef, holders: Iterable[PublicKeys], replaces: Sequence[bytes] = ()) -> Entry:
        """A group's epoch, made by the administrator and granted to these and the recovery sheet."""
        owner = ref.id(self.id)
        epoch, secret = self.epochs.make(owner, self.random)
        recovery = GroupRef("recovery").id(self.id)
        grants = [self.grant(recovery, secret)]
        grants += [clear.Sealed(to=keys.principal, sealed=self._sealed(keys.kem, secret)) for keys in holders]
        return self.admin.certify(clear.Epoch(
            owner_type=ref.type, owner=owner, subject=ref.subject, epoch=epoch, kem=kem_public(secret),
            replaces=tuple(replaces), grants=tuple(grants),
        ))  # fmt: skip

    def groups_for(self, role: str, sites: Iterable[str]) -> list[GroupRef]:
        refs = [GroupRef("org")] + ([GroupRef("coordination")] if role in ("supervisor", "admin") else [])
        for site in sites:
            refs.append(GroupRef("site", site))
            if role == "supervisor":
                refs.append(GroupRef("site_supervisors", site))
        return refs

    def invite(self, role: clear.Role, sites: Sequence[str] = (SITE,), by: Actor | None = None,
               expires_at: int = NEVER) -> tuple[InviteSecret, Actor]:  # fmt: skip
        """Certify an invite and grant it its groups' keys (as if the administrator had kept them)."""
        by = by or self.admin
        secret = InviteSecret(self.random(16))
        invited = Actor(self, secret.keys, self.random(16), role, tuple(sites))
        public = secret.keys.public
        by.certify(clear.Invite(
            sign=public.sign, kem=public.kem, member=invited.member, role=role, sites=tuple(sites),
            expires_at=expires_at,
        ))  # fmt: skip
        for ref in self.groups_for(role, sites):
            self._grant_group(by, ref, public)
        self.invites.append(secret)
        return secret, invited

    def device(self, invited: Actor, at: int = NOW) -> Actor:
        """The device that this invite certifies; it is granted what the invite was."""
        device = Actor(self, KeyPair.from_seed(self.random(32)), invited.member, invited.role, invited.sites)
        public = device.keys.public
        invited.certify(clear.Device(sign=public.sign, kem=public.kem, at=at))
        for ref in self.groups_for(invited.role, invited.sites):
            self._grant_group(invited, ref, public)
        return device

    def enrol(self, role: clear.Role, sites: Sequence[str] = (SITE,), by: Actor | None = None) -> Actor:
        """Invite and device in one."""
        return self.device(self.invite(role, sites, by)[1])

    def revoke(self, device: Actor, by: Actor | None = None) -> Entry:
        return (by or self.admin).certify(
            clear.Revocation(device=device.id, reason="lost", control_position=len(self.control))
        )

    def grant(self, to: bytes, key: bytes) -> clear.Sealed:
        """A key for a group (sealed to its newest epoch) or, by name alone, for a principal that the ledger knows."""
        if to == GroupRef("recovery").id(self.id):
            kem = kem_public(self.sheet.recovery_kem)
            return clear.Sealed(to=to, to_epoch=self.ledger.groups[to].live()[0].epoch, sealed=self._sealed(kem, key))
        if to in self.epochs.keys:
            epoch, secret = self.epochs.keys[to]
            return clear.Sealed(to=to, to_epoch=epoch, sealed=self._sealed(kem_public(secret), key))
        return clear.Sealed(to=to, sealed=self._sealed(self.ledger.principals[to].kem, key))

    def _grant_group(self, by: Actor, ref: GroupRef, public: PublicKeys) -> None:
        owner = ref.id(self.id)
        epoch, secret = self.epochs.keys[owner]
        sealed = clear.Sealed(to=public.principal, sealed=self._sealed(public.kem, secret))
        author = by if by.id in self.ledger.groups[owner].epochs[epoch].sealed else self.admin
        author.certify(clear.Grant(owner=owner, epoch=epoch, grants=(sealed,)))

    def _sealed(self, kem: bytes, secret: bytes) -> bytes:
        """A server cannot tell a grant from noise; a deterministic organisation gets noise of the right length."""
        return seal_to(kem, secret, b"test") if self.random is os.urandom else self.random(len(secret) + 48)
