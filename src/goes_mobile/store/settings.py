"""A profile's small settings, readable while locked: where the server is, how to deliver, how the screens look."""

from __future__ import annotations

from typing import Any

from goes_mobile.store.journal import Journal


class Settings:
    """Clear values in the journal's file; nothing personal belongs here."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def get(self, key: str, default: Any = None) -> Any:
        return self._journal.get("setting:" + key, default)

    def set(self, key: str, value: Any) -> None:
        self._journal.put("setting:" + key, value)
