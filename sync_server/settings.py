"""What an operator may set. Everything has a default that is right for a county."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SQLITE_FILE = "server.sqlite3"


@dataclass(frozen=True)
class Settings:
    """``database_url`` is SQLAlchemy's; :meth:`of` fills in the embedded SQLite of a data directory."""

    database_url: str
    session_ms: int = 12 * 3600 * 1000
    challenge_ms: int = 5 * 60 * 1000
    blob_bytes: int = 16 * 1024 * 1024  # of one blob, sealed
    blobs_bytes: int = 50 * 1024**3  # of one organisation's blobs together
    waiting_requests: int = 256  # for the database; beyond that: busy
    waiting_polls: int = 4  # of one principal
    requests_per_s: float = 100.0  # of one principal, over time
    requests_at_once: float = 1000.0  # of one principal, in a burst
    strangers_per_s: float = 200.0  # of all who have no session, together

    @classmethod
    def of(cls, data: Path, database_url: str | None = None) -> Settings:
        return cls(normalised(database_url) if database_url else f"sqlite:///{data.absolute() / SQLITE_FILE}")


def normalised(url: str) -> str:
    """Any usual spelling of a PostgreSQL address, for the one driver we have."""
    scheme, separator, rest = url.partition("://")
    return f"postgresql+psycopg{separator}{rest}" if scheme in ("postgres", "postgresql") else url
