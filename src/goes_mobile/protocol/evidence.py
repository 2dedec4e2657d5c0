"""What a device can show about its server: signed receipts, headers of entries, findings. No content, no name, no key.

``read`` is for a second person, who needs nothing but the file: everything in it hangs on the organisation's id (the
fingerprint of its root key) and on the server's key, which the founding entry names.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from goes_mobile.protocol import wire
from goes_mobile.protocol.entry import Entry, decode, running
from goes_mobile.protocol.ledger import Ledger
from goes_mobile.protocol.problems import Malformed
from goes_mobile.protocol.streams import CONTROL

FORMAT = "goes evidence 1"


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as the server showed it: where, when received there, and why it is held here. ``raw`` has no body but in
    the control log, whose certificates the signatures are checked with."""

    number: int | None
    position: int | None
    received: int | None
    held: str | None
    raw: bytes


@dataclass(frozen=True, slots=True)
class Evidence:
    organisation: bytes
    device: bytes
    server_sign: bytes
    made_at: int
    findings: tuple[tuple[int, str, Mapping[str, Any]], ...]
    receipts: tuple[bytes, ...]
    entries: tuple[Shown, ...]

    def encode(self) -> bytes:
        return json.dumps(
            {
                "format": FORMAT, "organisation": self.organisation.hex(), "device": self.device.hex(),
                "server_sign": self.server_sign.hex(), "made_at": self.made_at,
                "findings": [{"at": at, "code": code, "facts": dict(facts)} for at, code, facts in self.findings],
                "receipts": [_text(blob) for blob in self.receipts],
                "entries": [[e.number, e.position, e.received, e.held, _text(e.raw)] for e in self.entries],
            }, indent=0,
        ).encode()  # fmt: skip


@dataclass
class Report:
    """What an evidence file proves. ``wrong``: the file contradicts itself; ``proven``: the server contradicts itself,
    or what devices of the organisation have signed."""

    receipts: int = 0
    entries: int = 0
    wrong: list[dict[str, Any]] = field(default_factory=list)
    proven: list[dict[str, Any]] = field(default_factory=list)
    findings: dict[str, int] = field(default_factory=dict)


def parse(data: bytes) -> Evidence:
    """Raises :class:`Malformed` for anything else."""
    try:
        told = json.loads(data)
        if told["format"] != FORMAT:
            raise Malformed("malformed", reason="format")
        return Evidence(
            bytes.fromhex(told["organisation"]), bytes.fromhex(told["device"]), bytes.fromhex(told["server_sign"]),
            int(told["made_at"]),
            tuple((int(f["at"]), str(f["code"]), f["facts"]) for f in told["findings"]),
            tuple(base64.b64decode(blob) for blob in told["receipts"]),
            tuple(_shown(*entry) for entry in told["entries"]),
        )  # fmt: skip
    except Malformed:
        raise
    except Exception as error:  # whatever json, base64 and a list of another length raise
        raise Malformed("malformed", reason=type(error).__name__) from None


def _shown(number: int | None, position: int | None, received: int | None, held: str | None, raw: str) -> Shown:
    return Shown(number, position, received, held, base64.b64decode(raw))


def read(evidence: Evidence) -> Report:
    """Check every signature and compare what was signed with what was shown."""
    report = Report()
    for _, code, _ in evidence.findings:
        report.findings[code] = report.findings.get(code, 0) + 1
    entries = [(shown, entry) for shown in evidence.entries if (entry := _decoded(shown, report)) is not None]
    ledger = _ledger(evidence, entries)
    if ledger.founding is None or ledger.founding.server_sign != evidence.server_sign:
        report.wrong.append({"what": "server_unknown"})
        return report
    _signatures(entries, ledger, report)
    _promises(evidence, entries, report)
    _histories(entries, CONTROL.id(evidence.organisation), report)
    return report


def _decoded(shown: Shown, report: Report) -> Entry | None:
    report.entries += 1
    try:
        return decode(shown.raw)
    except Malformed:
        report.wrong.append({"what": "entry_undecodable", "number": shown.number})
        return None


def _ledger(evidence: Evidence, entries: Iterable[tuple[Shown, Entry]]) -> Ledger:
    """The control log as this device was shown it, from the root key on."""
    ledger = Ledger(evidence.organisation)
    control = CONTROL.id(evidence.organisation)
    placed = [(shown.position, entry) for shown, entry in entries if entry.header.stream == control and not shown.held]
    for position, entry in sorted(placed, key=lambda item: item[0] or 2**62):
        key = ledger.signing_key(entry)
        if key is not None and entry.signed_by(key):
            ledger.apply(entry, position)
    return ledger


def _signatures(entries: Iterable[tuple[Shown, Entry]], ledger: Ledger, report: Report) -> None:
    """What counts is signed by whom it names; what is held for its signature is not: the server handed it out."""
    for shown, entry in entries:
        key = ledger.signing_key(entry)
        if key is not None and entry.signed_by(key):
            continue
        told = {"number": shown.number, "entry": entry.hash.hex()}
        if shown.held in ("bad_tail", "unknown_author", "fork"):
            report.proven.append({"what": f"shown_{shown.held}", **told})
        elif shown.held is None:
            report.wrong.append({"what": "signature", **told})


def _promises(evidence: Evidence, entries: Iterable[tuple[Shown, Entry]], report: Report) -> None:
    """Receipts against each other and against the feed. After a restore that was told, places change honestly."""
    at: dict[int, bytes] = {}
    for blob in evidence.receipts:
        try:
            receipts = wire.read_receipts(blob, evidence.server_sign)
        except Malformed:
            report.wrong.append({"what": "receipt"})
            continue
        report.receipts += 1
        for entry_hash, number, _, received in receipts.items:
            if at.setdefault(number, entry_hash) != entry_hash:
                report.proven.append({"what": "number_promised_twice", "number": number, "received": received})
    for shown, entry in entries:
        if shown.number is not None and at.get(shown.number, entry.hash) != entry.hash:
            report.proven.append({"what": "promise_broken", "number": shown.number, "entry": entry.hash.hex()})


def _histories(entries: Iterable[tuple[Shown, Entry]], control: bytes, report: Report) -> None:
    """What devices signed to have seen of a stream, against what this device was shown."""
    known = list(entries)
    feeds: dict[bytes, dict[int, bytes]] = {}
    for stream in {entry.header.stream for _, entry in known}:
        at, hashes = b"", {s.position: e.hash for s, e in known if s.position and e.header.stream == stream}
        feed = feeds[stream] = {}
        for position in range(1, len(hashes) + 1):
            if position not in hashes:
                break
            feed[position] = at = running(at, hashes[position], position)
    for shown, entry in known:
        header = entry.header
        if shown.held:
            continue
        for stream, seen in ((header.stream, header.stream_seen), (control, header.control_seen)):
            ours = feeds.get(stream, {}).get(seen.position)
            if ours is not None and not ours.startswith(seen.running):
                report.proven.append(
                    {"what": "histories_differ", "stream": stream.hex(), "position": seen.position,
                     "signed_by": header.device.hex()}
                )  # fmt: skip


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
