"""After damage, a fork or a refusal: nothing jams, nothing doubles, nothing that can still be read is given up."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

from goes_mobile.protocol import wire
from goes_mobile.protocol.entry import NO_HASH, ChainEnd, ChainId, Entry, Witness, decode
from goes_mobile.protocol.entry import running as step
from goes_mobile.protocol.problems import Malformed
from goes_mobile.store.ground import Ground

HOPELESS = ("size", "organisation")
"""Refusals that sealing again cannot answer."""


class Mending(Ground):
    """Closes chains, seals again, fetches again."""

    # -- damage -------------------------------------------------------------------------------------------------

    def control_damaged(self, seqs: list[int]) -> None:
        if self.examine(seqs):
            self.read_control()

    def examine(self, seqs: Iterable[int]) -> bool:
        """Entries that are not what was once verified. Whether any of them could be mended on the spot.

        If the bytes still bear their author's signature, it was the columns beside them that were damaged. Else the
        entry is held; one that the server has is forgotten there, so that it is fetched again, and an own one that
        nobody has yet ends its chain.
        """
        mended = False
        inside = self.journal.db.in_transaction
        with contextlib.nullcontext() if inside else self.journal.noting():
            for seq in seqs:
                mended = self._examine(seq) or mended
        if not inside:
            self.reseal()
        return mended

    def _examine(self, seq: int) -> bool:
        execute = self.journal.db.execute
        raw, own, number, stream, position, device, run, n = execute(
            "SELECT raw, own, number, stream, position, device, run, n FROM entry WHERE seq=?", (seq,)
        ).fetchone()
        entry = self._signed(raw)
        if entry is not None:
            header = entry.header
            known = execute("SELECT seq FROM entry WHERE hash=? AND seq<>?", (entry.hash, seq)).fetchone()
            if known is None:
                execute(
                    "UPDATE entry SET hash=?, stream=?, device=?, run=?, n=?, suite=?, held=NULL WHERE seq=?",
                    (entry.hash, header.stream, header.device, header.run, header.n, header.suite, seq),
                )
                return True
        self.journal.hold(seq, "damaged")
        self.find("damaged_entry", {"seq": seq})
        execute("DELETE FROM outbox WHERE seq=?", (seq,))
        if number is not None and position is not None:
            self._forget_place(seq, stream, position)
        elif own and device == self.device:
            self._retire(ChainId(stream, device, run), n, "damage")
        return False

    def _signed(self, raw: bytes) -> Entry | None:
        try:
            entry = decode(raw)
        except Malformed:
            return None
        key = self.ledger.signing_key(entry)
        return entry if key is not None and entry.signed_by(key) else None

    def _forget_place(self, seq: int, stream: bytes, position: int) -> None:
        """The stream counts as known only up to the entry before: the rest is fetched again."""
        head = self.journal.feeds().get(stream, (Witness(), 0))[1]
        before = self.running_at(stream, position - 1)
        self.journal.db.execute("UPDATE entry SET number=NULL, position=NULL WHERE seq=?", (seq,))
        if before is not None:
            self.journal.set_feed(stream, Witness(position - 1, before), max(head, position))

    def running_at(self, stream: bytes, position: int) -> bytes | None:
        """Our own running hash of a stream at an earlier position."""
        at = Witness()
        for place, entry_hash in self.journal.stream_rows(stream, 0):
            if place > position or place != at.position + 1:
                break
            at = Witness(place, step(at.running, entry_hash, place))
        return at.running if at.position == position else None

    # -- refusals and gaps --------------------------------------------------------------------------------------

    def refused(self, entry_hash: bytes, code: str) -> None:
        """The server can never take this entry. Its chain is closed and what it held is sealed again in a new one."""
        row = self.journal.db.execute(
            "SELECT seq, stream, device, run, n, held FROM entry WHERE hash=?", (entry_hash,)
        ).fetchone()
        if row is None:
            return  # not ours to judge
        seq, stream, device, run, n, held = row
        if held is not None and (device == self.device or held not in ("carried", "gap")):
            with self.journal.transaction():  # judged already; offered again and again it would never end
                self.journal.db.execute("DELETE FROM outbox WHERE seq=?", (seq,))
            return
        with self.journal.transaction():
            self.journal.db.execute("DELETE FROM outbox WHERE seq=?", (seq,))
            self.find("entry_refused", {"reason": code})
            if device != self.device or code in HOPELESS:
                self.journal.hold(seq, f"refused_{code}")
            if device == self.device:
                self._retire(ChainId(stream, device, run), n, code)
        self.reseal()

    def gap(self, gap: wire.Gap) -> None:
        """The server lacks earlier entries of a chain: they wait again. What we lack too ends our chain there."""
        chain = ChainId(gap.stream, gap.device, gap.run)
        with self.journal.transaction():
            found = self.journal.entry_at(chain, gap.n)
            if gap.device == self.device and (found is None or found[1] is not None):
                self._retire(chain, gap.n, "gap")
            self.journal.requeue(
                "stream=? AND device=? AND run=? AND n>=? AND held IS NULL", (gap.stream, gap.device, gap.run, gap.n)
            )
        self.reseal()

    def _retire(self, chain: ChainId, n: int, reason: str) -> None:
        """Close a chain before its ``n``-th entry; what waits from there on is held until it is sealed again."""
        last = self.journal.entry_at(chain, n - 1) if n > 1 else None
        end = ChainEnd(n - 1, last[0]) if last else ChainEnd(0, NO_HASH)
        self.chains.renew(chain, end, reason)
        rows = self.journal.db.execute(
            "SELECT seq FROM entry WHERE stream=? AND device=? AND run=? AND n>=? AND number IS NULL AND held IS NULL",
            (chain.stream, chain.device, chain.run, n),
        ).fetchall()
        for (seq,) in rows:
            self.journal.hold(seq, "reseal")
            self.journal.db.execute("DELETE FROM outbox WHERE seq=?", (seq,))

    def reseal(self) -> None:
        """Seal held own entries again (needs keys; the store's open half does it, at unlock at the latest)."""
