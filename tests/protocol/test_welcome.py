"""The welcome: only who holds the code can read it, and nobody without the code can have written it."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from goes_mobile.protocol.codes import InviteSecret
from goes_mobile.protocol.entry import Witness
from goes_mobile.protocol.packing import pack
from goes_mobile.protocol.problems import Malformed
from goes_mobile.protocol.welcome import Welcome, seal, unseal
from tests.protocol.making import NOW, ident

INVITE = InviteSecret(bytes(16))
WELCOME = Welcome(bytes(16), bytes(32), Witness(12, b"r" * 32), "landkreis-esslingen", NOW)


def test_the_code_opens_it() -> None:
    assert unseal(seal(WELCOME, INVITE), INVITE) == WELCOME


def test_another_code_does_not() -> None:
    with pytest.raises(Malformed, match="welcome_forged"):
        unseal(seal(WELCOME, INVITE), InviteSecret(ident()))


def test_every_flipped_bit_and_cut_is_refused() -> None:
    sealed = seal(WELCOME, INVITE)
    for index in range(len(sealed)):
        flipped = sealed[:index] + bytes([sealed[index] ^ 1]) + sealed[index + 1 :]
        for wrong in (flipped, sealed[:index]):
            with pytest.raises(Malformed, match="welcome_forged"):
                unseal(wrong, INVITE)


@pytest.mark.parametrize(
    "plain", [[], [1, 2, 3, 4, 5, 6], [b"x", bytes(32), 1, b"", "p", 1], [bytes(16), bytes(32), "1", b"", "p", 1]]
)
def test_what_is_no_welcome_is_refused_although_it_is_sealed(plain: list[object]) -> None:
    nonce = bytes(12)
    sealed = nonce + AESGCM(INVITE.welcome_key).encrypt(nonce, pack(plain), b"goes welcome 1" + INVITE.lookup)
    with pytest.raises(Malformed, match="welcome_forged"):
        unseal(sealed, INVITE)
