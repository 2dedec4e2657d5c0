"""A sealed picture of the projection, so that unlocking replays only the tail of the journal.

Sealed in pieces of 1 MiB under a fresh key each time; nothing of it is ever on a disk in clear. A snapshot that
does not open, or is of another version of the records, is ignored: the journal has everything.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from goes_mobile.protocol.packing import pack, unpack
from goes_mobile.protocol.problems import GoesError
from goes_mobile.records import registry
from goes_mobile.records.base import TABLES
from goes_mobile.store.disk import disk_errors, settle
from goes_mobile.vault.boxes import Box

FILE = "snapshot.bin"
TAIL = 10_000
"""Entries after which a new snapshot is worth its write (some 0.2 s of replay)."""
_PIECE = 1024 * 1024
_FORMAT = 1


def shape() -> bytes:
    """A fingerprint of the tables: a new field makes old snapshots stale, and nothing else has to be migrated."""
    registry.kinds()
    state = hashlib.sha256()
    for name, table in sorted(TABLES.tables.items()):
        state.update(f"{name}({','.join(f'{column.name}:{column.type}' for column in table.columns)})".encode())
    return state.digest()[:16]


@dataclass(frozen=True, slots=True)
class Mark:
    """The state of the journal that a snapshot belongs to: it reaches the entry ``seq`` with this hash. ``before`` is
    the name of the snapshot that the journal remembered then."""

    seq: int
    hash: bytes
    before: bytes


def write(home: Path, image: memoryview, mark: Mark, box: Box) -> bytes:
    """Seal the image beside the old one and put it in its place. Returns its name, for the journal to remember."""
    key, name = os.urandom(32), os.urandom(16)
    cipher = AESGCM(key)
    head = pack([_FORMAT, shape(), mark.seq, mark.hash, mark.before, name, len(image), box.seal(key, b"snapshot")])
    temporary = home / (FILE + ".new")
    with disk_errors(), temporary.open("wb") as file:
        file.write(len(head).to_bytes(4, "big") + head)
        for index, start in enumerate(range(0, len(image), _PIECE)):
            nonce = index.to_bytes(12, "big")  # the key is fresh, so a counter never repeats under it
            file.write(cipher.encrypt(nonce, image[start : start + _PIECE], head))
        file.flush()
        os.fsync(file.fileno())
    with disk_errors():
        os.replace(temporary, home / FILE)
    settle(home)
    return name


def read(home: Path, box: Box, remembered: bytes, hash_of: Callable[[int], bytes]) -> tuple[bytearray, int] | None:
    """(image, seq it reaches), or ``None`` if there is none that this version can use.

    It must be the one that the journal remembers, or the one written just after it (and before the journal could take
    note), and reach an entry that is there. Any other belongs to another state of the journal: an older copy that came
    back with the file system, or with a backup of a part.
    """
    try:
        with (home / FILE).open("rb") as file:
            head = file.read(int.from_bytes(file.read(4), "big"))
            version, fingerprint, seq, entry_hash, before, name, length, sealed = unpack(head)
            if version != _FORMAT or fingerprint != shape() or remembered not in (name, before):
                return None
            if not isinstance(seq, int) or hash_of(seq) != entry_hash:
                return None
            cipher = AESGCM(box.open(sealed, b"snapshot"))
            image = bytearray()
            for index, piece in enumerate(_pieces(file, length)):
                image += cipher.decrypt(index.to_bytes(12, "big"), piece, head)
    except (OSError, GoesError, InvalidTag, ValueError, TypeError):
        return None
    return (image, seq) if image and len(image) == length else None  # the first piece is what vouches for the head


def _pieces(file: object, length: int) -> Iterator[bytes]:
    for start in range(0, length, _PIECE):
        yield file.read(min(_PIECE, length - start) + 16)  # type: ignore[attr-defined]


def drop(home: Path) -> None:
    """Erasure reaches the snapshot too."""
    with disk_errors():
        for name in (FILE, FILE + ".new"):
            (home / name).unlink(missing_ok=True)
