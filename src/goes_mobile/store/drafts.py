"""Sealed drafts: what is being typed survives a crash, a call, an empty battery."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from goes_mobile.protocol.packing import pack, unpack
from goes_mobile.protocol.problems import Damaged, Malformed
from goes_mobile.store.journal import Journal
from goes_mobile.vault.boxes import Box


class DraftBox:
    """Rows of the journal's file, sealed under the vault key; they belong to this device alone and are never synced."""

    def __init__(self, journal: Journal, box: Callable[[], Box]) -> None:
        self._journal = journal
        self._box = box  # asked each time: who still holds a draft box after locking holds no key

    def save(self, key: str, value: dict[str, Any], at_ms: int = 0) -> None:
        sealed = self._box().seal(pack(value), b"draft " + key.encode())
        with self._journal.transaction():
            self._journal.db.execute("INSERT OR REPLACE INTO draft VALUES (?,?,?)", (key, at_ms, sealed))

    def load(self, key: str) -> dict[str, Any] | None:
        """The draft; ``None`` if there is none, or if it no longer opens."""
        box = self._box()
        row = self._journal.db.execute("SELECT sealed FROM draft WHERE key=?", (key,)).fetchone()
        if row is None:
            return None
        try:
            value: dict[str, Any] = unpack(box.open(row[0], b"draft " + key.encode()))
        except (Damaged, Malformed):
            return None
        return value

    def list(self) -> list[str]:
        """Keys, newest first."""
        self._box()
        return [row[0] for row in self._journal.db.execute("SELECT key FROM draft ORDER BY at DESC, key")]

    def drop(self, key: str) -> None:
        self._journal.db.execute("DELETE FROM draft WHERE key=?", (key,))
