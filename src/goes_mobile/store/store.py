"""The device's store: the one write path and the one apply path. Synchronous, for the one lane of its profile."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from sqlmodel import Session

from goes_mobile.protocol import clear
from goes_mobile.protocol.clock import HybridClock
from goes_mobile.protocol.entry import SEALED, Entry, forget_ciphers, open_body, peek
from goes_mobile.protocol.ids import to_text
from goes_mobile.protocol.keys import KeyPair, forget_secrets
from goes_mobile.protocol.ledger import Ledger
from goes_mobile.protocol.merge import Registers
from goes_mobile.protocol.operation import decode as decode_operation
from goes_mobile.protocol.packing import pack, unpack
from goes_mobile.protocol.problems import CannotWrite, Damaged, GoesError, InputRefused, Locked, Refused
from goes_mobile.records import registry
from goes_mobile.records.presets import preset
from goes_mobile.records.roles import LEADS
from goes_mobile.store import disk, erasure, readers, redaction, resetting, snapshot
from goes_mobile.store import history as past
from goes_mobile.store.calm import undisturbed
from goes_mobile.store.change import Change, Saved, Versions
from goes_mobile.store.drafts import DraftBox
from goes_mobile.store.identity import Clock, Identity
from goes_mobile.store.intake import Intake
from goes_mobile.store.journal import Journal
from goes_mobile.store.keys import KeyStore
from goes_mobile.store.late import Mark
from goes_mobile.store.model import Counts, Delivery, HistoryItem, Hit
from goes_mobile.store.model import Held as Kept
from goes_mobile.store.opening import Opener
from goes_mobile.store.orders import Orders
from goes_mobile.store.projection import Projection
from goes_mobile.store.search import Search
from goes_mobile.store.writing import Writer
from goes_mobile.vault.attempts import Attempts
from goes_mobile.vault.boxes import Box
from goes_mobile.vault.founding import completions, escrow, escrow_outdated
from goes_mobile.vault.keyring import OpenedKey
from goes_mobile.vault.lock import USUAL, LockCost, LockRecord, check_strength, make_lock, open_lock
from goes_mobile.vault.rotation import renewals

_NOTHING_NEW = 2**62


class Store(Intake):
    """One profile on one device. ``open`` gives it locked: delivery and status work; ``unlock`` opens the rest."""

    def __init__(self, home: Path, held: IO[bytes], journal: Journal, identity: Identity, clock: Clock) -> None:
        self.home = home
        self._home_lock = held
        self._vault_key = b""
        self._search_session: Session | None = None
        self._stretched = False
        self._attempts = Attempts(*journal.get("attempts", [0, 0, 0]))
        self._renewed_at: tuple[Ledger | None, int] = (None, 0)
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

    @property
    def lock_kind(self) -> str:
        """``pin`` or ``passphrase``: which the lock screen asks for."""
        return self._lock_record().kind

    def _lock_record(self) -> LockRecord:
        return LockRecord.load(self.journal.get("lock", must=True))

    @property
    def attempts(self) -> Attempts:
        """Wrong tries so far. A clock that was set back is taken note of, so that a pause goes on passing."""
        settled = self._attempts.settled(self._clock())
        if settled != self._attempts:
            self._keep_attempts(settled)
        return settled

    def unlock(self, secret_text: str, device_secret: bytes | None = None) -> None:
        """Open the keys and the projection; see :meth:`check_secret`. :class:`Refused` (``revoked``) and
        :class:`Locked` (``lease``) before anything is tried."""
        if revoked := self.revoked:
            raise Refused("revoked", reason=revoked.reason)
        if self.lease_over():
            raise Locked("lease", days=preset(self.identity.preset).lease_days)
        vault_key = self.check_secret(secret_text, device_secret)
        if self.locked:
            self._open_up(vault_key)

    def check_secret(self, secret_text: str, device_secret: bytes | None = None) -> bytes:
        """The vault key. A try is counted on disk before the check; :class:`Locked` has ``tries_left``, ``wait_s``.

        A disk that takes nothing forgets the count when the program ends, so on such a disk no try is free of a pause.
        """
        now = self._clock()
        attempts = self.attempts
        if wait := attempts.wait_ms(now):
            raise Locked("wait", wait_s=-(-wait // 1000))
        record = self._lock_record()
        if record.device_bound and device_secret is None:
            raise Locked("device_secret_missing")  # nobody has guessed anything
        begun = attempts.begun(now)
        if not self._keep_attempts(begun):
            begun = self._attempts = attempts.spent().begun(now)
        try:
            vault_key = open_lock(record, secret_text, device_secret)
        except Locked as error:
            wait = begun.wait_ms(now)
            raise Locked(error.code, tries_left=begun.left(), wait_s=-(-wait // 1000)) from None
        self._keep_attempts(begun.succeeded(now))
        with contextlib.suppress(CannotWrite):  # a code that still counts is no reason to stay locked
            resetting.void(self.journal)
        return vault_key

    def _keep_attempts(self, attempts: Attempts) -> bool:
        """Whether they are on disk; they count in any case while the program runs."""
        self._attempts = attempts
        try:
            self.journal.put("attempts", [attempts.failed, attempts.not_before_ms, attempts.highest_ms])
        except CannotWrite:
            return False
        return True

    def forgive(self) -> None:
        """Somebody who may has let the member in again: earlier wrong tries do not count any more."""
        self._keep_attempts(self.attempts.succeeded(self._clock()))

    def change_secret(self, old: str, new: str, device_secret: bytes | None = None, cost: LockCost = USUAL) -> None:
        """A new PIN or passphrase; one row changes, so it is the old one or the new one, never neither."""
        check_strength(new, device_secret is not None)
        vault_key = self.check_secret(old, device_secret)  # counted: an open device is no place to guess at ease
        self.journal.put("lock", make_lock(new, vault_key, device_secret, cost).dump())

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
        except BaseException:
            self.lock()  # open or locked, never half
            raise

    def _last_hlc(self) -> int:
        """The newest own operation carries the highest clock value given out since the clock last started anew."""
        rows = self.journal.db.execute(
            "SELECT raw FROM entry WHERE own=1 AND suite=? AND device=? AND seq > ? ORDER BY seq DESC LIMIT 3",
            (SEALED, self.device, self.journal.get("hlc_from", 0)),
        ).fetchall()
        for (raw,) in rows:
            with contextlib.suppress(GoesError):
                entry = peek(raw)
                key = self.keys.key(entry.stream, entry.epoch)
                return decode_operation(open_body(entry, key)).hlc
        return 0

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

    def readers(self, person: str) -> list[readers.Reader]:
        """Who can read a young person's file."""
        return readers.of_person(self, person)

    @property
    def drafts(self) -> DraftBox:
        return DraftBox(self.journal, lambda: self.box)

    # -- writing --------------------------------------------------------------------------------------------------

    def write(self, changes: Sequence[Change]) -> list[Saved]:
        """Seal, append (one transaction, fsynced), project, announce. Acknowledged means: on disk."""
        self._renew_before_writing()
        writer = self._writer()
        try:
            with self.journal.transaction():
                written = writer.write(changes)
                for change, item in zip(changes, written, strict=True):
                    if change.blobs:
                        self.blobs.append(self.journal.streams_of([item.saved.seq])[-1], change.blobs)
        except BaseException:
            self._unwrite(writer)
            raise
        opened = [opened for item in written for opened in item.opened]
        self._tail += len(opened)
        self._announce(self._apply(opened))
        return [item.saved for item in written]

    def _unwrite(self, writer: Writer) -> None:
        """The transaction was rolled back."""
        self.chains.forget()
        if writer.new_keys:
            writer.keys.read()

    def _renew_before_writing(self) -> None:
        """Nothing is sealed under a key that reaches somebody revoked, a group's included."""
        if self._renewed_at[0] is not self.ledger or self._renewed_at[1] != self.ledger.version:
            self.renew_groups(all_heads=False)
            self._renewed_at = (self.ledger, self.ledger.version)

    def _writer(self) -> Writer:
        keys, now = self._need(self._keys), self.now_ms()
        return Writer(keys, self.ledger, self.projection, self.chains, self.journal, self._hlc, now)

    def append_clear(self, records: Iterable[clear.Clear], author: KeyPair | None = None,
                     keep: Iterable[OpenedKey] = ()) -> list[Entry]:  # fmt: skip
        """Sign control records (as this device, or as the root or an invite) and append them to the control log."""
        keep, keys, before = list(keep), self._need(self._keys), Mark.of(self.ledger)
        try:
            with self.journal.transaction():
                entries = [
                    self.chains.append(author or self.keys.device, self.control, clear.encode(record), None)[1]
                    for record in records
                ]
                for entry in entries:
                    verdict = self.ledger.apply(entry)
                    if verdict != "ok":
                        raise InputRefused("control_" + verdict)
                for key in keep:
                    keys.ring.add(key)
                keys.keep(keep)
                if keys.open_groups(self.ledger):
                    keys.open_pending(self.ledger)
                late = self.judge_late(before, _NOTHING_NEW)
                self.judge_keys(late.keys)
        except BaseException:
            self.undo()
            raise
        self.opener.trust(self.ledger)
        self.late_moved(late)
        self._announce(self._rejudge_unopened())
        return entries

    def offer_escrow(self) -> None:
        """Leave the vault key with the supervisors and the recovery sheet; anew when they have got other keys."""
        me = self.ledger.principals.get(self.device)
        if me and me.active and escrow_outdated(me, self.ledger):
            self.append_clear([escrow(self._vault_key, me, self.ledger)])

    def complete_newcomers(self) -> int:
        """Grant colleagues the group keys they should have; who leads also renews those that reach somebody they
        should not. Returns how many records were made."""
        me = self.ledger.principals.get(self.device)
        if me is None or not me.active:
            return 0
        renewed = self.renew_groups() if me.role in LEADS else 0
        grants = completions(self.ledger, self.keys)
        if grants:
            self.append_clear(grants)
        return len(grants) + renewed

    def renew_groups(self, all_heads: bool = True) -> int:
        """Replace group keys that reach somebody who may not read any more; see :func:`renewals`."""
        made = renewals(self.ledger, self.device, all_heads=all_heads)
        if made:
            self.append_clear([r.made.record for r in made], keep=[r.made.opened for r in made if r.keeps])
        return len(made)

    def reseal(self) -> None:
        if self._projection is None or not self.journal.held_rows(("reseal",)):
            return
        writer = self._writer()
        try:
            with self.journal.transaction():
                again = writer.reseal()
        except BaseException:
            self._unwrite(writer)
            raise
        self.read_control()
        self.opener.trust(self.ledger)
        self._announce(self._apply(again))

    def undo(self) -> None:
        super().undo()
        if self._keys is not None:
            self._keys.read()
            self.opener.trust(self.ledger)

    # -- asking -----------------------------------------------------------------------------------------------------

    def session(self) -> Session:
        """For queries on the projection; use it as a context manager."""
        return self.projection.session()

    def search(self, text: str, kinds: Iterable[str] | None = None, limit: int = 50) -> list[Hit]:
        return self._need(self._search).find(text, kinds, limit)

    def registers(self, kind: str, record: str) -> Registers:
        """All versions of a record; raises :class:`InputRefused` for one that is not known here."""
        found = self.projection.registers(kind, record)
        if found is None:
            raise InputRefused("unknown_record")
        return found

    def versions(self, kind: str, record: str) -> Versions:
        """What is on the screen, so that a later change can say what it has seen."""
        registers = self.registers(kind, record)
        return registers.versions(registers.candidates)

    def history(self, kind: str, record: str) -> list[HistoryItem]:
        return past.history(kind, self.projection.operations(kind, record), self.member_of)

    def delivery(self, kind: str, record: str) -> Delivery:
        """How far the newest change of a record has come."""
        row = self.journal.db.execute(
            "SELECT number, stream, position, held FROM entry WHERE seq=?", (self._newest(kind, record),)
        ).fetchone()
        if row is None:
            return Delivery("here")
        number, stream, position, held = row
        if held:
            return Delivery("held")
        if number is None:
            return Delivery("waiting")
        devices = self.projection.seen_by(stream, position, self.device)
        return Delivery("devices", devices) if devices else Delivery("server")

    def _newest(self, kind: str, record: str) -> int:
        return max((seq for _, seq in self.projection.places(kind, record)), default=0)

    def held(self) -> list[Kept]:
        """What is kept apart; while open also operations that do not fit what this version knows of their kind."""
        misfits = self._projection.misfits() if self._projection is not None else []
        return super().held() + [Kept(seq, device, self.member_of(device), "does_not_fit") for seq, device in misfits]

    def counts(self) -> Counts:
        counts = super().counts()
        misfits = len(self._projection.misfits()) if self._projection is not None else 0
        return replace(counts, held=counts.held + misfits)

    def _moved(self) -> tuple[int, ...]:
        return (*super()._moved(), -1 if self._projection is None else self._projection.db.total_changes)

    def conflicts(self) -> int:
        if self._projection is None:
            return 0
        with self.session() as session:
            return sum(
                session.connection()
                .exec_driver_sql(f"SELECT count(*) FROM \"{kind.name}\" WHERE conflicts<>''")
                .scalar_one()
                for kind in registry.kinds()
            )

    def member_of(self, device: bytes) -> str:
        """The member whose device it is; empty if nobody has certified it here."""
        principal = self.ledger.principals.get(device)
        return to_text(principal.member) if principal and principal.member else ""

    @property
    def member(self) -> str:
        return to_text(self.identity.member)

    def personal(self, key: str, default: Any = None) -> Any:
        """A sealed setting of this profile."""
        box, sealed = self.box, self.journal.get("personal:" + key)
        with contextlib.suppress(Damaged):
            return default if sealed is None else unpack(box.open(sealed, b"personal " + key.encode()))
        return default

    def set_personal(self, key: str, value: Any) -> None:
        self.journal.put("personal:" + key, self.box.seal(pack(value), b"personal " + key.encode()))
