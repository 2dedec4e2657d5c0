"""Keys: each for one purpose, each bound to whom and what it is for."""

from __future__ import annotations

import pytest

from goes_mobile.protocol import wire
from goes_mobile.protocol.keys import (
    KeyPair,
    _public,
    _signer,
    derive,
    epoch_name,
    forget_secrets,
    kem_public,
    open_sealed,
    principal_id,
    seal_to,
    verify,
)
from goes_mobile.protocol.problems import Malformed
from goes_mobile.protocol.streams import CONTROL, ORG, GroupRef, StreamRef, recipients
from tests.protocol.making import ident

ONE, TWO = KeyPair.from_seed(bytes(32)), KeyPair.from_seed(b"\x01" * 32)


def test_what_is_sealed_to_a_key_opens_with_it_and_for_its_purpose_alone() -> None:
    sealed = seal_to(ONE.public.kem, b"secret", b"purpose")
    assert open_sealed(ONE.kem_secret, sealed, b"purpose") == b"secret"
    for secret, info in ((TWO.kem_secret, b"purpose"), (ONE.kem_secret, b"another"), (ONE.kem_secret, b"")):
        with pytest.raises(Malformed, match="cannot_open"):
            open_sealed(secret, sealed, info)


def test_every_flipped_bit_and_cut_of_what_is_sealed_is_refused() -> None:
    sealed = seal_to(ONE.public.kem, bytes(32), b"x")
    flips = [
        sealed[:i] + bytes([sealed[i] ^ (1 << bit)]) + sealed[i + 1 :] for i in range(len(sealed)) for bit in range(8)
    ]
    # The topmost bit of an X25519 share is ignored by the curve, but not by the key schedule that hashes it.
    for flipped in [*flips, b"", sealed[:31], sealed[:-1], sealed + b"\0"]:
        with pytest.raises(Malformed):
            open_sealed(ONE.kem_secret, flipped, b"x")


def test_a_share_of_low_order_is_refused() -> None:
    with pytest.raises(Malformed):
        open_sealed(ONE.kem_secret, bytes(32) + bytes(48), b"x")


def test_a_signature_is_its_keys_and_over_exactly_its_message() -> None:
    signature = ONE.sign(b"message")
    assert verify(ONE.public.sign, signature, b"message")
    assert not verify(TWO.public.sign, signature, b"message")
    assert not verify(ONE.public.sign, signature, b"massage")
    assert not verify(ONE.public.sign, signature[:-1], b"message")
    assert not verify(b"no key", signature, b"message")


def test_a_principals_id_is_the_fingerprint_of_its_signing_key() -> None:
    assert ONE.principal == principal_id(ONE.public.sign)
    assert ONE.principal != TWO.principal


def test_an_epochs_name_commits_to_key_and_owner() -> None:
    owner, other = ident(), ident()
    assert epoch_name(bytes(32), owner) != epoch_name(b"\x01" * 32, owner)
    assert epoch_name(bytes(32), owner) != epoch_name(bytes(32), other)


def test_one_seed_makes_unrelated_keys_for_unrelated_purposes() -> None:
    made = [derive(bytes(32), purpose) for purpose in ("sign", "kem", "root", "recovery", "invite", "lock")]
    assert len(set(made)) == len(made)
    assert kem_public(ONE.kem_secret) == ONE.public.kem


def test_secrets_are_not_shown_and_are_forgotten() -> None:
    pair = KeyPair.from_seed(ident() + ident())
    assert pair.sign_secret.hex() not in repr(pair)
    assert repr(pair.sign_secret) not in repr(pair)
    pair.sign(b"x")
    assert pair.public
    forget_secrets()
    assert _public.cache_info().currsize == _signer.cache_info().currsize == 0


def test_a_session_is_opened_for_one_server_organisation_and_challenge() -> None:
    said = {wire.session_message(s, o, p, c) for s in (b"s" * 16, b"t" * 16) for o in (b"o" * 16, b"q" * 16)
            for p in (b"p" * 16, b"r" * 16) for c in (b"c", b"d")}  # fmt: skip
    assert len(said) == 16
    assert not any(message.startswith(b"goes entry 1") for message in said)


def test_streams_and_groups_never_share_an_id() -> None:
    organisation = ident()
    refs = [CONTROL, ORG, StreamRef("coordination"), StreamRef("site", "a"), StreamRef("site_supervisors", "a"),
            StreamRef("person", "a"), StreamRef("site", "b"), GroupRef("org"), GroupRef("coordination"),
            GroupRef("site", "a"), GroupRef("site_supervisors", "a"), GroupRef("recovery")]  # fmt: skip
    ids = {ref.id(organisation) for ref in refs} | {ref.id(ident()) for ref in refs}
    assert len(ids) == 2 * len(refs)


@pytest.mark.parametrize(
    ("stream", "group"),
    [
        (ORG, GroupRef("org")), (StreamRef("site", "s"), GroupRef("site", "s")),
        (StreamRef("person", "p"), GroupRef("site", "s")),
        (StreamRef("site_supervisors", "s"), GroupRef("site_supervisors", "s")),
        (StreamRef("coordination"), GroupRef("coordination")),
    ],
)  # fmt: skip
def test_each_stream_is_granted_to_its_group_and_to_the_sheet(stream: StreamRef, group: GroupRef) -> None:
    assert recipients(stream, "s") == [group, GroupRef("recovery")]


def test_the_control_log_is_granted_to_nobody_because_it_is_not_secret() -> None:
    assert recipients(CONTROL, "s") == []
