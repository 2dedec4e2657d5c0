"""How far each stream is known without a gap, and whether the server tells everybody the same history."""

from __future__ import annotations

from collections.abc import Collection

from goes_mobile.protocol.entry import Witness, running
from goes_mobile.store.arrivals import Facts
from goes_mobile.store.journal import Journal
from goes_mobile.store.witnesses import Witnesses


def advance(journal: Journal, witnesses: Witnesses, heads: dict[bytes, tuple[int, bytes]],
            came: Collection[bytes] = ()) -> tuple[list[bytes], list[tuple[str, Facts]]]:  # fmt: skip
    """Walk each stream on from where it is known without a gap, recomputing its running hash.

    ``heads`` are (position, running hash) as the server claims; where we stand at that position and it differs, the
    server has shown somebody another history. ``came`` are streams of which entries came with the claim: of those
    it speaks of the last one it sent, of others of all it has. Returns the streams with gaps and the findings.
    """
    gaps: list[bytes] = []
    findings: list[tuple[str, Facts]] = []
    for stream, (head, claimed) in heads.items():
        at = before = journal.feed(stream)
        for position, entry_hash in journal.stream_rows(stream, at.position):
            if position == at.position:
                findings.append(("position_reused", {"position": position, "stream": stream.hex()}))
                continue  # the first that came keeps it; the running hash will tell who lied
            if position != at.position + 1:
                break
            at = Witness(position, running(at.running, entry_hash, position))
        if at != before or head:
            journal.set_feed(stream, at, max(head, at.position))
        if head > at.position:
            gaps.append(stream)
        elif head == at.position and head and claimed and claimed != at.running:
            findings.append(
                ("running_mismatch", {"position": head, "stream": stream.hex(), "claimed": claimed.hex(),
                                      "known": at.running.hex()})
            )  # fmt: skip
        elif claimed and head < at.position and stream not in came:
            findings.append(("rolled_back", {"position": head, "known": at.position, "stream": stream.hex()}))
    findings += [("histories_differ", {"position": position}) for position in witnesses.differing()]
    return gaps, findings
