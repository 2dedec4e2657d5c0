"""The server in memory: `protocol.service` as plainly as it can be said, for simulation and contract tests.

    server = FakeServer(clock=lambda: now_ms, random=random.Random(7).randbytes)
    await server.found(FoundRequest(setup_token=server.setup_token, …))
    session = await server.open_session(…)
    service = server.session(session.token)          # or server.session(delivery_bearer(organisation, token))

Time and randomness are passed in. `snapshot`, `restore` (an operator's, told) and `roll_back` (a machine's, untold) are
for tests of restarts; the small methods of :class:`Feed` are where a simulation plants its bugs.
"""

from __future__ import annotations

import asyncio
import copy
import hashlib
import hmac
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from goes_mobile.protocol import clear, wire
from goes_mobile.protocol.blobs import CHUNK, SEAL, chunks_of
from goes_mobile.protocol.entry import (
    CLEAR,
    MAX_ENTRY,
    NO_HASH,
    ChainEnd,
    ChainId,
    Entry,
    by_chain,
    decode,
    running,
    verified_length,
)
from goes_mobile.protocol.epochs import StreamEpochs
from goes_mobile.protocol.keys import KeyPair, verify
from goes_mobile.protocol.ledger import Ledger, Principal
from goes_mobile.protocol.problems import Malformed, Refused, problem
from goes_mobile.protocol.service import read_delivery_bearer
from goes_mobile.protocol.streams import CONTROL, GroupRef

CHALLENGE_MS = 5 * 60 * 1000
SESSION_MS = 12 * 3600 * 1000
WINDOW = 4 * wire.MAX_PULL_ENTRIES
BLOB_BYTES = 16 * 1024 * 1024
BLOBS_BYTES = 50 * 1024**3


@dataclass
class Stored:
    number: int
    position: int
    received_ms: int
    entry: Entry

    def remote(self) -> wire.RemoteEntry:
        return (self.number, self.position, self.received_ms, self.entry.raw)

    def receipt(self) -> wire.Receipt:
        return (self.entry.hash, self.number, self.position, self.received_ms)


@dataclass
class Stream:
    id: bytes
    entries: list[Stored] = field(default_factory=list)
    running: list[bytes] = field(default_factory=lambda: [b""])

    def __post_init__(self) -> None:
        self.epochs = StreamEpochs(self.id)

    def upto(self, names: set[bytes]) -> int:
        """Up to which position somebody under these names is served."""
        if names & self.epochs.recipients():
            return len(self.entries)
        return max((self.epochs.ended[name] or 0 for name in names & self.epochs.ended.keys()), default=0)


@dataclass
class Judged:
    receipts: list[wire.Receipt] = field(default_factory=list)
    refused: list[wire.Refusal] = field(default_factory=list)
    gaps: list[wire.Gap] = field(default_factory=list)
    unknown: list[bytes] = field(default_factory=list)
    unread: list[bytes] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Nothing waits for something else."""
        return not (self.gaps or self.unknown or self.unread)


@dataclass
class Feed:
    """One organisation's feed and all that is derived from it."""

    organisation: bytes
    incarnation: bytes
    incarnations: set[bytes] = field(default_factory=set)
    awaiting_control: bool = False
    log: list[Stored] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=lambda: [NO_HASH])
    chains: dict[ChainId, list[Stored]] = field(default_factory=dict)
    streams: dict[bytes, Stream] = field(default_factory=dict)
    delivery: dict[bytes, bytes] = field(default_factory=dict)
    counts: dict[tuple[bytes, bytes], int] = field(default_factory=dict)
    """(stream, blob) -> of how many chunks it will be."""
    chunks: dict[tuple[bytes, bytes], dict[int, bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.organisation)
        self.control = CONTROL.id(self.organisation)
        self.incarnations.add(self.incarnation)

    def stream(self, stream: bytes) -> Stream:
        return self.streams.setdefault(stream, Stream(stream))

    def restart(self, incarnation: bytes) -> None:
        """A new incarnation; nothing is served until an administrator's device has sent the control log again."""
        self.incarnation = incarnation
        self.incarnations.add(incarnation)
        self.awaiting_control = True

    # -- push --------------------------------------------------------------------------------------------------

    def take(self, raws: Iterable[bytes], now_ms: int) -> Judged:
        """Each chain's part all or nothing, control first; parts whose author an accepted part certifies come after."""
        judged = Judged()
        entries: dict[bytes, Entry] = {}
        for raw in raws:
            entry = self._decode(raw, judged)
            if entry is not None and (entry.hash not in entries or entries[entry.hash].body is None):
                entries[entry.hash] = entry
        parts = by_chain(list(entries.values()))
        for in_control in (True, False):
            waiting = [part for chain, part in parts.items() if (chain.stream == self.control) is in_control]
            progress = True
            while waiting and progress:
                later = [part for part in waiting if not self._take_part(part, now_ms, judged)]
                progress = len(later) < len(waiting)
                waiting = later
            judged.unknown += [entry.hash for part in waiting for entry in part]
        self._carry_out()
        return judged

    def _carry_out(self) -> None:
        """What an order takes away has no body, whenever it came; an erased stream is nobody's."""
        for stored in self.log if self.ledger.released() else ():
            if stored.entry.body is not None and self._ordered(stored.entry):
                stored.entry = decode(stored.entry.redacted())
        for stream in self.ledger.erased & self.streams.keys():
            self.streams[stream].epochs = StreamEpochs(stream)
        for place in [place for place in self.counts if self.ledger.removed(*place)]:
            del self.counts[place], self.chunks[place]

    def _decode(self, raw: bytes, judged: Judged) -> Entry | None:
        try:
            if len(raw) > MAX_ENTRY:
                raise Malformed("size")
            entry = decode(raw)
        except Malformed as error:
            if error.code == "unknown_format":
                judged.unread.append(hashlib.sha256(raw).digest())
                return None
            code = "size" if error.code == "size" else "malformed"
            judged.refused.append(wire.Refusal(hash=hashlib.sha256(raw).digest(), code=code))
            return None
        if entry.header.organisation != self.organisation:
            judged.refused.append(wire.Refusal(hash=entry.hash, code="organisation"))
            return None
        return entry

    def _take_part(self, part: list[Entry], now_ms: int, judged: Judged) -> bool:
        """Judge one chain's part; false if its author, or the order that took a body away, is not known yet."""
        key = next(filter(None, map(self.ledger.signing_key, part)), None)
        if key is None or any(entry.body is None and not self._ordered(entry) for entry in part):
            return False
        chain = self.chains.get(part[0].header.chain, [])
        end = ChainEnd(len(chain), chain[-1].entry.hash) if chain else ChainEnd()
        new: list[Entry] = []
        forked: dict[bytes, Entry] = {}
        for entry in sorted(part, key=lambda e: e.header.n):
            n, previous = entry.header.n, entry.header.previous
            last = ChainEnd(new[-1].header.n, new[-1].hash) if new else end
            if n <= len(chain) and chain[n - 1].entry.hash == entry.hash:
                judged.receipts.append(chain[n - 1].receipt())
            elif n == last.n + 1 and previous == last.hash:
                new.append(entry)
            elif n <= last.n + 1 or previous in forked:
                forked[entry.hash] = entry
            else:
                self._gap(entry, last, judged)
                break
        good = verified_length(end, new, key)
        if good < len(new):  # whether the others are forks of what now waits will show when it comes again
            judged.refused += [wire.Refusal(hash=entry.hash, code="signature") for entry in new[good:]]
            return True
        judged.refused += [wire.Refusal(hash=entry, code="fork") for entry in forked]
        judged.receipts += [self._append(entry, now_ms).receipt() for entry in new]
        return True

    def _ordered(self, entry: Entry) -> bool:
        return entry.header.stream != self.control and self.ledger.removed(entry.header.stream, entry.hash)

    def _gap(self, entry: Entry, end: ChainEnd, judged: Judged) -> None:
        h = entry.header
        judged.gaps.append(wire.Gap(stream=h.stream, device=h.device, run=h.run, n=end.n + 1, hash=end.hash))

    def _append(self, entry: Entry, now_ms: int) -> Stored:
        stream = self.stream(entry.header.stream)
        stored = Stored(len(self.log) + 1, len(stream.entries) + 1, now_ms, entry)
        if entry.header.stream == self.control:
            self.ledger.apply(entry, stored.position)
        elif entry.header.suite == CLEAR:
            self._derive_access(stream, entry, stored.position)
        self.log.append(stored)
        self.hashes.append(hashlib.sha256(self.hashes[-1] + entry.hash).digest())
        stream.entries.append(stored)
        stream.running.append(running(stream.running[-1], entry.hash, stored.position))
        self.chains.setdefault(entry.header.chain, []).append(stored)
        return stored

    def _derive_access(self, stream: Stream, entry: Entry, position: int) -> None:
        """By the protocol's rule; but whoever is revoked lets nobody in or out any more."""
        try:
            record = clear.decode(entry.body or b"")
        except Malformed:
            return
        author = self.ledger.principals[entry.header.device]
        if isinstance(record, clear.Epoch | clear.Grant) and (author.active or not stream.epochs.granted):
            stream.epochs.take(record, author, self.ledger, position)

    # -- serving -----------------------------------------------------------------------------------------------

    def upto(self, stream: bytes, principal: Principal) -> int:
        """Up to which position a stream is served to somebody."""
        known = self.streams.get(stream)
        if known is None or stream == self.control or not principal.active:
            return len(known.entries) if known is not None and stream == self.control else 0
        mine = {principal.id, *self.ledger.groups_of(principal.id)}
        if principal.sort == "root":
            mine.add(GroupRef("recovery").id(self.organisation))
        return known.upto(mine)

    def may_read(self, stream: bytes, principal: Principal) -> bool:
        """All that is in it and all that comes."""
        return stream == self.control or 0 < self.upto(stream, principal) == len(self.streams[stream].entries)

    def may_put(self, stream: bytes, principal: Principal) -> bool:
        """Who is served a stream, and who has written in it."""
        if principal.sort != "device" or stream == self.control or stream not in self.streams:
            return False
        known = self.streams[stream]
        wrote = any(stored.entry.header.device == principal.id for stored in known.entries)
        return wrote or self.may_read(stream, principal)

    def scan(self, after: int, limit: int, principal: Principal) -> tuple[list[Stored], int]:
        """Entries of the principal's streams, and their own, by number, and the number up to which was looked."""
        found: list[Stored] = []
        allowed: dict[bytes, int] = {}
        window = self.log[after : after + WINDOW]
        for stored in window:
            stream = stored.entry.header.stream
            served = stored.position <= allowed.setdefault(stream, self.upto(stream, principal))
            if served or (allowed[stream] and stored.entry.header.device == principal.id):
                if len(found) == limit:
                    return found, stored.number - 1
                found.append(stored)
        return found, after + len(window)

    def head(self, stream: bytes, position: int | None = None) -> wire.Head:
        known = self.streams.get(stream, Stream(stream))
        position = len(known.entries) if position is None else position
        return wire.Head(stream=stream, position=position, running=known.running[position])


class FakeServer:
    """`protocol.service.Server`; :meth:`session` gives the `Service` of a token."""

    def __init__(self, clock: Callable[[], int], random: Callable[[int], bytes] = os.urandom) -> None:
        self.clock = clock
        self.random = random
        self.setup_token = random(16).hex()
        self.used_by: bytes | None = None
        self._keys = KeyPair.from_seed(random(32))
        self._secret = random(32)
        self.feeds: dict[bytes, Feed] = {}
        self.blob_bytes = BLOB_BYTES
        self.blobs_bytes = BLOBS_BYTES
        self.sessions: dict[str, tuple[bytes, bytes, int, int]] = {}
        self.welcomes: dict[bytes, tuple[bytes, bytes, wire.WelcomePut]] = {}
        self.arrived = asyncio.Event()
        self.stopped = False
        self.waiting = 0

    @property
    def id(self) -> bytes:
        return self._keys.principal

    # -- what tests do to it -----------------------------------------------------------------------------------

    def snapshot(self) -> object:
        return copy.deepcopy((self.feeds, self.welcomes, self.used_by))

    def roll_back(self, snapshot: object) -> None:
        """The machine went back in time and nobody said so: a device's cursor will show it."""
        self.feeds, self.welcomes, self.used_by = copy.deepcopy(snapshot)  # type: ignore[misc]

    def restore(self, snapshot: object) -> None:
        """The operator's `restore`: sessions are gone, every feed starts again."""
        self.roll_back(snapshot)
        self.sessions.clear()
        for feed in self.feeds.values():
            feed.restart(self.random(16))

    def stop(self) -> None:
        """As SIGTERM: waiting pulls are answered at once."""
        self.stopped = True
        self.arrived.set()

    # -- anonymous ---------------------------------------------------------------------------------------------

    async def hello(self) -> wire.Hello:
        now = self.clock()
        return wire.Hello(
            server_id=self.id, server_sign=self._keys.public.sign, time_ms=now, challenge=self._challenge(now)
        )

    async def found(self, request: wire.FoundRequest) -> wire.Nothing:
        if not hmac.compare_digest(request.setup_token.encode(), self.setup_token.encode()):
            raise problem("setup_token_wrong")
        if request.organisation in self.feeds:
            if self.used_by == request.organisation:
                return wire.Nothing()  # the answer was lost on its way
            raise problem("organisation_exists")
        if self.used_by is not None:
            raise problem("setup_token_wrong")
        feed = Feed(request.organisation, self.random(16))
        judged = feed.take(request.entries, self.clock())
        if judged.refused or not judged.whole or feed.ledger.founding is None or len(feed.streams) != 1:
            raise problem("malformed")
        self.feeds[request.organisation] = feed
        self.used_by = request.organisation
        return wire.Nothing()

    async def open_session(self, request: wire.SessionRequest) -> wire.Session:
        now = self.clock()
        made = int.from_bytes(request.challenge[:8], "big")
        if request.challenge != self._challenge(made) or not made - CHALLENGE_MS <= now <= made + CHALLENGE_MS:
            raise problem("unauthorised")
        feed = self._feed(request.organisation)
        principal = feed.ledger.principals.get(request.principal)
        message = wire.session_message(self.id, request.organisation, request.principal, request.challenge)
        if principal is None or not verify(principal.sign, request.signature, message):
            raise problem("unauthorised")
        self._refuse_the_ended(feed, principal)
        token = self.random(32).hex()
        self.sessions[token] = (request.organisation, principal.id, now + SESSION_MS, request.version)
        return wire.Session(token=token, expires_ms=now + SESSION_MS, time_ms=now)

    async def welcome(self, request: wire.WelcomeGet) -> wire.WelcomeAnswer:
        if request.lookup not in self.welcomes:
            raise problem("unknown_invite")
        organisation, _, put = self.welcomes[request.lookup]
        feed = self._feed(organisation)
        if feed.awaiting_control:
            raise self._restarted(feed)
        if self.clock() > put.expires_ms:
            raise problem("invite_expired")
        invite = feed.ledger.principals.get(put.invite)
        if invite is not None:
            self._refuse_the_ended(feed, invite)
        return wire.WelcomeAnswer(sealed=put.sealed)

    # -- with a token ------------------------------------------------------------------------------------------

    def session(self, token: str) -> FakeService:
        return FakeService(self, token)

    def _caller(self, token: str, reads: bool, farewell: bool = False) -> tuple[Feed, Principal, bool]:
        """Whose token this is, and whether it is a delivery token."""
        delivery, version = read_delivery_bearer(token), wire.VERSION
        if delivery is not None:
            organisation, secret = delivery
            held = self.feeds[organisation].delivery if organisation in self.feeds else {}
            principal_id = held.get(hashlib.sha256(secret).digest())
            if principal_id is None:
                raise problem("unauthorised")
        else:
            organisation, principal_id, expires_ms, version = self.sessions.get(token, (b"", b"", 0, 0))
            if self.clock() > expires_ms or organisation not in self.feeds:
                raise problem("session_expired")
        feed = self.feeds[organisation]
        principal = feed.ledger.principals.get(principal_id)
        if principal is None:
            raise problem("session_expired")  # its certificate was lost in a restart
        if principal.revoked is not None and not farewell:
            raise problem("revoked")
        if reads and principal.suspended:
            raise problem("not_allowed")
        if reads and version < wire.VERSION:
            raise problem("too_old")
        return feed, principal, delivery is not None

    def _feed(self, organisation: bytes) -> Feed:
        if organisation not in self.feeds:
            raise problem("unknown_organisation")
        return self.feeds[organisation]

    def _refuse_the_ended(self, feed: Feed, principal: Principal) -> None:
        if principal.revoked is not None and principal.sort != "device":
            raise problem("revoked")
        if principal.suspended:
            raise problem("not_allowed")
        if principal.sort == "invite":
            if principal.id in feed.ledger.used:
                raise problem("invite_used")
            if principal.expires_at is not None and self.clock() > principal.expires_at:
                raise problem("invite_expired")

    def _challenge(self, made_ms: int) -> bytes:
        made = made_ms.to_bytes(8, "big")
        return made + hmac.new(self._secret, b"challenge" + made, hashlib.sha256).digest()

    def cursor(self, feed: Feed, number: int) -> wire.Cursor:
        """Sealed with the server's secret, so that no device can claim a number that was never given out."""
        feed_hash = feed.hashes[number]
        mark = self._mark(feed, feed.incarnation, number, feed_hash)
        return wire.Cursor(incarnation=feed.incarnation, number=number, hash=feed_hash + mark)

    def _mark(self, feed: Feed, incarnation: bytes, number: int, feed_hash: bytes) -> bytes:
        message = b"cursor" + feed.organisation + number.to_bytes(8, "big") + feed_hash + incarnation
        return hmac.new(self._secret, message, hashlib.sha256).digest()[:16]

    def check_cursor(self, feed: Feed, cursor: wire.Cursor) -> None:
        """A cursor that we gave out and that does not fit any more: the feed went back in time."""
        if cursor == wire.Cursor() and not feed.awaiting_control:
            return
        if cursor != wire.Cursor():
            feed_hash, mark = cursor.hash[:32], cursor.hash[32:]
            ours = mark == self._mark(feed, cursor.incarnation, cursor.number, feed_hash)
            known = cursor.incarnation in feed.incarnations
            current = cursor.incarnation == feed.incarnation
            fits = current and cursor.number < len(feed.hashes) and feed.hashes[cursor.number] == feed_hash
            if ours and not fits and (current or not known):
                feed.restart(self.random(16))
            if ours and fits and not feed.awaiting_control:
                return
        raise self._restarted(feed)

    def _restarted(self, feed: Feed) -> Refused:
        return problem("feed_restarted", incarnation=feed.incarnation.hex(), awaiting_control=feed.awaiting_control)


class FakeService:
    """`protocol.service.Service` for one token."""

    def __init__(self, server: FakeServer, token: str) -> None:
        self._server = server
        self._token = token

    async def push(self, request: wire.PushRequest) -> wire.PushAnswer:
        server = self._server
        feed, principal, delivery = server._caller(self._token, reads=False, farewell=True)
        sizes = [len(raw) for raw in request.entries if len(raw) <= MAX_ENTRY]
        if len(request.entries) > wire.MAX_PUSH_ENTRIES or sum(sizes) > wire.MAX_PUSH_BYTES:
            raise problem("too_large")
        if request.control_complete and (delivery or principal.revoked is not None or principal.role != "admin"):
            raise problem("not_allowed")
        now = server.clock()
        judged = feed.take(request.entries, now)
        if request.control_complete and judged.whole:
            feed.awaiting_control = False
        if principal.revoked is not None and not request.entries:
            feed.delivery = {token: device for token, device in feed.delivery.items() if device != principal.id}
        if judged.receipts:
            server.arrived.set()
            server.arrived = asyncio.Event()
        receipts = wire.Receipts(
            server_id=server.id, organisation=feed.organisation, time_ms=now, items=tuple(judged.receipts)
        )
        return wire.PushAnswer(
            receipts=wire.sign_receipts(receipts, server._keys), refused=tuple(judged.refused), gaps=tuple(judged.gaps),
            unknown=tuple(judged.unknown), unread=tuple(judged.unread), time_ms=now,
        )  # fmt: skip

    async def pull(self, request: wire.PullRequest) -> wire.PullAnswer:
        """Waits for what is one's own; an arrival for others wakes, looks and sleeps again."""
        server = self._server
        loop = asyncio.get_running_loop()
        until = loop.time() + request.wait_s
        while True:
            arrived = server.arrived
            answer = self._look(request)
            left = until - loop.time()
            if answer.entries or left <= 0 or server.stopped:
                return answer
            server.waiting += 1
            try:
                await asyncio.wait_for(arrived.wait(), left)
            except TimeoutError:
                return self._look(request)
            finally:
                server.waiting -= 1

    def _look(self, request: wire.PullRequest) -> wire.PullAnswer:
        server = self._server
        feed, principal, delivery = server._caller(self._token, reads=True)
        if delivery:
            raise problem("not_allowed")
        server.check_cursor(feed, request.cursor)
        found, upto = feed.scan(request.cursor.number, request.limit, principal)
        last = {stored.entry.header.stream: stored.position for stored in found}
        return wire.PullAnswer(
            entries=tuple(stored.remote() for stored in found),
            heads=tuple(
                feed.head(stream, min(position, feed.upto(stream, principal))) for stream, position in last.items()
            ),
            cursor=server.cursor(feed, upto), more=upto < len(feed.log), time_ms=server.clock(),
        )  # fmt: skip

    async def backfill(self, request: wire.BackfillRequest) -> wire.BackfillAnswer:
        server = self._server
        feed, principal, delivery = server._caller(self._token, reads=True, farewell=True)
        if feed.awaiting_control and not (principal.sort == "root" and request.stream == feed.control):
            raise server._restarted(feed)
        upto = feed.upto(request.stream, principal)
        control_alone = delivery or principal.revoked is not None
        if not upto or (control_alone and request.stream != feed.control):
            raise problem("not_allowed")
        entries = feed.streams[request.stream].entries[:upto]
        part = entries[max(request.after, 0) :][: request.limit]
        return wire.BackfillAnswer(
            entries=tuple(stored.remote() for stored in part), head=feed.head(request.stream, upto),
            more=max(request.after, 0) + len(part) < len(entries), time_ms=server.clock(),
        )  # fmt: skip

    async def streams(self) -> wire.StreamsAnswer:
        feed, principal, delivery = self._server._caller(self._token, reads=True)
        if delivery:
            raise problem("not_allowed")
        ends = {stream: feed.upto(stream, principal) for stream in sorted(feed.streams)}
        heads = tuple(feed.head(stream, upto) for stream, upto in ends.items() if upto)
        return wire.StreamsAnswer(heads=heads, time_ms=self._server.clock())

    async def ask_blobs(self, request: wire.BlobsAsk) -> wire.BlobsAnswer:
        feed, principal, _ = self._server._caller(self._token, reads=False)
        return wire.BlobsAnswer(blobs=tuple(
            wire.BlobHere(stream=place.stream, blob=place.blob, chunks=tuple(sorted(here)))
            for place in dict.fromkeys(request.blobs)
            if (here := feed.chunks.get((place.stream, place.blob))) and feed.may_put(place.stream, principal)
        ))  # fmt: skip

    async def put_chunks(self, request: wire.ChunksPut) -> wire.Nothing:
        server = self._server
        if any(number >= request.count for number, _ in request.chunks):
            raise problem("malformed")
        if request.count > chunks_of(server.blob_bytes):
            raise problem("too_large")
        feed, principal, _ = server._caller(self._token, reads=False)
        if request.stream not in feed.streams:
            raise problem("unknown_stream")
        if not feed.may_put(request.stream, principal) or feed.ledger.removed(request.stream, request.blob):
            raise problem("not_allowed")
        place = (request.stream, request.blob)
        if (
            place not in feed.counts
            and (sum(feed.counts.values()) + request.count) * (CHUNK + SEAL) > server.blobs_bytes
        ):
            raise problem("no_room")
        here = dict(feed.chunks.get(place, {}))
        if feed.counts.get(place, request.count) != request.count or any(
            here.setdefault(number, sealed) != sealed for number, sealed in request.chunks
        ):
            raise problem("blob_differs")
        feed.counts[place], feed.chunks[place] = request.count, here
        return wire.Nothing()

    async def get_chunks(self, request: wire.ChunksGet) -> wire.ChunksAnswer:
        feed, principal, delivery = self._server._caller(self._token, reads=True)
        if feed.awaiting_control:
            raise self._server._restarted(feed)
        if delivery or not feed.may_read(request.stream, principal):
            raise problem("not_allowed")
        here = feed.chunks.get((request.stream, request.blob), {})
        return wire.ChunksAnswer(chunks=tuple((n, here[n]) for n in sorted(set(request.chunks)) if n in here))

    async def put_welcome(self, request: wire.WelcomePut) -> wire.Nothing:
        feed, principal, delivery = self._server._caller(self._token, reads=True)
        _, author, _ = self._server.welcomes.get(request.lookup, (b"", principal.id, None))
        appoints = principal.sort == "device" and principal.role in ("admin", "supervisor")
        if delivery or not appoints or author != principal.id:
            raise problem("not_allowed")
        self._server.welcomes[request.lookup] = (feed.organisation, principal.id, request)
        return wire.Nothing()

    async def put_delivery_token(self, request: wire.DeliveryToken) -> wire.Nothing:
        feed, principal, delivery = self._server._caller(self._token, reads=True)
        if delivery or principal.sort != "device":
            raise problem("not_allowed")
        feed.delivery = {token: owner for token, owner in feed.delivery.items() if owner != principal.id}
        feed.delivery[request.hash] = principal.id
        return wire.Nothing()
