"""Released orders carried out on this device: bodies, keys, snapshot and free pages. Needs no open key.

An entry keeps header, nonce, the hash of its body and its signature, so its chain verifies as before. An order counts
only if the verified control log has it, proposed by one member and released by another; never on the server's word.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from goes_mobile.protocol.entry import decode
from goes_mobile.protocol.ledger import Ledger, OrderState
from goes_mobile.protocol.problems import Malformed
from goes_mobile.store import blobs, snapshot
from goes_mobile.store.journal import Journal

_CARRIED_OUT = "carried_out"
_SCRUB = "scrub"
_KEPT_APART = ("gap", "fork", "bad_tail", "unknown_author", "carried", "unproven")
"""Reasons that have nothing to do with a body: they stay."""


@dataclass
class CarriedOut:
    """What carrying out took away."""

    orders: list[bytes] = field(default_factory=list)
    seqs: list[int] = field(default_factory=list)
    blobs: int = 0


def done(journal: Journal) -> list[bytes]:
    """The orders that this device has carried out."""
    return [*journal.get(_CARRIED_OUT, [])]


def due(journal: Journal, ledger: Ledger) -> list[OrderState]:
    """The released orders that this device has not carried out yet."""
    released = ledger.released()
    known = frozenset(done(journal)) if released else frozenset()
    return [state for state in released if state.order.order not in known]


def carry_out(journal: Journal, ledger: Ledger) -> CarriedOut:
    """Every order that is due, inside a transaction. :func:`scrub` follows it."""
    orders = due(journal, ledger)
    if not orders:
        return CarriedOut()
    found = CarriedOut([state.order.order for state in orders])
    for state in orders:
        found.seqs += _take_bodies(journal, state)
        found.blobs += blobs.drop(journal, state.order)
        if state.order.action == "erase":
            execute = journal.db.execute
            execute("DELETE FROM opened_key WHERE owner=?", (state.order.stream,))
            execute(
                "DELETE FROM pending_key WHERE seq IN (SELECT seq FROM entry WHERE stream=?)", (state.order.stream,)
            )
    journal.put(_CARRIED_OUT, [*done(journal), *found.orders])
    if found.seqs or found.blobs:
        journal.put("snapshot", os.urandom(16))  # a name that no snapshot bears: none is read again
        journal.put(_SCRUB, True)
    return found


def _take_bodies(journal: Journal, state: OrderState) -> list[int]:
    taken: list[int] = []
    for seq, raw, held in _rows(journal, state):
        stripped = _without_body(raw)
        if stripped == raw:
            continue
        kept = "sealed_again" if held in ("reseal", "sealed_again") else held if held in _KEPT_APART else None
        if not stripped:
            kept = "damaged"
        journal.db.execute("UPDATE entry SET raw=?, held=? WHERE seq=?", (stripped, kept, seq))
        taken.append(seq)
    return taken


def _rows(journal: Journal, state: OrderState) -> Iterable[tuple[int, bytes, str | None]]:
    order = state.order
    columns = "SELECT seq, raw, held FROM entry WHERE"
    if order.action == "erase":
        yield from journal.db.execute(f"{columns} stream=?", (order.stream,)).fetchall()
        return
    for entry_hash in order.entries:
        yield from journal.db.execute(f"{columns} hash=? AND stream=?", (entry_hash, order.stream)).fetchall()


def _without_body(raw: bytes) -> bytes:
    """The entry without its body; nothing at all of one that the disk has damaged."""
    try:
        entry = decode(raw)
    except Malformed:
        return b""
    return raw if entry.body is None else entry.redacted()


def scrub(journal: Journal) -> None:
    """Leave nothing of what was taken in the snapshot, in free pages or in the log. Again after a crash, until done."""
    if not journal.get(_SCRUB, False):
        return
    snapshot.drop(journal.path.parent)
    journal.db.execute("VACUUM")
    journal.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    journal.put(_SCRUB, False)


def unconfirmed(journal: Journal, ledger: Ledger, device: bytes) -> Sequence[bytes]:
    """Orders that this device was asked to carry out, has carried out, and has not said so yet."""
    if journal.get(_SCRUB, False):
        return []
    carried = frozenset(done(journal))
    return [
        state.order.order
        for state in ledger.released()
        if state.order.order in carried and device in state.asked and device not in state.confirmed_by
    ]
