"""Writing entries: this device's chains, one for each stream it writes to."""

from __future__ import annotations

import os
from dataclasses import dataclass

from goes_mobile.protocol.entry import (
    CLEAR,
    NO_EPOCH,
    NO_HASH,
    SEALED,
    ChainEnd,
    ChainId,
    Entry,
    Header,
    Witness,
    make,
)
from goes_mobile.protocol.keys import KeyPair
from goes_mobile.protocol.streams import CONTROL
from goes_mobile.store.journal import Journal


@dataclass(slots=True)
class _Chain:
    id: ChainId
    end: ChainEnd
    succeeds: tuple[bytes, str] | None = None


class Chains:
    """Appends entries of this device (or of the root or invite it holds for a moment) to the journal.

    Ends are kept in memory while transactions succeed; :meth:`forget` after one that did not.
    """

    def __init__(self, journal: Journal, organisation: bytes) -> None:
        self._journal = journal
        self._organisation = organisation
        self._control = CONTROL.id(organisation)
        self._open: dict[tuple[bytes, bytes], _Chain] = {}
        self._seen: dict[bytes, Witness] = {}

    def forget(self) -> None:
        """Read everything anew from the journal."""
        self._open.clear()
        self._seen.clear()

    def append(
        self, author: KeyPair, stream: bytes, plaintext: bytes, sealing: tuple[bytes, bytes] | None
    ) -> tuple[int, Entry]:
        """Seal (or lay open, without ``sealing``), chain, sign and append one entry; inside a transaction."""
        chain = self._chain(stream, author.principal)
        epoch, key = sealing if sealing else (NO_EPOCH, None)
        header = Header(
            SEALED if sealing else CLEAR, self._organisation, stream, epoch, author.principal, chain.id.run,
            chain.end.n + 1, chain.end.hash, self._witness(stream), self._witness(self._control), chain.succeeds,
        )  # fmt: skip
        entry = make(header, plaintext, author, key)
        seq = self._journal.append(entry, own=True)
        assert seq is not None  # a fresh nonce makes a fresh hash
        chain.end = ChainEnd(header.n, entry.hash)
        chain.succeeds = None
        self._journal.set_end(chain.id, chain.end)
        return seq, entry

    def renew(self, chain: ChainId, end: ChainEnd, reason: str) -> None:
        """Close a chain after its last good entry; the next entry opens a new one that names it and says why."""
        known = self._open.get((chain.stream, chain.device))
        self._journal.close_chain(chain, end, reason)
        if known is None or known.id == chain:
            self._open[chain.stream, chain.device] = _fresh(chain.stream, chain.device, (end.hash, reason))

    def _chain(self, stream: bytes, device: bytes) -> _Chain:
        chain = self._open.get((stream, device))
        if chain is None:
            found = self._journal.open_chain(stream, device)
            chain = (
                _Chain(ChainId(stream, device, found[0]), found[1])
                if found
                else _fresh(stream, device, self._journal.closed_chain(stream, device))
            )
            self._open[stream, device] = chain
        return chain

    def _witness(self, stream: bytes) -> Witness:
        witness = self._seen.get(stream)
        if witness is None:
            known = self._journal.feed(stream)
            witness = self._seen[stream] = Witness(known.position, known.running[:16])
        return witness

    def seen(self, stream: bytes) -> None:
        """A feed has moved on."""
        self._seen.pop(stream, None)


def _fresh(stream: bytes, device: bytes, succeeds: tuple[bytes, str] | None) -> _Chain:
    return _Chain(ChainId(stream, device, os.urandom(8)), ChainEnd(0, NO_HASH), succeeds)
