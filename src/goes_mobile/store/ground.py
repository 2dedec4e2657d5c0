"""What the store stands on: the journal, the ledger read from it, the time, what was noticed. Needs no open key."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

from goes_mobile.protocol.clock import TOLERANCE_MS
from goes_mobile.protocol.entry import Entry, decode, intact
from goes_mobile.protocol.ledger import Ledger
from goes_mobile.protocol.packing import pack, unpack
from goes_mobile.protocol.problems import CannotWrite, Malformed
from goes_mobile.protocol.streams import CONTROL
from goes_mobile.records.presets import preset
from goes_mobile.store.blobs import Blobs
from goes_mobile.store.chains import Chains
from goes_mobile.store.identity import Clock, Identity
from goes_mobile.store.journal import ClearRow, Journal
from goes_mobile.store.model import ClockSlip, Finding
from goes_mobile.store.settings import Settings

_SEEN = "findings_seen"
_MOST_FINDINGS = 500
_DAY_MS = 86_400_000


class Ground:
    """The store's lowest layer; above it lie ``Mending``, ``Exchange`` and at last ``Store``."""

    def __init__(self, journal: Journal, identity: Identity, clock: Clock) -> None:
        self.journal = journal
        self.identity = identity
        self.organisation = identity.organisation
        self.device = identity.device
        self.control = CONTROL.id(identity.organisation)
        self.ledger = Ledger(identity.organisation)
        self.chains = Chains(journal, identity.organisation)
        self._clock = clock
        self._offset_ms = int(journal.get("clock_offset", 0))
        self._contact_ms: int | None = journal.get("last_contact")
        self.settings = Settings(journal)
        self.blobs = Blobs(journal, identity.organisation, self.find)
        self.read_control()

    # -- time ---------------------------------------------------------------------------------------------------

    def now_ms(self) -> int:
        """The best this device knows: its clock, corrected by what the server taught it."""
        clock = self._clock()
        now = clock + self._offset_ms
        if self._contact_ms is not None and now + TOLERANCE_MS < self._contact_ms <= clock + TOLERANCE_MS:
            return clock  # somebody has set it right since: corrected once more it would lie before the last contact
        return now

    def note_time(self) -> int:
        """The highest time ever seen, kept on disk: a clock that is turned back gains nothing by it."""
        seen, now = int(self.journal.get("highest_time", 0)), self.now_ms()
        if now > seen + TOLERANCE_MS:
            with contextlib.suppress(CannotWrite):
                self.journal.put("highest_time", now)
        return max(seen, now)

    def lease_over(self) -> bool:
        """Whether this device has gone without contact for so long that it asks for it before it opens."""
        since = max(self._contact_ms or 0, int(self.journal.get("lease_from", 0)))
        return bool(since) and self.note_time() - since > preset(self.identity.preset).lease_days * _DAY_MS

    def learn_time(self, server_ms: int, round_trip_ms: int) -> None:
        """The server's time. Beyond five minutes our clock counts as wrong, and what it wrote is remembered."""
        truth = server_ms + round_trip_ms // 2
        offset = truth - self._clock()
        offset = offset if abs(offset) > TOLERANCE_MS else 0
        last = self.last_own()
        after = int(self.journal.get("clock_good_until", 0))
        slip = truth - self.now_ms()
        slipped = slip if abs(slip) > TOLERANCE_MS else self._written_off(after, truth) if last > after else 0
        with self.journal.transaction():
            self.journal.put("last_contact", server_ms)
            self.journal.put("highest_time", server_ms)
            self.journal.put("clock_offset", offset)
            if slipped and last > after:
                self.journal.put("clock_slips", [*self.journal.get("clock_slips", []), [after, last, slipped]])
            if slipped:
                self._clock_wrong(last)
            if slipped is not None:
                self.journal.put("clock_good_until", last)
        self._contact_ms = server_ms
        self._offset_ms = offset
        if slipped:
            self.clock_restarted()

    def last_own(self) -> int:
        """The newest entry that was written here."""
        row = self.journal.db.execute("SELECT seq FROM entry WHERE own=1 ORDER BY seq DESC LIMIT 1").fetchone()
        return int(row[0]) if row else 0

    def _written_off(self, after_seq: int, truth_ms: int) -> int | None:
        """By how much what was written since then lies off although the clock is right now: somebody, or the network,
        has set it before we could. ``None`` while nobody can tell (the store's open half can look)."""
        return None

    def _clock_wrong(self, last_seq: int) -> None:
        """Keep, inside the transaction, what the hybrid clock must know to start anew."""

    def clock_restarted(self) -> None:
        """The hybrid clock starts anew from the true time (the store's open half has it)."""

    def clock_slips(self) -> list[ClockSlip]:
        """Spans of own entries written by a wrong clock, whose times people are asked to correct."""
        return [ClockSlip(*slip) for slip in self.journal.get("clock_slips", [])]

    def settle_clock_slips(self) -> None:
        """The times have been corrected, or are right as they are."""
        self.journal.put("clock_slips", [])

    # -- the control log ----------------------------------------------------------------------------------------

    def read_control(self) -> None:
        """The ledger, from the journal: placed entries in the server's order, then what has not yet been placed.

        What has lost its place (a restored server) may come before what it rests on; it gets its turn again.
        """
        ledger = Ledger(self.organisation)
        damaged: list[int] = []
        waiting = []
        for row in self.journal.clear_rows(self.control):
            entry = _sound(row)
            if entry is None:
                damaged.append(row.seq)
            elif ledger.apply(entry, row.position) in ("unknown_author", "unknown_subject"):
                waiting.append((entry, row.position))
        before = -1
        while waiting and len(waiting) != before:
            before = len(waiting)
            waiting = [w for w in waiting if ledger.apply(*w) in ("unknown_author", "unknown_subject")]
        self.ledger = ledger
        if damaged:
            self.control_damaged(damaged)

    def control_damaged(self, seqs: list[int]) -> None:
        """Entries of the control log that are not what was once verified."""

    def control_entries(self) -> list[bytes]:
        """The whole control log as known here, to send again after a restart of the feed."""
        return [row.raw for row in self.journal.clear_rows(self.control)]

    # -- what was noticed ---------------------------------------------------------------------------------------

    def findings(self) -> list[Finding]:
        """What was noticed, newest first."""
        seen = self.journal.get(_SEEN, 0)
        rows = self.journal.db.execute("SELECT id, at, code, facts FROM finding ORDER BY id DESC LIMIT 200").fetchall()
        return [Finding(at, code, unpack(facts), id_ <= seen) for id_, at, code, facts in rows]

    def see_findings(self) -> None:
        """Somebody has read them; what is noticed from now on, be it the same, is new."""
        self.journal.put(_SEEN, self._last_finding())

    def _last_finding(self) -> int:
        seen: int = self.journal.get(_SEEN, 0)
        return max(self.journal.count("SELECT max(id) FROM finding"), seen)

    def noticed(self, code: str) -> None:
        """What synchronisation noticed about the server."""
        with self.journal.transaction():
            self.find(code, {})

    def find(self, code: str, facts: Mapping[str, int | str]) -> None:
        """Take note, inside a transaction; the same once more moves to the top. The oldest fall off the end."""
        packed = pack(dict(facts))
        execute, following = self.journal.db.execute, self._last_finding() + 1
        execute("DELETE FROM finding WHERE code=? AND facts=?", (code, packed))
        execute("INSERT INTO finding (id, at, code, facts) VALUES (?,?,?,?)", (following, self.now_ms(), code, packed))
        execute("DELETE FROM finding WHERE id <= (SELECT max(id) FROM finding) - ?", (_MOST_FINDINGS,))


def _sound(row: ClearRow) -> Entry | None:
    """The entry, if its bytes are those that were verified when it came."""
    try:
        return decode(row.raw) if intact(row.raw, row.hash) else None
    except Malformed:
        return None
