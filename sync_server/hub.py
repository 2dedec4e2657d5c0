"""Who waits for what: a long-poll is woken by arrivals in its own streams, and by shutdown."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(eq=False)
class Waiter:
    """``names`` are the principal and its groups, as of its last look."""

    principal: bytes
    names: Set[bytes] = frozenset()
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    replaced: bool = False


class Hub:
    def __init__(self, most_of_one: int) -> None:
        self._most_of_one = most_of_one
        self._waiters: dict[bytes, dict[Waiter, None]] = {}
        self.stopping = False

    @contextmanager
    def waiting(self, organisation: bytes, principal: bytes) -> Iterator[Waiter]:
        """Registered before a look, so that nothing that arrives between look and sleep is missed.

        A device that lost its connection asks again while its old poll still waits: the oldest is answered then.
        """
        waiters = self._waiters.setdefault(organisation, {})
        own = [waiter for waiter in waiters if waiter.principal == principal and not waiter.replaced]
        if len(own) >= self._most_of_one:
            own[0].replaced = True
            own[0].woken.set()
        waiter = Waiter(principal)
        waiters[waiter] = None
        try:
            yield waiter
        finally:
            del waiters[waiter]
            if not waiters:
                self._waiters.pop(organisation, None)

    def awaited(self, organisation: bytes) -> bool:
        """Whether anybody waits, so that nobody computes recipients for no one."""
        return organisation in self._waiters

    def count(self) -> int:
        return sum(map(len, self._waiters.values()))

    def announce(self, organisation: bytes, recipients: Set[bytes] | None) -> None:
        """Something arrived for these recipients; ``None`` is everybody (the control log)."""
        for waiter in self._waiters.get(organisation, ()):
            if recipients is None or not recipients.isdisjoint(waiter.names):
                waiter.woken.set()

    def announce_all(self) -> None:
        """After the line to the database was down: anything may have arrived."""
        for organisation in self._waiters:
            self.announce(organisation, None)

    def stop(self) -> None:
        """Every waiting poll is answered at once, and none waits any more."""
        self.stopping = True
        self.announce_all()
