"""A server's beginning: its tables, its secret, a token with which one organisation may be founded."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, insert, inspect, select

from sync_server.core import now_ms
from sync_server.database import Database
from sync_server.identity import Identity
from sync_server.tables import ServerKey, SetupToken, tables

_server_key, _setup = tables(ServerKey, SetupToken)


@dataclass(frozen=True)
class Initialised:
    """What the operator is told, once."""

    setup_token: str = field(repr=False)
    server_id: str


def initialise(database: Database, clock: Callable[[], int] = now_ms,
               random: Callable[[int], bytes] = os.urandom) -> Initialised:  # fmt: skip
    """Make what is missing. On a server that exists it gives out a new setup token; an unused one ends with that."""
    database.migrate()
    now = clock()
    with database.write() as connection:
        seed = connection.scalar(select(_server_key.c.seed))
        if seed is None:
            seed = random(32)
            connection.execute(
                insert(_server_key).values(id=1, seed=seed, server_id=Identity.of(seed).id, created_ms=now)
            )
        return Initialised(new_setup_token(connection, now, random), Identity.of(seed).id.hex())


def new_setup_token(connection: Connection, now: int, random: Callable[[int], bytes] = os.urandom) -> str:
    """For one organisation more."""
    token = random(20).hex()
    connection.execute(delete(_setup).where(_setup.c.used_by.is_(None)))
    connection.execute(
        insert(_setup).values(hash=hashlib.sha256(token.encode()).digest(), created_ms=now, used_by=None)
    )
    return token


def is_initialised(database: Database) -> bool:
    with database.read() as connection:
        if not inspect(connection).has_table(_server_key.name):
            return False
        return connection.scalar(select(_server_key.c.seed)) is not None
