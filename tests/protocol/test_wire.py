"""Messages: what a server says is checked before anything is done with it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goes_mobile.protocol import wire
from goes_mobile.protocol.keys import KeyPair
from goes_mobile.protocol.packing import MAX_BYTES, pack, unpack
from goes_mobile.protocol.problems import Malformed, Refused
from goes_mobile.protocol.service import delivery_bearer, read_delivery_bearer
from tests.protocol.making import NOW, ident

SERVER = KeyPair.from_seed(bytes(32))
RECEIPTS = wire.Receipts(
    server_id=SERVER.principal, organisation=bytes(16), time_ms=NOW, items=((bytes(32), 1, 1, NOW),)
)
GAP = wire.Gap(stream=bytes(16), device=bytes(16), run=bytes(8), n=1, hash=bytes(32))
HEAD = wire.Head(stream=bytes(16), position=3, running=bytes(32))


def test_receipts_are_the_servers_word() -> None:
    signed = wire.sign_receipts(RECEIPTS, SERVER)
    assert wire.read_receipts(signed, SERVER.public.sign) == RECEIPTS
    with pytest.raises(Malformed, match="receipt_forged"):
        wire.read_receipts(signed, KeyPair.from_seed(b"\x01" * 32).public.sign)


def test_every_flipped_bit_of_receipts_is_refused() -> None:
    signed = wire.sign_receipts(RECEIPTS, SERVER)
    for index in range(len(signed)):
        for bit in range(8):
            with pytest.raises(Malformed):
                wire.read_receipts(
                    signed[:index] + bytes([signed[index] ^ (1 << bit)]) + signed[index + 1 :], SERVER.public.sign
                )


def test_a_signature_for_something_else_makes_no_receipts() -> None:
    body = pack(RECEIPTS.model_dump())
    for prefix in (b"", b"goes entry 1", b"goes session 1"):
        with pytest.raises(Malformed, match="receipt_forged"):
            wire.read_receipts(pack([body, SERVER.sign(prefix + body)]), SERVER.public.sign)


@pytest.mark.parametrize("data", [b"", pack(5), pack([b"x"]), pack([b"x", "y"]), pack([b"x", b"y", b"z"]), b"<html>"])
def test_receipts_that_are_none(data: bytes) -> None:
    with pytest.raises(Malformed):
        wire.read_receipts(data, SERVER.public.sign)


@pytest.mark.parametrize(
    "message",
    [
        wire.Hello(server_id=bytes(16), server_sign=bytes(32), time_ms=NOW, challenge=b"c"),
        wire.PullAnswer(entries=((1, 1, NOW, b"raw"),), heads=(HEAD,), cursor=wire.Cursor(), more=False, time_ms=NOW),
        wire.PushAnswer(receipts=b"", gaps=(GAP,), time_ms=NOW),
        wire.PullRequest(cursor=wire.Cursor(incarnation=b"i", number=5, hash=b"h")),
    ],
)  # fmt: skip
def test_messages_come_back_and_ignore_what_is_newer(message: wire.Message) -> None:
    assert wire.parse(type(message), wire.dump(message)) == message
    more = {**unpack(wire.dump(message)), "from_a_later_version": 1}
    assert wire.parse(type(message), pack(more)) == message


@pytest.mark.parametrize("number", [-1, 2**62 + 1, 2**64 - 1, "x", None, 1.5])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_numbers_that_no_database_holds_are_refused(place: int, number: Any) -> None:
    """A device stores number, position and time of what it pulls: one absurd value must not stop it for good."""
    entry: list[Any] = [1, 1, NOW, b"raw"]
    entry[place] = number
    answer = {"entries": [entry], "heads": [], "cursor": {}, "more": False, "time_ms": NOW}
    with pytest.raises(Malformed):
        wire.parse(wire.PullAnswer, pack(answer))
    items = [[bytes(32), *entry[:3]]]
    body = pack({"server_id": bytes(16), "organisation": bytes(16), "time_ms": NOW, "items": items})
    with pytest.raises(Malformed):
        wire.read_receipts(pack([body, SERVER.sign(b"goes receipts 1" + body)]), SERVER.public.sign)


@given(st.binary(max_size=200), st.sampled_from([wire.PullAnswer, wire.PushAnswer, wire.Hello, wire.Session]))
def test_noise_is_no_message(data: bytes, kind: type[wire.Message]) -> None:
    with pytest.raises(Malformed):
        wire.parse(kind, data)


def test_an_endless_message_is_not_read() -> None:
    with pytest.raises(Malformed, match="too large"):
        unpack(bytes(MAX_BYTES + 1))


def test_a_message_nested_without_end_is_refused() -> None:
    with pytest.raises(Malformed):
        unpack(b"\x91" * 100_000 + b"\xc0")


def test_an_error_never_holds_what_was_sent() -> None:
    with pytest.raises(Malformed) as refused:
        wire.parse(wire.PullRequest, pack({"cursor": "Geheim"}))
    assert "Geheim" not in str(refused.value)


def test_a_delivery_token_names_its_organisation() -> None:
    organisation, token = ident(), ident() + ident()
    assert read_delivery_bearer(delivery_bearer(organisation, token)) == (organisation, token)
    assert read_delivery_bearer("session-token") is None
    for broken in ("delivery.", "delivery.zz.00", "delivery.00", "delivery.00.00.00"):
        with pytest.raises(Refused) as refused:
            read_delivery_bearer(broken)
        assert refused.value.code == "unauthorised"


def test_secrets_are_not_shown() -> None:
    assert "geheim" not in repr(wire.Session(token="geheim", expires_ms=1, time_ms=1))
    assert "geheim" not in repr(wire.FoundRequest(setup_token="geheim", organisation=bytes(16), entries=()))
