"""What a pushed batch is worth. Pure: the database is asked before and told afterwards.

Each chain's part is taken whole or not at all. Refused is only what can never become good; a part that does not follow
what the server has is a gap, a part whose author is not certified yet is unknown, an entry of a later format is unread,
and all of them may come again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from goes_mobile.protocol.entry import MAX_ENTRY, ChainEnd, ChainId, Entry, by_chain, decode, verified_length
from goes_mobile.protocol.ledger import Ledger
from goes_mobile.protocol.problems import Malformed
from goes_mobile.protocol.streams import CONTROL
from goes_mobile.protocol.wire import Gap, Receipt, Refusal

KnownEntry = tuple[bytes, Receipt]  # hash and receipt of an entry that is already here
Ends = Mapping[ChainId, ChainEnd]
Here = Mapping[tuple[ChainId, int], KnownEntry]


@dataclass
class Batch:
    """The decoded entries by chain, those that are refused already, and those that a later version may read."""

    parts: Mapping[ChainId, list[Entry]]
    refused: list[Refusal] = field(default_factory=list)
    unread: list[bytes] = field(default_factory=list)


@dataclass
class Judgement:
    """``accepted`` in the order in which they are to be numbered."""

    accepted: list[Entry] = field(default_factory=list)
    known: list[Receipt] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    unknown: list[bytes] = field(default_factory=list)
    unread: list[bytes] = field(default_factory=list)
    ends: dict[ChainId, ChainEnd] = field(default_factory=dict)
    carried_out: bool = False
    """An order took effect: what it took away may still lie in free pages."""

    @property
    def whole(self) -> bool:
        """Nothing waits for something else."""
        return not (self.gaps or self.unknown or self.unread)


def open_batch(organisation: bytes, raws: Iterable[bytes]) -> Batch:
    """Decode what came; a part is in the order of its chain, whatever the order it came in."""
    refused: list[Refusal] = []
    unread: list[bytes] = []
    entries: dict[bytes, Entry] = {}
    for raw in raws:
        if len(raw) > MAX_ENTRY:
            refused.append(_refuse_bytes(raw, "size"))
            continue
        try:
            entry = decode(raw)
        except Malformed as error:
            if error.code == "unknown_format":
                unread.append(hashlib.sha256(raw).digest())
            else:
                refused.append(_refuse_bytes(raw, "malformed"))
            continue
        if entry.header.organisation != organisation:
            refused.append(Refusal(hash=entry.hash, code="organisation"))
        else:
            before = entries.get(entry.hash)
            if before is None or before.body is None:  # whole is better than without its body
                entries[entry.hash] = entry
    parts = by_chain(list(entries.values()))
    for part in parts.values():
        part.sort(key=_n)
    return Batch(parts, refused, unread)


def _n(entry: Entry) -> int:
    return entry.header.n


def _refuse_bytes(raw: bytes, code: str) -> Refusal:
    return Refusal(hash=hashlib.sha256(raw).digest(), code=code)


class Lengths:
    """Verified lengths, remembered: signatures are checked before the counter is locked, not again under the lock."""

    def __init__(self) -> None:
        self._known: dict[tuple[ChainEnd, bytes, bytes], int] = {}

    def of(self, end: ChainEnd, new: list[Entry], key: bytes) -> int:
        if not new:
            return 0
        asked = (end, new[-1].hash, key)
        if asked not in self._known:
            self._known[asked] = verified_length(end, new, key)
        return self._known[asked]


def judge(batch: Batch, ends: Ends, known: Here, ledger: Ledger, position: int, lengths: Lengths) -> Judgement:
    """``ends`` are the chains' ends here, ``known`` the entries at the batch's (chain, n) that are here already.

    ``position`` is the end of the control log. Control entries come first and are applied to the ledger as they are
    accepted; then it may know more authors, so what was unknown is looked at again until nothing moves.
    """
    judgement = Judgement(refused=list(batch.refused), unread=list(batch.unread))
    control = CONTROL.id(ledger.organisation)
    for in_control in (True, False):
        waiting = [(chain, part) for chain, part in batch.parts.items() if (chain.stream == control) is in_control]
        moved = True
        while waiting and moved:
            later = []
            for chain, part in waiting:
                key = _key(part, ledger)
                if key is None:
                    later.append((chain, part))
                    continue
                first = len(judgement.accepted)
                _judge_part(chain, part, ends.get(chain, ChainEnd()), known, key, lengths, judgement)
                if in_control:
                    for index, entry in enumerate(judgement.accepted[first:], first + 1):
                        ledger.apply(entry, position + index)
            moved = len(later) < len(waiting)
            waiting = later
        judgement.unknown += [entry.hash for _, part in waiting for entry in part]
    return judgement


def _key(part: list[Entry], ledger: Ledger) -> bytes | None:
    """The author's key, if all that is needed to judge this part is known by now.

    Asked of each entry: only the founding one brings its own key, and it need not be the first to arrive. An entry
    without its body is believed once the order to redact it is: else whoever comes first after a restart could empty
    the feed.
    """
    if any(entry.body is None and not ordered(ledger, entry) for entry in part):
        return None
    return ledger.signing_key(part[0]) or next(filter(None, map(ledger.signing_key, part[1:])), None)


def ordered(ledger: Ledger, entry: Entry) -> bool:
    """Whether a released order takes this entry's body away. In the control log nothing does: all judge by it."""
    stream = entry.header.stream
    return stream != CONTROL.id(ledger.organisation) and ledger.removed(stream, entry.hash)


def _judge_part(chain: ChainId, part: list[Entry], end: ChainEnd, known: Here, key: bytes, lengths: Lengths,
                judgement: Judgement) -> None:  # fmt: skip
    new: list[Entry] = []
    forked: set[bytes] = set()
    last_n, last_hash = end.n, end.hash
    for entry in part:
        n, previous = entry.header.n, entry.header.previous
        if n == last_n + 1 and previous == last_hash:
            new.append(entry)
            last_n, last_hash = n, entry.hash
        elif n <= end.n and (here := known.get((chain, n))) and here[0] == entry.hash:
            judgement.known.append(here[1])
        elif n <= last_n + 1 or previous in forked:
            forked.add(entry.hash)
        else:
            judgement.gaps.append(
                Gap(stream=chain.stream, device=chain.device, run=chain.run, n=last_n + 1, hash=last_hash)
            )
            break
    good = lengths.of(end, new, key)
    if good < len(new):  # whether the others are forks of what now waits will show when it comes again
        judgement.refused += [Refusal(hash=entry.hash, code="signature") for entry in new[good:]]
        return
    judgement.refused += [Refusal(hash=entry, code="fork") for entry in sorted(forked)]
    judgement.accepted += new
    if new:
        judgement.ends[chain] = ChainEnd(last_n, last_hash)
