"""Opened keys on disk, sealed under the vault key, and the grants that still wait for the key that opens them."""

from __future__ import annotations

from collections.abc import Iterable

from goes_mobile.protocol import clear
from goes_mobile.protocol.entry import decode, peek
from goes_mobile.protocol.epochs import StreamEpochs
from goes_mobile.protocol.keys import KeyPair
from goes_mobile.protocol.ledger import Ledger
from goes_mobile.protocol.problems import Damaged, GoesError, Malformed
from goes_mobile.store.arrivals import KeyRecord
from goes_mobile.store.journal import Journal
from goes_mobile.vault.boxes import Box
from goes_mobile.vault.keyring import Keyring, OpenedKey
from goes_mobile.vault.rotation import Head, stream_due


class KeyStore:
    """The journal's side of a keyring. Methods that write run inside a transaction."""

    def __init__(self, journal: Journal, organisation: bytes, device: KeyPair, box: Box) -> None:
        self._journal = journal
        self._box = box
        self.ring = Keyring(organisation, device)
        self._lost = False
        self._sound: tuple[Ledger | None, int, set[bytes]] = (None, 0, set())
        """Streams whose live keys were found to reach nobody they should not, by this state of the control log."""
        self.read()

    def read(self) -> None:
        """What lies on disk, and nothing else: also after a transaction that was rolled back."""
        ring = self.ring
        self._sound = (None, 0, set())
        for held in (ring.groups, ring.streams, ring.replaced):
            held.clear()
        for owner, epoch, is_group, replaced, sealed in self._journal.db.execute(
            "SELECT owner, epoch, is_group, replaced, sealed FROM opened_key"
        ):
            try:
                key = self._box.open(sealed, b"key " + owner + epoch)
            except Damaged:
                self._lost = True
                continue
            ring.add(OpenedKey(owner, epoch, bool(is_group), key))
            if replaced:
                ring.replaced.setdefault(owner, set()).add(epoch)

    def keep(self, keys: Iterable[OpenedKey]) -> None:
        self._journal.db.executemany(
            "INSERT OR REPLACE INTO opened_key (owner, epoch, is_group, sealed) VALUES (?,?,?,?)",
            [(k.owner, k.epoch, k.is_group, self._box.seal(k.key, b"key " + k.owner + k.epoch)) for k in keys],
        )

    def catch_up(self, ledger: Ledger) -> None:
        """Open what was granted while the profile was locked, and again what the disk has damaged. Each step opens in
        memory before it writes, so that people can read on a disk that takes nothing."""
        if self._lost:
            self._lost = False
            with self._journal.noting():
                self._journal.db.execute("INSERT OR IGNORE INTO pending_key SELECT seq FROM entry WHERE suite=0")
        for open_more in (self.open_groups, self.open_pending):
            with self._journal.noting():
                open_more(ledger)

    def open_groups(self, ledger: Ledger) -> bool:
        """Group keys that the ledger says were granted to this device and are not open yet."""
        device = self.ring.device.principal
        opened: list[OpenedKey] = []
        for owner, group in ledger.groups.items():
            held = self.ring.groups.get(owner, {})
            for epoch in group.epochs.values():
                if epoch.epoch not in held:
                    for sealed in epoch.offers(device):
                        opened += self.ring.absorb_group(owner, epoch.epoch, sealed, epoch.kem)
        self.keep(opened)
        return bool(opened)

    def learn(self, records: Iterable[KeyRecord], ledger: Ledger) -> None:
        """Open what was just granted; what does not open stays noted (see :meth:`open_pending`)."""
        records = list(records)
        self._open([(item.seq, item) for item in records], {item.stream for item in records}, ledger)

    def open_pending(self, ledger: Ledger) -> bool:
        """Try what did not open when it came: its group's key may have come since. Whether anything was opened."""
        pending = self._journal.db.execute(
            "SELECT seq, stream, raw FROM pending_key JOIN entry USING (seq)"
            " WHERE held IS NULL OR held='late' ORDER BY seq"
        ).fetchall()
        return self._open([(seq, _record(seq, stream, raw)) for seq, stream, raw in pending], set(), ledger)

    def _open(self, records: Iterable[tuple[int, KeyRecord | None]], streams: set[bytes], ledger: Ledger) -> bool:
        """Open and judge, then write it down. Whether anything was opened; ``streams`` are judged in any case."""
        opened: list[OpenedKey] = []
        done: list[tuple[int]] = []
        for seq, item in records:
            if item is not None and (found := self.ring.absorb(item.record)):
                opened += found
                streams.add(item.stream)
            if item is None or self.ring.key(item.stream, item.record.epoch) is not None:
                done.append((seq,))
        for stream in streams:
            self._judge(stream, ledger)
        self.keep(opened)
        self._journal.db.executemany("DELETE FROM pending_key WHERE seq=?", done)
        for stream in streams:
            self._keep_judgement(stream)
        return bool(opened)

    def judge(self, stream: bytes, ledger: Ledger) -> None:
        """Which of a stream's keys to seal with: not those that a stranger slipped in, nor those that were replaced."""
        self._judge(stream, ledger)
        self._keep_judgement(stream)

    def _judge(self, stream: bytes, ledger: Ledger) -> None:
        self._sound[2].discard(stream)
        epochs, _ = self._epochs(stream, ledger)
        held = self.ring.streams.get(stream, {}).keys()
        self.ring.replaced[stream] = held - epochs.sealable(held)

    def _keep_judgement(self, stream: bytes) -> None:
        self._journal.db.execute("UPDATE opened_key SET replaced=0 WHERE owner=? AND replaced=1", (stream,))
        self._journal.db.executemany(
            "UPDATE opened_key SET replaced=1 WHERE owner=? AND epoch=?",
            [(stream, epoch) for epoch in self.ring.replaced[stream]],
        )

    def due(self, stream: bytes, ledger: Ledger) -> list[Head]:
        """A stream's live keys, if they have to be replaced before anything more is sealed there."""
        if self._sound[0] is not ledger or self._sound[1] != ledger.version:
            self._sound = (ledger, ledger.version, set())
        if stream in self._sound[2]:
            return []
        heads = self.heads(stream, ledger)
        if stream_due(heads, ledger, self.ring.device.principal):
            return heads
        self._sound[2].add(stream)
        return []

    def heads(self, stream: bytes, ledger: Ledger) -> list[Head]:
        """A stream's live keys with their grants; of a stream that others have begun and closed to us, our own."""
        epochs, heads = self._epochs(stream, ledger)
        live = epochs.live() or epochs.mine - epochs.replaced
        held = self.ring.streams.get(stream, {}).keys()
        if not live & held:
            live = epochs.sealable(held)
        return [heads[epoch] for epoch in sorted(live) if epoch in heads]

    def lost(self, stream: bytes, ledger: Ledger) -> dict[bytes, bytes]:
        """Our own keys of a stream that do not count: what we sealed under them nobody else may be able to read."""
        epochs, _ = self._epochs(stream, ledger)
        held = self.ring.streams.get(stream, {})
        return {epoch: held[epoch] for epoch in (epochs.mine & held.keys()) - epochs.granted.keys()}

    def _epochs(self, stream: bytes, ledger: Ledger) -> tuple[StreamEpochs, dict[bytes, Head]]:
        """What a stream's records say, in their order: what counts, and to whom each key was granted."""
        epochs = StreamEpochs(stream, self.ring.device.principal)
        heads: dict[bytes, Head] = {}
        for row in self._journal.clear_rows(stream):
            try:
                entry = decode(row.raw)
                record = clear.decode(entry.body or b"")
            except Malformed:
                continue
            author = ledger.principals.get(entry.header.device)
            if author is None or not isinstance(record, clear.Epoch | clear.Grant):
                continue
            if not epochs.take(record, author, ledger, row.position) and record.epoch not in epochs.mine:
                continue
            granted = frozenset((grant.to, grant.to_epoch) for grant in record.grants)
            if isinstance(record, clear.Epoch):
                heads.setdefault(record.epoch, Head(record, author.id, granted))
            elif record.epoch in heads:
                known = heads[record.epoch]
                heads[record.epoch] = Head(known.record, known.author, known.grants | granted)
        return epochs, heads


def _record(seq: int, stream: bytes, raw: bytes) -> KeyRecord | None:
    try:
        record = clear.decode(peek(raw).body or b"")
    except GoesError:
        return None
    if isinstance(record, clear.Epoch | clear.Grant) and record.owner == stream:
        return KeyRecord(seq, stream, record)
    return None
