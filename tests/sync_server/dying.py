"""What a server does that is killed in the middle of it (:mod:`tests.killed`)."""

from __future__ import annotations

from pathlib import Path

from goes_mobile.protocol import wire
from sync_server import pushing
from sync_server.core import Core
from sync_server.settings import Settings
from tests.actors import NOW


def push(url: str, token: str, entry: str) -> None:
    """One entry comes."""
    core = Core(Settings(url), lambda: NOW)
    pushing.push(core, token, wire.PushRequest(entries=(Path(entry).read_bytes(),)))
    core.database.close()
