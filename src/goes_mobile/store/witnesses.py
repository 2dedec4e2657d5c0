"""One server, one history: what colleagues' devices had seen of a stream against what this device was shown of it.

Every header carries its author's last position and running hash of its stream and of the control log. If a server
shows two devices two histories, the first entry that passes from one to the other says so.
"""

from __future__ import annotations

from goes_mobile.protocol.entry import Entry, Witness, running
from goes_mobile.store.journal import Journal

MOST_CLAIMS = 1000
"""Of one stream, about positions that have not been reached here."""


class Witnesses:
    """Claims of verified entries, compared as soon as this device has come as far itself."""

    def __init__(self, journal: Journal, control: bytes) -> None:
        self._journal = journal
        self._control = control
        self._claims: dict[bytes, dict[int, set[bytes]]] = {}
        self._walked: dict[bytes, Witness] = {}

    def hear(self, entry: Entry) -> None:
        """What the author had seen when writing this."""
        header = entry.header
        for stream, seen in ((header.stream, header.stream_seen), (self._control, header.control_seen)):
            if seen.position:
                claims = self._claims.setdefault(stream, {})
                if seen.position in claims or len(claims) < MOST_CLAIMS:
                    claims.setdefault(seen.position, set()).add(seen.running)

    def forget(self) -> None:
        """What was heard was taken back, or the server has begun anew."""
        self._claims.clear()
        self._walked.clear()

    def differing(self) -> list[int]:
        """The first position of each stream where a colleague was shown something else. Each claim is compared once."""
        found: list[int] = []
        for stream, claims in list(self._claims.items()):
            reached = self._journal.feed(stream)
            due = sorted(position for position in claims if position <= reached.position)
            if not due:
                continue
            ours = {reached.position: reached.running} if due[0] == reached.position else self._walk(stream, due)
            claimed = {position: claims.pop(position) for position in due}
            if not claims:
                del self._claims[stream]
            wrong = [at for at in due if at in ours and not all(map(ours[at].startswith, claimed[at]))]
            found += wrong[:1]
        return found

    def _walk(self, stream: bytes, due: list[int]) -> dict[int, bytes]:
        """Our own running hashes at these positions. Goes on from the last walk's end where it can."""
        at = self._walked.get(stream, Witness())
        if at.position > due[0]:
            at = Witness()
        wanted, ours = set(due), {at.position: at.running}
        for position, entry_hash in self._journal.stream_rows(stream, at.position):
            if position > due[-1] or position > at.position + 1:
                break
            if position == at.position + 1:
                at = Witness(position, running(at.running, entry_hash, position))
                if position in wanted:
                    ours[position] = at.running
        self._walked[stream] = at
        return ours
