"""The welcome an invite finds on the server: sealed with a key from the code, so no server can read or forge it."""

from __future__ import annotations

import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from goes_mobile.protocol.codes import InviteSecret
from goes_mobile.protocol.entry import Witness
from goes_mobile.protocol.packing import pack, unpack
from goes_mobile.protocol.problems import Malformed


@dataclass(frozen=True, slots=True)
class Welcome:
    """Whom to trust and where the control log stood: a server that shows less is lying."""

    organisation: bytes
    server_sign: bytes
    control: Witness
    preset: str
    expires_at: int


def seal(welcome: Welcome, invite: InviteSecret) -> bytes:
    nonce = os.urandom(12)
    plain = pack([
        welcome.organisation, welcome.server_sign, welcome.control.position, welcome.control.running, welcome.preset,
        welcome.expires_at,
    ])  # fmt: skip
    return nonce + AESGCM(invite.welcome_key).encrypt(nonce, plain, b"goes welcome 1" + invite.lookup)


def unseal(sealed: bytes, invite: InviteSecret) -> Welcome:
    """The welcome, or :class:`Malformed` if it was not sealed for this code."""
    try:
        plain = AESGCM(invite.welcome_key).decrypt(sealed[:12], sealed[12:], b"goes welcome 1" + invite.lookup)
        organisation, server_sign, position, running, preset, expires_at = unpack(plain)
        types = [type(x) for x in (organisation, server_sign, position, running, preset, expires_at)]
        if types != [bytes, bytes, int, bytes, str, int] or (len(organisation), len(server_sign)) != (16, 32):
            raise ValueError("not a welcome")
    except (InvalidTag, ValueError, TypeError) as error:
        raise Malformed("welcome_forged", reason=type(error).__name__) from None
    return Welcome(organisation, server_sign, Witness(position, running), preset, expires_at)
