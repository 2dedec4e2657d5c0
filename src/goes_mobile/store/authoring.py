"""What this device writes and signs: people's changes, control records, keys; each in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from goes_mobile.protocol import clear
from goes_mobile.protocol.entry import Entry
from goes_mobile.protocol.keys import KeyPair
from goes_mobile.protocol.ledger import Ledger
from goes_mobile.protocol.merge import Registers
from goes_mobile.protocol.operation import Operation
from goes_mobile.protocol.problems import InputRefused
from goes_mobile.protocol.streams import GroupRef, StreamRef
from goes_mobile.records.roles import LEADS
from goes_mobile.store import closing, moved
from goes_mobile.store.asking import Asking
from goes_mobile.store.change import Change, Saved
from goes_mobile.store.identity import Clock, Identity
from goes_mobile.store.journal import Journal
from goes_mobile.store.late import NOTHING_NEW, Mark
from goes_mobile.store.writing import Writer
from goes_mobile.vault.founding import completions, escrow, escrow_outdated
from goes_mobile.vault.keyring import OpenedKey
from goes_mobile.vault.rotation import renewals


class Authoring(Asking):
    """The one write path; :class:`~goes_mobile.store.store.Store` opens, locks and replays."""

    def __init__(self, journal: Journal, identity: Identity, clock: Clock) -> None:
        self._vault_key = b""
        self._renewed_at: tuple[Ledger | None, int] = (None, 0)
        super().__init__(journal, identity, clock)

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
                moved.remember(self, writer.moved)
        except BaseException:
            self._unwrite(writer)
            raise
        opened = [opened for item in written for opened in item.opened]
        self._tail += len(opened)
        self._announce(self._apply(opened))
        return [item.saved for item in written]

    def forward(self, late: Sequence[Operation], current: Registers, home: StreamRef) -> None:
        """See :meth:`Writer.forward`; one transaction."""
        if not late:
            return
        writer = self._writer()
        try:
            with self.journal.transaction():
                made = writer.forward(late, current, home)
        except BaseException:
            self._unwrite(writer)
            raise
        self._announce(self._apply(made))

    def _unwrite(self, writer: Writer) -> None:
        """The transaction was rolled back."""
        self.chains.forget()
        if writer.new_keys or writer.rekeyed:
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
                late = self.judge_late(before, NOTHING_NEW)
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

    def begin_led(self) -> int:
        """Begin the supervisors' streams that nobody has begun, on a supervisor's device: whoever else writes there may
        let nobody in, so the server would serve it to nobody. How many were begun."""
        me = self.ledger.principals.get(self.device)
        if me is None or not me.active:
            return 0
        led = [StreamRef("site_supervisors", site) for site in me.sites]
        missing = [
            (ref, site) for ref, site in zip(led, me.sites, strict=True)
            if self.ledger.may_hold(me, GroupRef("site_supervisors", site)) and not self._begun(ref)
        ]  # fmt: skip
        if not missing:
            return 0
        writer = self._writer()
        try:
            with self.journal.transaction():
                for ref, site in missing:
                    writer.begin(ref, site)
        except BaseException:
            self._unwrite(writer)
            raise
        return len(missing)

    def _begun(self, ref: StreamRef) -> bool:
        stream = ref.id(self.organisation)
        return bool(closing.epochs_of(self.journal, self.ledger, stream).granted)

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

    def hand_on(self, streams: Collection[bytes]) -> None:
        """See :meth:`Writer.hand_on`; needed when two sites have ended a share apart from each other."""
        closed = closing.streams(self.journal) & set(streams)
        writer = self._writer() if closed else None
        if writer is None or not any(writer.lost(stream) for stream in closed):
            return
        try:
            with self.journal.transaction():
                for stream in sorted(closed):
                    writer.hand_on(stream)
        except BaseException:
            self._unwrite(writer)
            raise

    def undo(self) -> None:
        super().undo()
        if self._keys is not None:
            self._keys.read()
            self.opener.trust(self.ledger)
