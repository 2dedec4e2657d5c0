"""What all of the server's work shares. Every function that takes a :class:`Core` runs in the database's thread."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, select

from goes_mobile.protocol.problems import GoesError, Refused, problem
from sync_server.bulk import insert_rows
from sync_server.callers import Callers, Visit
from sync_server.database import Database
from sync_server.erasure import scrub
from sync_server.identity import Identity
from sync_server.organisations import Organisations, restart, write_down
from sync_server.settings import Settings
from sync_server.tables import Contact, ServerKey, tables

_server_key, _contact = tables(ServerKey, Contact)
CONTACT_MS = 60_000


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Core:
    """Database, secret, memory, clock, chance."""

    def __init__(self, settings: Settings, clock: Callable[[], int] = now_ms,
                 random: Callable[[int], bytes] = os.urandom) -> None:  # fmt: skip
        self.settings = settings
        self.clock = clock
        self.random = random
        self.database = Database(settings.database_url)
        scrub(self.database)
        self.organisations = Organisations()
        self.callers = Callers(self.organisations, clock)
        self.identity = self._identity()
        self._contacts: dict[tuple[bytes, bytes], int] = {}

    def _identity(self) -> Identity:
        with self.database.read() as connection:
            seed = connection.scalar(select(_server_key.c.seed))
        if seed is None:
            raise GoesError("not_initialised")
        return Identity.of(seed)

    def heard_of(self, connection: Connection, visit: Visit, now: int) -> None:
        """Note the contact, at most once a minute: a look that finds nothing must not cost a write."""
        key = (visit.caller.organisation, visit.principal.id)
        self._contacts[key] = now
        insert_rows(connection, _contact, [{"organisation": key[0], "device": key[1], "at_ms": now}], replace=True)

    def contact_due(self, visit: Visit, now: int) -> bool:
        last = self._contacts.get((visit.caller.organisation, visit.principal.id))
        return visit.principal.sort == "device" and (last is None or not 0 <= now - last < CONTACT_MS)

    def restarted(self, row: Any) -> Refused:
        return problem("feed_restarted", incarnation=row.incarnation.hex(), awaiting_control=row.awaiting_control)

    def restart_feed(self, organisation: bytes, incarnation: bytes) -> Refused:
        """The feed went back in time: begin a new one, unless somebody else just did."""
        with self.database.write() as connection:
            row, _ = self.organisations.get(connection, organisation, lock=True)
            if row.incarnation == incarnation:
                restart(connection, row, self.random(16))
                write_down(connection, organisation, "feed_restarted", self.clock())
                row, _ = self.organisations.get(connection, organisation)
            return self.restarted(row)
