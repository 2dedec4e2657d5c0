"""The evidence about the server, out of the journal. It works while locked: no key is needed, and no word is in it."""

from __future__ import annotations

from goes_mobile.protocol.entry import decode
from goes_mobile.protocol.evidence import Evidence, Shown
from goes_mobile.protocol.problems import Malformed
from goes_mobile.protocol.streams import CONTROL
from goes_mobile.store.exchange import Exchange


def gather(store: Exchange) -> Evidence:
    """Everything a second person needs to check what this device has noticed."""
    rows = store.journal.db.execute(
        "SELECT number, position, received, held, raw FROM entry WHERE held IS NULL OR held <> 'unknown_format'"
        " ORDER BY number IS NULL, number, seq"
    )
    control = CONTROL.id(store.organisation)
    entries = []
    for number, position, received, held, raw in rows:
        try:
            entry = decode(raw)
        except Malformed:  # damaged here: it proves nothing about anybody
            continue
        kept = raw if entry.header.stream == control else entry.redacted()
        entries.append(Shown(number, position, received, held, kept))
    receipts = tuple(bytes(blob) for (blob,) in store.journal.db.execute("SELECT signed FROM receipt ORDER BY id"))
    findings = tuple((found.at_ms, found.code, found.facts) for found in reversed(store.findings()))
    return Evidence(
        store.organisation, store.device, store.identity.server_sign, store.now_ms(), findings, receipts,
        tuple(entries),
    )  # fmt: skip
