"""Keys of principals (root, invites, devices), groups and stream epochs."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from goes_mobile.protocol.problems import Malformed

KEY = 32
ID = 16

_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


def derive(secret: bytes, purpose: str, length: int = KEY) -> bytes:
    """A key for one purpose from a secret (HKDF-SHA256)."""
    return HKDF(hashes.SHA256(), length, salt=None, info=b"goes " + purpose.encode()).derive(secret)


def principal_id(sign_public: bytes) -> bytes:
    """A principal's id is the fingerprint of its signing key, so an id cannot be given a second key."""
    return hashlib.sha256(b"goes principal" + sign_public).digest()[:ID]


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """What others know of a principal."""

    sign: bytes
    kem: bytes

    @property
    def principal(self) -> bytes:
        return principal_id(self.sign)


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A principal's own keys: Ed25519 to sign, X25519 to be granted things."""

    sign_secret: bytes = field(repr=False)
    kem_secret: bytes = field(repr=False)

    @classmethod
    def from_seed(cls, seed: bytes) -> KeyPair:
        """Both keys from one secret (a device's random seed, an invite's code, the recovery sheet)."""
        return cls(derive(seed, "sign"), derive(seed, "kem"))

    @property
    def public(self) -> PublicKeys:
        return _public(self)

    @property
    def principal(self) -> bytes:
        return _principal(self)

    def sign(self, message: bytes) -> bytes:
        return _signer(self.sign_secret).sign(message)


@lru_cache(64)
def _public(pair: KeyPair) -> PublicKeys:
    return PublicKeys(_signer(pair.sign_secret).public_key().public_bytes_raw(), kem_public(pair.kem_secret))


@lru_cache(64)
def _principal(pair: KeyPair) -> bytes:
    return _public(pair).principal


@lru_cache(64)
def _signer(secret: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(secret)


@lru_cache(1024)
def _verifier(public: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public)


def forget_secrets() -> None:
    """Locking drops the device's own keys too."""
    _public.cache_clear()
    _principal.cache_clear()
    _signer.cache_clear()


def verify(sign_public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the signature is that key's over exactly this message."""
    try:
        _verifier(sign_public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def kem_public(secret: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def seal_to(kem_public_key: bytes, secret: bytes, info: bytes) -> bytes:
    """HPKE (RFC 9180, base mode). ``info`` binds it to what it is for; the entry's signature tells who granted it."""
    return _SUITE.encrypt(secret, X25519PublicKey.from_public_bytes(kem_public_key), info)


def open_sealed(kem_secret: bytes, sealed: bytes, info: bytes) -> bytes:
    """What was sealed to this key for this purpose, or :class:`Malformed`."""
    try:
        return _SUITE.decrypt(sealed, X25519PrivateKey.from_private_bytes(kem_secret), info)
    except (InvalidTag, ValueError, TypeError) as error:
        raise Malformed("cannot_open", reason=type(error).__name__) from None


def epoch_name(key: bytes, owner: bytes) -> bytes:
    """An epoch's name commits to its key: HMAC-SHA256(key, "epoch" ‖ stream or group), 128 bits."""
    return hmac.new(key, b"epoch" + owner, hashlib.sha256).digest()[:ID]
