"""Files whose sharing has ended for somebody: who, and since which place of the stream. Read from the stream's own key
records, without a key; what is remembered is only which streams to look at."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Set

from goes_mobile.protocol import clear
from goes_mobile.protocol.entry import decode
from goes_mobile.protocol.epochs import StreamEpochs
from goes_mobile.protocol.ledger import Ledger
from goes_mobile.protocol.problems import GoesError
from goes_mobile.store.journal import Journal

_KEPT = "ended_shares"
_PART = 500


def epochs_of(journal: Journal, ledger: Ledger, stream: bytes) -> StreamEpochs:
    """A stream's keys as its records tell."""
    epochs = StreamEpochs(stream)
    for row in journal.clear_rows(stream):
        with contextlib.suppress(GoesError):
            entry = decode(row.raw)
            record = clear.decode(entry.body or b"")
            author = ledger.principals.get(entry.header.device)
            if author is not None and isinstance(record, clear.Epoch | clear.Grant):
                epochs.take(record, author, ledger, row.position)
    return epochs


def streams(journal: Journal) -> set[bytes]:
    """The streams that somebody was let out of."""
    return {*journal.get(_KEPT, [])}


def note(journal: Journal, more: Iterable[bytes]) -> None:
    """Remember these, inside a transaction."""
    known = streams(journal)
    if not known.issuperset(more := set(more)):
        journal.put(_KEPT, sorted(known | more))


def newly_ended(journal: Journal, ledger: Ledger, control: bytes, first_seq: int,
                others: Collection[int]) -> set[bytes]:  # fmt: skip
    """The streams in which key records that just came let somebody out."""
    came = f"seq >= {first_seq:d}" + (f" OR seq IN ({','.join(map(str, others))})" if others else "")
    found = journal.db.execute(
        f"SELECT DISTINCT stream FROM entry WHERE suite=0 AND stream<>? AND ({came})", (control,)
    ).fetchall()
    wanted = [stream for (stream,) in found]
    several: list[bytes] = []
    for start in range(0, len(wanted), _PART):
        part = wanted[start : start + _PART]
        sql = f"SELECT stream FROM entry WHERE suite=0 AND stream IN ({','.join('?' * len(part))})"
        several += [stream for (stream,) in journal.db.execute(sql + " GROUP BY stream HAVING count(*) > 1", part)]
    return {stream for stream in several if epochs_of(journal, ledger, stream).ended}


def closed(journal: Journal, ledger: Ledger, stream: bytes, device: bytes) -> bool:
    """Whether others keep this stream, and its live keys are not for this device any more."""
    if stream not in streams(journal):
        return False
    epochs, me = epochs_of(journal, ledger, stream), ledger.principals.get(device)
    return bool(epochs.ended) and (me is None or not epochs.reaches(me, ledger))


def ended_at(epochs: StreamEpochs, names: Set[bytes]) -> tuple[bool, int | None]:
    """Whether somebody under these names was let out for good, and by the record in which place."""
    if not epochs.recipients().isdisjoint(names) or epochs.ended.keys().isdisjoint(names):
        return False, None
    places = [epochs.ended[name] for name in names & epochs.ended.keys()]
    return True, max((place for place in places if place is not None), default=None)
