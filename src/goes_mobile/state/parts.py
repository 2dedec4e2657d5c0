"""What a running program takes from the world; the composition root brings it, tests bring their own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from goes_mobile.store.identity import Clock
from goes_mobile.sync.remote import Remote
from goes_mobile.sync.round import Outside
from goes_mobile.vault.lock import LockCost


class Keystore(Protocol):
    """The platform's secure storage. Where there is none, a PIN is not offered: six digits alone are soon guessed."""

    async def secret(self, name: str, make: bool) -> bytes | None:
        """The 32 bytes kept under this name, made if there are none and ``make`` says so; ``None`` where nothing is
        kept, or the platform does not answer."""

    async def forget(self, name: str) -> None:
        """What was sealed with it cannot be opened any more, by nobody."""


class Connectivity(Protocol):
    """Tells when a network came back, so that synchronisation need not wait for its timer."""

    def window_opened(self) -> None:
        """The first chance to ask a platform that tells only windows."""

    def subscribe(self, came_back: Callable[[], None]) -> Callable[[], None]:
        """Returns how to stop it."""


@dataclass(frozen=True, slots=True)
class Picked:
    """A file that somebody chose."""

    name: str = field(repr=False)
    content: bytes = field(repr=False)


class Files(Protocol):
    """Files that leave the program or come in, by the person's own choice of place."""

    async def choose(self, most: int, endings: Sequence[str] = ()) -> Picked | None:
        """One file of these kinds (of any, if none is named); ``None`` if they thought better of it.
        :class:`InputRefused` (``file_too_large``) beyond so many bytes, without reading them."""

    async def save(self, name: str, content: bytes) -> str | None:
        """Where it went, as people know it; ``None`` if they thought better of it."""

    async def shares(self) -> bool:
        """Whether this device has a share sheet: near-by sharing, mail, another program."""

    async def share(self, name: str, content: bytes) -> bool:
        """Sealed content alone, for the platform lays it into a file of its own. ``False`` if they thought better of
        it."""


@dataclass(frozen=True)
class Parts:
    """``clock`` is the wall clock (ms, may be wrong), ``ticks`` one that nobody sets (ms), ``chance`` is in [0, 1)."""

    clock: Clock
    ticks: Callable[[], int]
    chance: Callable[[], float]
    random: Callable[[int], bytes]
    remote: Callable[[str], Remote]
    """A connection to the server at a URL."""
    keystore: Keystore
    connectivity: Connectivity
    platform: str = sys.platform
    """What this device is, as Python says it; only its first name is made of it."""
    lock_cost: LockCost = field(default_factory=LockCost)
    files: Files | None = None
    """``None`` for commands, which write where they are told to."""

    @property
    def outside(self) -> Outside:
        return Outside(self.clock, self.ticks, self.chance)
