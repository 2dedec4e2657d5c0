"""When which device was ended, by whom: out of the control log, for those who look after a team."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from goes_mobile.protocol import clear
from goes_mobile.protocol.entry import decode
from goes_mobile.protocol.ledger import Ledger
from goes_mobile.protocol.problems import GoesError
from goes_mobile.store.journal import Journal


@dataclass(frozen=True, slots=True)
class Ending:
    """The revocation of a device. ``at_ms``: when the server received it; ``None`` while it waits."""

    device: bytes
    by: bytes
    reason: str
    at_ms: int | None


def endings(journal: Journal, ledger: Ledger, control: bytes) -> list[Ending]:
    """Those that count, in the log's order."""
    found: list[Ending] = []
    rows = journal.db.execute(
        "SELECT raw, received FROM entry WHERE stream=? AND suite=0 AND held IS NULL ORDER BY position IS NULL,"
        " position, seq", (control,)
    )  # fmt: skip
    for raw, received in rows:
        with contextlib.suppress(GoesError):
            entry = decode(raw)
            record = clear.decode(entry.body or b"")
            if isinstance(record, clear.Revocation):
                subject = ledger.principals.get(record.device)
                if subject is not None and subject.sort == "device" and subject.revoked == record:
                    found.append(Ending(record.device, entry.header.device, record.reason, received))
    return found
