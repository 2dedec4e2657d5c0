"""What a second person can conclude from an evidence file, and what they notice when somebody has changed it."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest

from goes_mobile.protocol import wire
from goes_mobile.protocol.evidence import Evidence, Report, Shown, parse, read
from goes_mobile.protocol.keys import KeyPair
from goes_mobile.protocol.problems import Malformed
from tests.simulation.world import image

SERVER = KeyPair.from_seed(bytes(32))


@pytest.fixture(scope="module")
def sound() -> Evidence:
    """The feed of an organisation as it was served."""
    server = image().server
    entries = tuple(
        Shown(s.number, s.position, s.received_ms, None, s.entry.raw if s.entry.suite == 0 else s.entry.redacted())
        for s in server.feed.log
    )
    items = tuple(stored.receipt() for stored in server.feed.log)
    receipts = wire.Receipts(server_id=server.id, organisation=server.feed.organisation, time_ms=1, items=items)
    blob = wire.sign_receipts(receipts, server._keys)
    return Evidence(
        server.feed.organisation, bytes(16), server._keys.public.sign, 1, ((1, "rolled_back", {"position": 3}),),
        (blob,), entries,
    )  # fmt: skip


def what(found: list[dict[str, object]]) -> set[object]:
    return {item["what"] for item in found}


def test_an_honest_feed_proves_nothing(sound: Evidence) -> None:
    report = read(parse(sound.encode()))
    assert (report.wrong, report.proven, report.receipts) == ([], [], 1)
    assert report.entries == len(sound.entries) > 10
    assert report.findings == {"rolled_back": 1}


def test_a_broken_promise_is_proven_by_the_servers_own_signature(sound: Evidence) -> None:
    *others, last = sound.entries
    other = replace(others[-1], number=last.number, position=None)
    assert what(read(replace(sound, entries=(*others, other))).proven) == {"promise_broken"}


def test_an_entry_left_out_is_proven_by_whoever_had_seen_it(sound: Evidence) -> None:
    server = image().server
    control = server.feed.streams[server.feed.control]
    hidden = control.entries[-3]
    moved = []
    for shown in sound.entries:
        if shown.number == hidden.number:
            continue
        in_control = any(s.number == shown.number for s in control.entries)
        later = in_control and (shown.position or 0) > hidden.position
        moved.append(replace(shown, position=(shown.position or 0) - 1) if later else shown)
    assert "histories_differ" in what(read(replace(sound, entries=tuple(moved), receipts=())).proven)


def test_what_the_server_made_up_is_proven_by_its_missing_signature(sound: Evidence) -> None:
    first = sound.entries[-1]
    forged = first.raw[:-1] + bytes([first.raw[-1] ^ 1])
    for held, kind in (("bad_tail", "proven"), (None, "wrong")):
        report = read(replace(sound, entries=(*sound.entries[:-1], replace(first, raw=forged, held=held))))
        assert getattr(report, kind), kind


def test_a_changed_file_shows(sound: Evidence) -> None:
    other = wire.Receipts(server_id=SERVER.principal, organisation=sound.organisation, time_ms=1, items=())
    report = read(replace(sound, receipts=(wire.sign_receipts(other, SERVER),)))
    assert what(report.wrong) == {"receipt"}
    assert what(read(replace(sound, server_sign=SERVER.public.sign)).wrong) == {"server_unknown"}
    assert what(read(replace(sound, organisation=bytes(16))).wrong) == {"server_unknown"}


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"format": "something else"}', b"\xff"])
def test_what_is_no_evidence_is_refused(content: bytes) -> None:
    with pytest.raises(Malformed):
        parse(content)


def test_an_entry_of_another_length_is_refused(sound: Evidence) -> None:
    told = json.loads(sound.encode())
    told["entries"][0] = [1, base64.b64encode(b"x").decode()]
    with pytest.raises(Malformed):
        parse(json.dumps(told).encode())
    assert isinstance(read(sound), Report)
