"""The device's store: the one write path and the one apply path. Synchronous, for the one lane of its profile."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from sqlmodel import Session

from goes_mobile.protocol import clear
from goes_mobile.protocol.clock import HybridClock
from goes_mobile.protocol.entry import SEALED, forget_ciphers, open_body, peek
from goes_mobile.protocol.keys import KeyPair, forget_secrets
from goes_mobile.protocol.operation import decode as decode_operation
from goes_mobile.protocol.problems import CannotWrite, GoesError, InputRefused, Locked, Refused
from goes_mobile.records.presets import preset
from goes_mobile.store import closing, disk, erasure, redaction, snapshot
from goes_mobile.store.authoring import Authoring
from goes_mobile.store.calm import undisturbed
from goes_mobile.store.gate import Gate
from goes_mobile.store.identity import Clock, Identity
from goes_mobile.store.journal import Journal
from goes_mobile.store.keys import KeyStore
from goes_mobile.store.opening import Opener
from goes_mobile.store.orders import Orders
from goes_mobile.store.projection import Projection
from goes_mobile.store.search import Search
from goes_mobile.vault.boxes import Box
from goes_mobile.vault.lock import USUAL, LockCost, make_lock


class Store(Authoring):
    """One profile on one device. ``open`` gives it locked: delivery and status work; ``unlock`` opens the rest."""

    def __init__(self, home: Path, held: IO[bytes], journal: Journal, identity: Identity, clock: Clock) -> None:
        self.home = home
        self._home_lock = held
        self._search_session: Session | None = None
        self._stretched = False
        self.gate = Gate(journal, clock)
        super().__init__(journal, identity, clock)

    # -- life -----------------------------------------------------------------------------------------------------

    @classmethod
    def create(cls, home: Path, identity: Identity, device_seed: bytes, vault_key: bytes, secret_text: str,
               clock: Clock, device_secret: bytes | None = None, cost: LockCost = USUAL) -> Store:  # fmt: skip
        """A new, empty, unlocked profile in ``home``; raises :class:`InputRefused` if there is one already."""
        lock = make_lock(secret_text, vault_key, device_secret, cost)
        with contextlib.ExitStack() as undo:
            held = undo.enter_context(disk.take(home))
            erasure.forget(home)
            journal = Journal(home / disk.DATABASE)
            undo.callback(journal.close)
            if journal.get("identity", must=True) is not None:
                raise InputRefused("profile_exists")
            with journal.transaction():
                journal.put("lease_from", clock())
                journal.put("identity", identity.dump())
                journal.put("lock", lock.dump())
                journal.put("device_seed", Box(vault_key).seal(device_seed, b"device seed"))
            disk.settle(home)
            store = cls(home, held, journal, identity, clock)
            store._open_up(vault_key)
            undo.pop_all()
        return store

    @classmethod
    def open(cls, home: Path, clock: Clock) -> Store:
        """An existing profile, locked; :class:`InputRefused` (``no_profile``), :class:`InUse`, :class:`Damaged`; of one
        that has ended :class:`Refused` (``revoked``)."""
        if ended := erasure.read(home):
            with disk.take(home):
                erasure.wipe(home)
            raise Refused("revoked", reason=ended.reason)
        if not (home / disk.DATABASE).exists():
            raise InputRefused("no_profile")
        with contextlib.ExitStack() as undo:
            held = undo.enter_context(disk.take(home))
            journal = Journal(home / disk.DATABASE)
            undo.callback(journal.close)
            identity = journal.get("identity", must=True)
            if identity is None:
                if not journal.last():  # switched off before its first commit: nothing is here
                    journal.close()
                    disk.remove(home)
                raise InputRefused("no_profile")
            store = cls(home, held, journal, Identity.load(identity), clock)
            store.carry_out()
            undo.pop_all()
        return store

    def carry_out(self) -> None:
        """Orders that are released and not yet done here: after a release, and after a crash in between."""
        seqs: list[int] = []
        if redaction.due(self.journal, self.ledger):
            with self.journal.transaction():
                seqs = redaction.carry_out(self.journal, self.ledger).seqs
        self.scrub()
        if seqs and not self.locked:
            self.project_anew(seqs)

    def close(self) -> None:
        self.lock()
        self.journal.close()
        self._home_lock.close()

    @property
    def cannot_write(self) -> str:
        """Why the disk took nothing when it was last asked to (a code); empty while all is well."""
        return self.journal.refused

    def unlock(self, secret_text: str, device_secret: bytes | None = None) -> None:
        """Open the keys and the projection; see :meth:`Gate.check`. :class:`Refused` (``revoked``) and
        :class:`Locked` (``lease``) before anything is tried."""
        if revoked := self.revoked:
            raise Refused("revoked", reason=revoked.reason)
        if self.lease_over():
            raise Locked("lease", days=preset(self.identity.preset).lease_days)
        vault_key = self.gate.check(secret_text, device_secret)
        if self.locked:
            self._open_up(vault_key)

    @property
    def revoked(self) -> clear.Revocation | None:
        """What the verified control log says about this device."""
        me = self.ledger.principals.get(self.device)
        return me.revoked if me else None

    def erase(self) -> None:
        """The end of this profile: keys, journal, drafts, settings. On a certified order alone, never on a word."""
        revoked = self.revoked
        if revoked is None:
            raise InputRefused("not_revoked")
        erasure.begin(self.home, erasure.Ended(revoked.reason, self.now_ms()))
        self._whole = False  # no more snapshots
        self.lock()
        self.journal.close()
        erasure.wipe(self.home)
        self._home_lock.close()

    def lock(self) -> None:
        """Drop every key and every opened word."""
        try:
            with contextlib.suppress(GoesError, OSError):  # a full or failing disk must not keep the device open
                self.save_snapshot(least=snapshot.TAIL)
        finally:
            self._close_projection()
            self._box = self._keys = self._projection = self._search = self._opener = self._search_session = None
            self._vault_key = b""
            self.blobs.locked()
            self._hlc = HybridClock()
            forget_ciphers()
            forget_secrets()

    def _close_projection(self) -> None:
        if self._search_session is not None:
            self._search_session.close()
        if self._projection is not None:
            self._projection.close()

    # -- open half ------------------------------------------------------------------------------------------------

    def _open_up(self, vault_key: bytes) -> None:
        box = Box(vault_key)
        device = KeyPair.from_seed(box.open(self.journal.get("device_seed", b"", must=True), b"device seed"))
        self._vault_key, self._box = vault_key, box
        try:
            self._keys = KeyStore(self.journal, self.organisation, device, box)
            self._keys.catch_up(self.ledger)
            self._opener = Opener(self.journal, self.ledger, self._keys.ring)
            self._hlc = HybridClock(self._last_hlc())
            self._project()
            with contextlib.suppress(CannotWrite):  # written anew as soon as something can be
                self.blobs.sweep()
                self.orders.drop_drafts()
                self.reseal()
                self.hand_on(closing.streams(self.journal))
        except BaseException:
            self.lock()  # open or locked, never half
            raise

    def _last_hlc(self) -> int:
        """The highest clock value given out since the clock last started anew. The newest own operation carries it, or
        one of those before: what was forwarded keeps an older one."""
        rows = self.journal.db.execute(
            "SELECT raw FROM entry WHERE own=1 AND suite=? AND device=? AND seq > ? ORDER BY seq DESC LIMIT 20",
            (SEALED, self.device, self.journal.get("hlc_from", 0)),
        ).fetchall()
        highest = 0
        for (raw,) in rows:
            with contextlib.suppress(GoesError):
                entry = peek(raw)
                key = self.keys.key(entry.stream, entry.epoch)
                highest = max(highest, decode_operation(open_body(entry, key)).hlc)
        return highest

    def _project(self) -> None:
        """The projection from the sealed snapshot and the journal's tail, or from the whole journal."""
        found = snapshot.read(self.home, self.box, self.journal.get("snapshot", b""), self.journal.hash_of)
        image, after = found if found else (None, 0)
        self._projection = Projection(self.opener.reopen, self.member_of, image)
        self.blobs.unlocked(self._projection, self._announce)
        self._search_session = self._projection.session()
        self._search = Search(self._projection.db, self._search_session)
        self._tail = 0
        if found:
            again = [row[0] for row in self.journal.db.execute("SELECT seq FROM again WHERE seq <= ?", (after,))]
            self._apply(self.opener.reopen(again))
            self._replay(after)
        else:
            with self._projection.bulk(), undisturbed():
                self._replay(after)
        self._rejudge_unopened()

    def _replay(self, after: int) -> None:
        """The journal's entries beyond a snapshot (or all), through the same apply as everything."""
        for rows in self.journal.rows(after):
            opened, held = self.opener.open_all(row for row in rows if row.held is None)
            self._apply(opened)
            self._hold(held)
            self._tail += len(rows)

    def project_anew(self, seqs: Sequence[int]) -> Mapping[str, set[str]]:
        """Keys, drafts, projection and text index without what orders took away; listeners hear of it."""
        gone = self.orders.records_of(seqs)
        self._need(self._keys).read()
        forget_ciphers()
        self.orders.drop_drafts({record for _, record in gone})
        self._close_projection()
        self._project()
        self._stretched = False
        changed: dict[str, set[str]] = {}
        for kind, record in gone | self.orders.records_of(seqs):
            changed.setdefault(kind, set()).add(record)
        self._announce(changed)
        self.reseal()
        return changed

    def save_snapshot(self, least: int = snapshot.TAIL) -> bool:
        """Write a sealed snapshot if the journal's tail is long enough to be worth it."""
        if self._projection is None or self._tail < least or not self._whole:
            return False
        seq = self.journal.last()
        self._need(self._search).write_down()
        image = self._projection.db.serialize()
        mark = snapshot.Mark(seq, self.journal.hash_of(seq), self.journal.get("snapshot", b""))
        name = snapshot.write(self.home, memoryview(image), mark, self.box)
        with self.journal.transaction():
            self.journal.put("snapshot", name)
            self.journal.db.execute("DELETE FROM again WHERE seq <= ?", (seq,))
        self._tail = 0
        return True

    def idle(self, most: int = 200) -> bool:
        """A small step of work that can wait (text index, snapshot); ``True`` if there is more."""
        if self._search is None:
            return False
        if self._search.catch_up(most):
            return True
        with contextlib.suppress(CannotWrite):  # only speed is lost
            if not self._stretched and not self.journal.refused:
                self._stretched = True
                self.journal.stretch()
            return self.save_snapshot()
        return False

    @property
    def orders(self) -> Orders:
        return Orders(self)
